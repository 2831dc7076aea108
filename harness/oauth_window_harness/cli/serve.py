"""``oauth-window serve``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from oauth_window_harness.cli.console import console
from oauth_window_harness.errors import ExitCode, UsageError
from oauth_window_harness.serve.options import ServeOptions

if TYPE_CHECKING:
    from oauth_window_harness.serve.server import ServerInfo

#: What shells add to the number of the signal that has ended a program.
_BY_SIGNAL = 128

Port = Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="The stub's port; 0 takes any free one.")]
GatewayPort = Annotated[
    int, typer.Option(metavar="PORT", min=0, max=65535, help="The gateway's port; 0 takes any free one.")
]
Chosen = Annotated[
    str, typer.Option(metavar="NAME|FILE", help="How the service behaves where a request does not choose itself.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Demand start's documented headers.")]
Allow = Annotated[
    list[str] | None, typer.Option(metavar="HOST[:PORT]", help="A further host that the gateway lets through.")
]
Fixtures = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Recorded fixtures, replayed before the bundled ones.")
]
ReadyFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Written once both listen: {stub, gateway, ca, pid} as JSON.")
]
EnvFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Written once both listen: the environment of an app elsewhere.")
]
Ca = Annotated[Path | None, typer.Option(metavar="FILE", help="Where the authority's certificate is written.")]
AppCommand = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[-- COMMAND...]", help="Starts the app so that it reaches the stub; the server ends with it."
    ),
]


class ServeCommand(TyperCommand):
    """The command; it knows `--` without a command from no `--` at all, which its parsed arguments do not show."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises:
            UsageError: nothing stands after `--`, as where a script's variable with the command is empty.
        """
        ends_at_separator = args[-1:] == ["--"]  # parsing takes the words out of the list
        left = super().parse_args(ctx, args)
        if ends_at_separator and not ctx.params["command"] and not ctx.resilient_parsing:
            raise UsageError(
                "there is no command to start the app with",
                where="serve --",
                seen="nothing after --",
                todo="name the command after it, such as `-- npm start`, or leave -- out to start no app",
            )
        return left


def serve(
    port: Port = ServeOptions.port,
    gateway_port: GatewayPort = ServeOptions.gateway_port,
    scenario: Chosen = "account-200",
    strict: Strict = False,
    allow: Allow = None,
    fixtures: Fixtures = None,
    ready_file: ReadyFile = None,
    env_file: EnvFile = None,
    ca: Ca = None,
    command: AppCommand = None,
) -> None:
    """Serve the stub and the gateway on fixed ports; a request chooses its answer with `Prefer: code=422`."""
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.network.hosts import allowed_hosts  # noqa: PLC0415
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.serve import server  # noqa: PLC0415 - `--help` waits for none of this

    hosts = allowed_hosts(allow or ())
    chosen = catalog.single(scenario, f"--scenario {scenario}")
    catalog.check_fixtures([chosen], contracts(fixtures))
    stopped = threading.Event()
    interrupted = False

    def stop(number: int, _frame: object) -> None:
        nonlocal interrupted
        interrupted = number == signal.SIGINT
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    words = tuple(command or ())
    options = ServeOptions(port, gateway_port, strict, hosts, fixtures, ready_file, env_file, ca, words)
    code = server.serve(chosen, stopped, options, _print_addresses)
    if interrupted:
        raise typer.Exit(ExitCode.INTERRUPTED)
    if code is not None:
        raise typer.Exit(code if code >= 0 else _BY_SIGNAL - code)


def _print_addresses(ready: ServerInfo) -> None:
    out = console()
    for name, text in (("stub", ready.stub), ("gateway", ready.gateway), ("ca", ready.ca)):
        out.print(f"{name + ':':<9}{text}", markup=False, soft_wrap=True)
    out.print(f"control: {ready.stub}/__harness/openapi.json", markup=False, soft_wrap=True)
    example = f"{ready.stub}/social-media-posting/oauth/facebook/accounts/658a9b6833b91e0ecb8f3958"
    out.print(f"try:     curl -H 'Prefer: code=422' {example}", markup=False, soft_wrap=True)
    out.print("Ctrl-C ends it.")
