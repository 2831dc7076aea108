"""Merges the results of several runs: the shards of one run, or runs of different scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oauth_window_harness.errors import UsageError
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.model import BrowserResult, ErrorResult, KnownFinding, Results, ScenarioResult
from oauth_window_harness.results.model import summarize as summary_of
from oauth_window_harness.results.parts import absences, check_shards, missing_shards, standing
from oauth_window_harness.results.shards import Merged, MergedRun

#: Which of two plays of the plain flow stands in the merged results: what one shard found, no other takes back.
_WORST = ("failed", "broken", "warned", "passed", "skipped")


@dataclass(frozen=True)
class Run:
    """The results of one run, and the results.json that holds them."""

    file: Path
    results: Results


@dataclass(frozen=True)
class MergedPlay:
    """A play of the merged results.

    Attributes:
        run: the run that it comes from.
        result: its result, with the number that it has among the plays of its scenario; its files are still the run's.
    """

    run: Run
    result: ScenarioResult


def check_alike(runs: Sequence[Run], version: str) -> None:
    """Check that the runs were played by one version of this program, in one browser, on one app.

    Args:
        runs: the runs to be merged.
        version: the version of this program, which knows the shape of its own results alone.

    Raises:
        UsageError: they were not.
    """
    facts = {
        "versions": [(run.results.tool.version, str(run.file)) for run in runs] + [(version, "this oauth-window")],
        "apps": [(run.results.app, str(run.file)) for run in runs],
        "drivers": [(run.results.driver, str(run.file)) for run in runs],
        "browsers": [(_browser(run.results.browser), str(run.file)) for run in runs if run.results.browser],
    }
    for what, values in facts.items():
        places = dict(reversed(values))
        if len(places) > 1:
            raise UsageError(
                f"the results are those of different {what}",
                where=_joined(places[value] for value, _ in values),
                seen=_joined(value for value, _ in values),
                todo="leave out what does not belong to this run, or merge them all the same with --mixed",
            )


def plays_of(runs: Sequence[Run]) -> list[MergedPlay]:
    """Return the plays of the merged results: those of shards in the order of the whole run, each once.

    A scenario that several whole runs played was played several times: its plays are numbered.

    Raises:
        UsageError: the results are not the parts of one run.
    """
    plays = [MergedPlay(run, result) for run in runs for result in run.results.scenarios]
    if check_shards([(run.file, run.results) for run in runs]):
        return _plays_of_shards(plays)
    files = Counter(name for run in runs for name in {result.name for result in run.results.scenarios})
    order = list(dict.fromkeys(play.result.name for play in plays))
    numbers: Counter[str] = Counter()
    numbered = []
    for play in sorted(plays, key=lambda play: order.index(play.result.name)):
        name = play.result.name
        numbers[name] += 1
        result = play.result.model_copy(update={"repeat": numbers[name]}) if files[name] > 1 else play.result
        numbered.append(MergedPlay(play.run, result))
    return numbered


def merge(runs: Sequence[Run], scenarios: Sequence[ScenarioResult], again: Sequence[str], command: str) -> Results:
    """Return the merged results of runs.

    Args:
        runs: the runs, those of shards in their order.
        scenarios: the plays, as `plays_of` returns them.
        again: the words of the command that plays a scenario again, without the scenario's name.
        command: the command line that merges them.
    """
    all_results = [run.results for run in runs]
    missing = missing_shards(all_results)
    error = _error(runs)
    return Results(
        app=_joined(results.app for results in all_results),
        driver=_joined(results.driver for results in all_results),
        browser=_browser_of(all_results),
        started_at=min(results.started_at for results in all_results),
        duration_ms=sum(results.duration_ms for results in all_results),
        command=command,
        merged=Merged(
            runs=tuple(_merged_run(run) for run in runs),
            shards=all_results[0].shard.count if all_results[0].shard else None,
            missing=missing,
        ),
        error=error,
        interrupted=error is not None,
        summary=summary_of(tuple(scenarios)),
        causes=causes_of(scenarios, again),
        stale=_stale(all_results, scenarios),
        scenarios=tuple(scenarios),
    )


def _plays_of_shards(plays: Iterable[MergedPlay]) -> list[MergedPlay]:
    """Return each play once, in the order of the plan: of the plain flow, which every shard plays, the worst."""
    chosen: dict[tuple[str, int | None], MergedPlay] = {}
    for play in sorted(plays, key=_rank):
        chosen.setdefault((play.result.name, play.result.repeat), play)
    plan = next((play.run.results.shard.plan for play in chosen.values() if play.run.results.shard), {})
    places = {name: place for place, name in enumerate(plan)}
    return sorted(
        chosen.values(), key=lambda play: (places.get(play.result.name, len(places)), play.result.repeat or 0)
    )


def _rank(play: MergedPlay) -> tuple[int, bool, int]:
    shard, result = play.run.results.shard, play.result
    assert shard is not None
    return _WORST.index(result.verdict), not shard.owns(result.name), shard.index


def _stale(all_results: Sequence[Results], scenarios: Sequence[ScenarioResult]) -> tuple[KnownFinding, ...]:
    """Return the entries of the baseline that occur nowhere; that of the plain flow may occur in one shard alone."""
    occurring = {(result.name, found.code) for result in scenarios for found in result.findings}
    entries = {(entry.scenario, entry.code) for results in all_results for entry in results.stale}
    return tuple(KnownFinding(scenario=name, code=code) for name, code in sorted(entries - occurring))


def _error(runs: Sequence[Run]) -> ErrorResult | None:
    """Return what keeps the merged results from being whole; None where nothing does."""
    named = [(str(run.file), run.results) for run in runs]
    absent = absences(named)
    if not absent:
        return None
    errors = [results.error for _, results in named if results.error is not None]
    all_told = len(errors) == len(absent)
    return ErrorResult(
        kind="usage" if all_told and all(error.kind == "usage" for error in errors) else "environment",
        what=_joined([f"{standing([results for _, results in named])}: {'; '.join(absent)}"]),
        where=_joined([error.where for error in errors if error.where] if all_told else [name for name, _ in named]),
        seen=_joined(error.seen for error in errors if error.seen),
        todo=_joined(error.todo for error in errors if error.todo)
        if all_told
        else "play what is missing, and merge again",
    )


def _merged_run(run: Run) -> MergedRun:
    results = run.results
    return MergedRun(
        results=str(run.file),
        shard=results.shard.index if results.shard else None,
        app=results.app,
        version=results.tool.version,
        started_at=results.started_at,
        duration_ms=results.duration_ms,
        command=results.command,
    )


def _browser_of(all_results: Sequence[Results]) -> BrowserResult | None:
    browsers = [results.browser for results in all_results if results.browser is not None]
    if not browsers:
        return None
    return BrowserResult(name=_joined(one.name for one in browsers), version=_joined(one.version for one in browsers))


def _browser(browser: BrowserResult | None) -> str:
    return f"{browser.name} {browser.version}" if browser is not None else ""


def _joined(values: Iterable[str]) -> str:
    """Return different texts in a row, without what a terminal would obey: they come from files."""
    text = ", ".join(dict.fromkeys(values))
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
