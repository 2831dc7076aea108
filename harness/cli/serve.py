"""``oauth-window serve``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.telling import console
from harness.errors import ExitCode, UsageError


def serve(
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Of the stub; 0 takes any that is free.")
    ] = 8722,
    gateway_port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Of the gateway; 0 takes any that is free.")
    ] = 8723,
    scenario: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="How the service behaves where a request does not choose itself.")
    ] = "account-200",
    strict: Annotated[
        bool, typer.Option("--strict", help="Demand start's documented headers of browsers too.")
    ] = False,
    allow: Annotated[
        list[str] | None, typer.Option(metavar="HOST[:PORT]", help="A further host that the gateway lets through.")
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Appears when all listens: {stub, gateway, ca, pid} as JSON.")
    ] = None,
) -> None:
    """Serve the stub and the gateway on fixed ports; a request chooses its answer with `Prefer: code=422`."""
    from harness import catalog, serving  # noqa: PLC0415 - `--help` waits for none of this

    chosen = catalog.select([scenario])
    if len(chosen) != 1:
        raise UsageError(
            "one scenario can be served at a time", where=f"--scenario {scenario}", seen=f"{len(chosen)} scenarios"
        )
    stopped = threading.Event()
    interrupted = False

    def stop(number: int, _frame: object) -> None:
        nonlocal interrupted
        interrupted = number == signal.SIGINT
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    out = console()

    def tell(ready: serving.Ready) -> None:
        out.print(f"stub:    {ready.stub}", markup=False)
        out.print(f"gateway: {ready.gateway}", markup=False)
        out.print(f"ca:      {ready.ca}", markup=False)
        out.print(
            f"try:     curl -H 'Prefer: code=422' {ready.stub}/social-media-posting/oauth/facebook/accounts/1",
            markup=False,
            soft_wrap=True,
        )
        out.print("Ctrl-C ends it.")

    serving.serve(
        chosen[0],
        stopped,
        port=port,
        gateway_port=gateway_port,
        strict=strict,
        allow=tuple(allow or ()),
        ready_file=ready_file,
        tell=tell,
    )
    if interrupted:
        raise typer.Exit(ExitCode.INTERRUPTED)
