"""Merges the results of several runs: the shards of one run, or runs of different scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oauth_window_harness.errors import UsageError
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.merged_engines import browser_names, browsers_of, engine_names, engines_of, joined
from oauth_window_harness.results.model import KnownFinding, PlayKey, Results, ScenarioResult
from oauth_window_harness.results.model import summarize as summary_of
from oauth_window_harness.results.parts import absences, check_shards, missing_shards, standing
from oauth_window_harness.results.run_error import ErrorResult
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
        # One that was cut short may not have come to all of its engines.
        "browsers": [
            (browser_names(browsers), str(run.file))
            for run in runs
            if (browsers := browsers_of(run.results)) and not (run.results.browsers and run.results.interrupted)
        ],
        "numbers of browsers": [
            ("several" if run.results.browsers else "one", str(run.file)) for run in runs if browsers_of(run.results)
        ],
    }
    for what, values in facts.items():
        places = dict(reversed(values))
        if len(places) > 1:
            raise UsageError(
                f"the results are those of different {what}",
                where=joined(places[value] for value, _ in values),
                seen=joined(value for value, _ in values),
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
        return _plays_of_shards(plays, engine_names([run.results for run in runs]))
    files = Counter(name for run in runs for name in {result.name for result in run.results.scenarios})
    order = list(dict.fromkeys(play.result.name for play in plays))
    engines = engine_names([run.results for run in runs])
    numbers: Counter[tuple[str, str | None]] = Counter()
    numbered = []
    for play in sorted(plays, key=lambda play: (_place(play.result.browser, engines), order.index(play.result.name))):
        name, engine = play.result.name, play.result.browser
        numbers[name, engine] += 1
        result = play.result.model_copy(update={"repeat": numbers[name, engine]}) if files[name] > 1 else play.result
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
        app=joined(results.app for results in all_results),
        driver=joined(results.driver for results in all_results),
        **engines_of(all_results, scenarios),
        endpoints=tuple(endpoint for results in all_results for endpoint in results.endpoints),
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
        strict_warnings=any(results.strict_warnings for results in all_results),
        summary=summary_of(tuple(scenarios)),
        causes=causes_of(scenarios, again),
        stale=_stale(all_results, scenarios),
        scenarios=tuple(scenarios),
    )


def _plays_of_shards(plays: Iterable[MergedPlay], engines: Sequence[str]) -> list[MergedPlay]:
    """Return each play once, in the order of the plan: of the plain flow, which every shard plays, the worst."""
    chosen: dict[PlayKey, MergedPlay] = {}
    for play in sorted(plays, key=_rank):
        chosen.setdefault(play.result.key, play)
    plan = next((play.run.results.shard.plan for play in chosen.values() if play.run.results.shard), {})
    order = list(plan)

    def place(play: MergedPlay) -> tuple[int, int, int]:
        name, repeat, engine = play.result.key
        return _place(engine, engines), _place(name, order), repeat or 0

    return sorted(chosen.values(), key=place)


def _place(name: str | None, order: Sequence[str]) -> int:
    """Return the place of a name in an order; after all others, where it has none."""
    return order.index(name) if name in order else len(order)


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
        what=joined([f"{standing([results for _, results in named])}: {'; '.join(absent)}"]),
        where=joined([error.where for error in errors if error.where] if all_told else [name for name, _ in named]),
        seen=joined(error.seen for error in errors if error.seen),
        todo=joined(error.todo for error in errors if error.todo)
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
