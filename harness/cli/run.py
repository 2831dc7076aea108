"""``oauth-window run`` and ``oauth-window doctor``."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from harness.cli.telling import console
from harness.errors import ExitCode, UsageError

T = TypeVar("T")

_REACH = "The app under test"
_DRIVE = "The browser"

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME|TAG|FILE]...", help="What is played; all, if none is named.")
]
App = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="The page under test; default: the bundled reference app.", rich_help_panel=_REACH
    ),
]
Connect = Annotated[
    str | None,
    typer.Option(
        metavar="SELECTOR",
        help="The control that opens the window; default: the one that names Facebook.",
        rich_help_panel=_REACH,
    ),
]
Connected = Annotated[
    str | None,
    typer.Option(metavar="SELECTOR", help="What is visible when the page says connected.", rich_help_panel=_REACH),
]
Failed = Annotated[
    str | None,
    typer.Option(
        metavar="SELECTOR", help="What is visible when the page says failed or cancelled.", rich_help_panel=_REACH
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help="The only bearer token that the stub accepts; default: any well-formed one.",
        rich_help_panel=_REACH,
    ),
]
TokenEnv = Annotated[
    str | None, typer.Option(metavar="NAME", help="The same, from this environment variable.", rich_help_panel=_REACH)
]
Location = Annotated[
    str | None, typer.Option(metavar="ID", help="The only locationId that the stub accepts.", rich_help_panel=_REACH)
]
User = Annotated[
    str | None, typer.Option(metavar="ID", help="The only userId that the stub accepts.", rich_help_panel=_REACH)
]
Allow = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]", help="A further host that the gateway lets through.", rich_help_panel=_REACH),
]
Executable = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        help="The browser to launch; default: Playwright's own build, else one from PATH.",
        rich_help_panel=_DRIVE,
    ),
]
Headed = Annotated[bool, typer.Option("--headed", help="Show the browser.", rich_help_panel=_DRIVE)]
Patience = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.1, max=600, help="How long the page may take to react.")
]
Repeat = Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="Play each scenario N times.")]
Output = Annotated[Path, typer.Option(metavar="DIR", help="The report folder.")]
List = Annotated[bool, typer.Option("--list", help="Name what would be played, and play nothing.")]


def run(
    names: Names = None,
    app: App = None,
    connect: Connect = None,
    connected: Connected = None,
    failed: Failed = None,
    token: Token = None,
    token_env: TokenEnv = None,
    location: Location = None,
    user: User = None,
    allow: Allow = None,
    executable: Executable = None,
    headed: Headed = False,
    patience: Patience = 5.0,
    repeat: Repeat = 1,
    output: Output = Path("oauth-window-report"),
    list_only: List = False,
) -> None:
    """Play scenarios in a real browser, and tell which link of the integration breaks first."""
    from harness import catalog, resources, session  # noqa: PLC0415 - `--help` waits for none of this
    from harness.artifacts import ArtifactFolder  # noqa: PLC0415
    from harness.cli.again import again  # noqa: PLC0415
    from harness.fixture import FixtureSet  # noqa: PLC0415
    from harness.reports import all_reports  # noqa: PLC0415

    chosen = catalog.select(names or [])
    session.check_fixtures(chosen, FixtureSet(resources.bundled("contracts") / "facebook"))
    out = console()
    if list_only:
        for scenario in chosen:
            out.print(scenario.name)
        return
    options = session.RunOptions(
        app=app,
        connect=connect,
        connected=connected,
        failed=failed,
        token=_token(token, token_env),
        location=location,
        user=user,
        allow=tuple(allow or ()),
        executable=executable,
        headed=headed,
        patience=patience,
        repeat=repeat,
        output=output,
    )
    folder = ArtifactFolder(output)
    results = _interruptible(session.run(chosen, options, folder, all_reports(out, folder), again(options)))
    raise typer.Exit(session.exit_code(results))


def doctor() -> None:
    """Tell what is installed, what is missing, and what to do."""
    from harness.examination import examine  # noqa: PLC0415 - `--help` waits for none of this

    out = console()

    async def tell() -> bool:
        well = True
        async for seen in examine():
            mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "·"}[seen.good]
            out.print(f"{mark} [bold]{seen.what}[/]: ", end="")
            out.print(seen.seen, markup=False, soft_wrap=True)
            if seen.todo:
                out.print(f"    to do: {seen.todo}", markup=False, soft_wrap=True)
            well = well and seen.good is not False
        return well

    if not _interruptible(tell()):
        raise typer.Exit(ExitCode.ENVIRONMENT)


def _token(token: str | None, variable: str | None) -> str | None:
    if variable is None:
        return token
    if token is not None:
        raise UsageError("the token is given twice", where="--token and --token-env", todo="leave one of them out")
    found = os.environ.get(variable)
    if not found:
        raise UsageError(
            "the variable that should hold the token is empty",
            where=f"--token-env {variable}",
            todo=f"export {variable}=…",
        )
    return found


def _interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; Ctrl-C and SIGTERM both cancel in order, so that all that was started is ended."""

    async def guarded() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
