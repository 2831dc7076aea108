"""``oauth-window run``."""

from __future__ import annotations

import os
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
    from collections.abc import Mapping

    from oauth_window_harness.run.options import RunOptions
    from oauth_window_harness.scenario.model import Scenario


@option.takes_run_options
def run(
    context: typer.Context,
    names: option.Names = None,
    list_only: option.List = False,
    as_json: option.Json = False,
    **values: Any,
) -> None:
    """Play scenarios, by default in a real browser, and report which link of the integration breaks first."""
    from oauth_window_harness.network.hosts import allowed_hosts  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.run.configuration import read_configuration  # noqa: PLC0415

    if list_only and as_json:
        raise UsageError("a list has no results", where="--list, --json", todo="leave one of them out")
    configuration = read_configuration(Path())
    typed = option.typed(context)
    values["allow"] = allowed_hosts(values["allow"] or ())
    values = configuration.beside(values, typed)
    with configuration.blamed(typed):
        values["token"] = _token(values["token"], values["token_env"])
        if not (names or values["last_failed"]):
            names = list(configuration.scenarios)
        _play(names or [], option.run_options(values), configuration.defaults, list_only=list_only, as_json=as_json)


def _play(names: list[str], options: RunOptions, defaults: RunOptions, *, list_only: bool, as_json: bool) -> None:
    from oauth_window_harness.cli.next_command import replay_command, typed_command  # noqa: PLC0415
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.reports import all_reports  # noqa: PLC0415
    from oauth_window_harness.reports.json import json_output  # noqa: PLC0415
    from oauth_window_harness.results.earlier import earlier_results  # noqa: PLC0415
    from oauth_window_harness.results.folder import ArtifactFolder  # noqa: PLC0415
    from oauth_window_harness.run import session  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.run.drivers import ignored_variable, unjudged  # noqa: PLC0415
    from oauth_window_harness.run.shard import check_shard, part_of  # noqa: PLC0415
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this

    out = console(stderr=as_json)
    check_shard(options)
    session.check_jobs(options)
    chosen = _to_repeat(names, options.output) if options.last_failed else catalog.selection(names)
    if not chosen:
        out.print(_nothing_to_repeat(options.output), soft_wrap=True, markup=False)
        if as_json:
            _print_nothing_played(options.output)
        return
    scenarios = list(chosen.values())
    catalog.check_fixtures(scenarios, contracts(options.fixtures))
    part = part_of(scenarios, options)
    scenarios = list(part.scenarios) if part is not None else scenarios
    if list_only:
        for scenario in scenarios:
            out.print(scenario.name)
        return
    earlier = earlier_results(options.output)
    folder = ArtifactFolder(options.output, waits=True)  # an option that cannot be used clears no earlier report
    again, command = replay_command(options, defaults), typed_command(sys.argv[1:], options.token)
    files = {scenario.name: word for word, scenario in chosen.items() if word != scenario.name}
    if part is not None:
        out.print(str(part), soft_wrap=True, markup=False)
    if (variable := ignored_variable(options)) is not None:
        out.print(f"{variable} has no effect: the browser is the one at --endpoint", soft_wrap=True, markup=False)
    listeners = [*all_reports(out, folder, os.environ, earlier), *([json_output(sys.stdout)] if as_json else [])]
    results = interruptible(session.run(scenarios, options, folder, listeners, again, command, files=files, part=part))
    if (what := unjudged(options)) is not None:
        out.print(what, soft_wrap=True, markup=False)
    code = session.exit_code(results, written=options.write_baseline, strict=options.strict_warnings)
    raise typer.Exit(code)


def _to_repeat(names: list[str], folder: Path) -> Mapping[str, Scenario]:
    """Return what failed in the earlier run: of what is named, or of all that it played."""
    from oauth_window_harness.results.earlier import words_to_repeat  # noqa: PLC0415
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415

    words = words_to_repeat(folder)
    named = catalog.selection(names or list(words.values())) if words else {}
    return {word: scenario for word, scenario in named.items() if scenario.name in words}


def _nothing_to_repeat(folder: Path) -> str:
    """Return why nothing is played again: nothing failed in the earlier run, or none of what is named."""
    from oauth_window_harness.results.earlier import words_to_repeat  # noqa: PLC0415

    failed = ", ".join(words_to_repeat(folder))
    if not failed:
        return f"nothing failed in the earlier run in {folder}"
    return f"nothing of what is named failed in the earlier run in {folder}; to be played again are: {failed}"


def _print_nothing_played(folder: Path) -> None:
    """Print results without scenarios, for the program that reads them."""
    from oauth_window_harness.reports.json import json_output  # noqa: PLC0415
    from oauth_window_harness.results.events import RunEnded  # noqa: PLC0415
    from oauth_window_harness.results.model import Results, Summary  # noqa: PLC0415
    from oauth_window_harness.results.results_file import read_results  # noqa: PLC0415

    earlier = read_results(folder, "")
    nothing = Results(app=earlier.app, driver=earlier.driver, browser=None, summary=Summary(), scenarios=())
    json_output(sys.stdout)(RunEnded(nothing, ()))


def _token(token: str | None, variable: str | None) -> str | None:
    if variable is None:
        return token
    if token is not None:
        raise UsageError("the token is given twice", where="--token and --token-env", todo="leave one of them out")
    return token_of(variable)
