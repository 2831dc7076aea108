"""``oauth-window run`` and ``oauth-window doctor``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from oauth_window_harness.cli import options as option
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.cli.telling import console
from oauth_window_harness.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from oauth_window_harness.run.session import RunOptions


def run(
    names: option.Names = None,
    app: option.App = None,
    app_command: option.AppCommand = None,
    connect: option.Connect = None,
    connected: option.Connected = None,
    failed: option.Failed = None,
    token: option.Token = None,
    token_env: option.TokenEnv = None,
    location: option.Location = None,
    user: option.User = None,
    allow: option.Allow = None,
    driver: option.Driver = "playwright",
    deliver: option.Deliver = None,
    executable: option.Executable = None,
    headed: option.Headed = False,
    patience: option.Patience = 5.0,
    repeat: option.Repeat = 1,
    baseline: option.KnownFindings = None,
    write_baseline: option.WriteBaseline = False,
    fixtures: option.Fixtures = None,
    output: option.Output = Path("oauth-window-report"),
    list_only: option.List = False,
) -> None:
    """Play scenarios, in a real browser unless told otherwise, and tell which link of the integration breaks first."""
    from oauth_window_harness.network.hosts import allowed_hosts  # noqa: PLC0415
    from oauth_window_harness.run.session import RunOptions  # noqa: PLC0415 - `--help` waits for none of this

    options = RunOptions(
        app=app,
        app_command=app_command,
        connect=connect,
        connected=connected,
        failed=failed,
        token=_token(token, token_env),
        token_env=token_env,
        location=location,
        user=user,
        allow=allowed_hosts(allow or ()),
        driver=driver,
        deliver=deliver,
        executable=executable,
        headed=headed,
        patience=patience,
        repeat=repeat,
        fixtures=fixtures,
        output=output,
        baseline=baseline,
        write_baseline=write_baseline,
    )
    _play(names or [], options, list_only=list_only)


def _play(names: list[str], options: RunOptions, *, list_only: bool) -> None:
    from oauth_window_harness.cli.again import again  # noqa: PLC0415
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.reports import all_reports  # noqa: PLC0415
    from oauth_window_harness.results.folder import ArtifactFolder  # noqa: PLC0415
    from oauth_window_harness.run import session  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this

    chosen = catalog.select(names)
    session.check_fixtures(chosen, contracts(options.fixtures))
    out = console()
    if list_only:
        for scenario in chosen:
            out.print(scenario.name)
        return
    folder = ArtifactFolder(options.output)
    results = interruptible(session.run(chosen, options, folder, all_reports(out, folder), again(options)))
    raise typer.Exit(session.exit_code(results, written=options.write_baseline))


def doctor() -> None:
    """Tell what is installed, what is missing, and what to do."""
    from oauth_window_harness.cli.examination import examine  # noqa: PLC0415 - `--help` waits for none of this

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

    if not interruptible(tell()):
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
