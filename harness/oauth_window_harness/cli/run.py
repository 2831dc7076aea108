"""``oauth-window run``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from oauth_window_harness.cli import options as option
from oauth_window_harness.cli.console import console
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.errors import UsageError
from oauth_window_harness.service.token import token_of

if TYPE_CHECKING:
    from oauth_window_harness.run.options import RunOptions


@option.takes_run_options
def run(context: typer.Context, names: option.Names = None, list_only: option.List = False, **values: Any) -> None:
    """Play scenarios, by default in a real browser, and report which link of the integration breaks first."""
    from oauth_window_harness.network.hosts import allowed_hosts  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.run.configuration import read_configuration  # noqa: PLC0415

    configuration = read_configuration(Path())
    typed = option.typed(context)
    values["allow"] = allowed_hosts(values["allow"] or ())
    values = configuration.beside(values, typed)
    with configuration.blamed(typed):
        values["token"] = _token(values["token"], values["token_env"])
        names = names or list(configuration.scenarios)
        _play(names, option.run_options(values), configuration.defaults, list_only=list_only)


def _play(names: list[str], options: RunOptions, defaults: RunOptions, *, list_only: bool) -> None:
    from oauth_window_harness.cli.next_command import replay_command, typed_command  # noqa: PLC0415
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.drivers.engines import check_name  # noqa: PLC0415
    from oauth_window_harness.reports import all_reports  # noqa: PLC0415
    from oauth_window_harness.results.earlier import names_to_repeat  # noqa: PLC0415
    from oauth_window_harness.results.folder import ArtifactFolder  # noqa: PLC0415
    from oauth_window_harness.run import session  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this

    chosen = catalog.select(names)
    catalog.check_fixtures(chosen, contracts(options.fixtures))
    out = console()
    if options.last_failed:
        wanted = names_to_repeat(options.output)
        chosen = [scenario for scenario in chosen if scenario.name in wanted]
        if not chosen:
            out.print(f"nothing failed in the earlier run in {options.output}", soft_wrap=True, markup=False)
            return
    if list_only:
        for scenario in chosen:
            out.print(scenario.name)
        return
    check_name(options.browser)
    session.plays_at_once(options, len(chosen))  # what cannot be used is told before an earlier report is cleared
    folder = ArtifactFolder(options.output)
    again, command = replay_command(options, defaults), typed_command(sys.argv[1:], options.token)
    results = interruptible(session.run(chosen, options, folder, all_reports(out, folder), again, command))
    raise typer.Exit(session.exit_code(results, written=options.write_baseline))


def _token(token: str | None, variable: str | None) -> str | None:
    if variable is None:
        return token
    if token is not None:
        raise UsageError("the token is given twice", where="--token and --token-env", todo="leave one of them out")
    return token_of(variable)
