"""Merged results: those of shards are the results of the whole run, and what does not belong together is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.errors import UsageError
from oauth_window_harness.results.merge import Run, check_alike, merge, plays_of
from oauth_window_harness.results.model import (
    BrowserResult,
    KnownFinding,
    Results,
    ScenarioResult,
    Tool,
    summarize,
)
from oauth_window_harness.results.run_error import ErrorResult
from oauth_window_harness.run.shard import split
from tests.reports.runs import AGAIN, ALL, BEGAN, BROKEN_PAGES, FIRST, play, plays_of_all, results_of, skipped


def shard(plays: Sequence[ScenarioResult], index: int, count: int, **changes: Any) -> Run:
    """Return the results of one shard of a run with these plays."""
    scenarios = [ALL[name] for name in dict.fromkeys(result.name for result in plays)]
    part = split(scenarios, index, count, durations={})
    names = {scenario.name for scenario in part.scenarios}
    results = results_of([result for result in plays if result.name in names])
    return Run(Path(f"shard-{index}/results.json"), results.model_copy(update={"shard": part.shard, **changes}))


def shards(plays: Sequence[ScenarioResult], count: int = 3) -> list[Run]:
    return [shard(plays, index, count) for index in range(1, count + 1)]


def whole(plays: Sequence[ScenarioResult], folder: str = "whole", **changes: Any) -> Run:
    return Run(Path(folder, "results.json"), results_of(plays).model_copy(update=changes))


def merged(runs: Sequence[Run]) -> Results:
    check_alike(runs, __version__)
    return merge(runs, [one.result for one in plays_of(runs)], AGAIN, "oauth-window report merge")


def facts(results: Results) -> dict[str, Any]:
    """Return what results say of the page: without when and how they came about."""
    return results.model_dump(exclude={"started_at", "duration_ms", "command", "merged", "shard"})


@pytest.mark.parametrize("page", BROKEN_PAGES)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_merged_shards_are_the_results_of_the_whole_run(page: Callable[[], list[ScenarioResult]], count: int) -> None:
    plays = page()
    assert facts(merged(shards(plays, count))) == facts(results_of(plays))


def test_shards_are_merged_in_whatever_order_they_are_named() -> None:
    plays = plays_of_all({})
    assert [one.name for one in merged(shards(plays)[::-1]).scenarios] == [one.name for one in plays]


def test_the_plain_flow_stands_once_as_the_worst_of_its_plays() -> None:
    """What one shard found is not taken back by another, for its own scenarios rest on that."""
    plays = plays_of_all({})
    runs = shards(plays)
    hurt = [play(FIRST, "silent-hang") if one.name == FIRST else one for one in runs[1].results.scenarios]
    runs[1] = Run(runs[1].file, runs[1].results.model_copy(update={"scenarios": tuple(hurt)}))
    results = merged(runs)
    assert [one.verdict for one in results.scenarios if one.name == FIRST] == ["failed"]
    assert results.summary == summarize(results.scenarios)
    assert [(cause.code, cause.scenarios) for cause in results.causes] == [("silent-hang", (FIRST,))]


def test_where_the_shard_with_the_plain_flow_is_missing_that_of_another_stands() -> None:
    results = merged(shards(plays_of_all({}))[1:])
    assert [one.name for one in results.scenarios].count(FIRST) == 1


@pytest.mark.parametrize("strict", [(), (0,), (0, 1, 2)])
def test_a_warning_fails_merged_results_where_it_fails_one_of_their_runs(strict: Sequence[int]) -> None:
    plays = [play(name) for name in (FIRST, "account-400", "account-401")]
    runs = [shard(plays, number + 1, 3, strict_warnings=number in strict) for number in range(3)]
    assert merged(runs).strict_warnings is bool(strict)


def test_a_missing_shard_is_named_and_the_results_are_not_whole() -> None:
    first, _, third = shards(plays_of_all({}))
    results = merged([first, third])
    assert results.error is not None
    assert results.error.what == "shards 1 and 3 of 3: shard 2 is missing"
    assert results.error.kind == "environment"
    assert results.interrupted
    assert results.merged is not None
    assert (results.merged.shards, results.merged.missing) == (3, (2,))


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ((2,), "shard 2 of 4: shards 1, 3 and 4 are missing"),
        ((1, 2, 4), "shards 1, 2 and 4 of 4: shard 3 is missing"),
    ],
)
def test_what_is_there_and_what_is_missing_is_said(there: Iterable[int], told: str) -> None:
    plays = plays_of_all({})
    error = merged([shard(plays, index, 4) for index in there]).error
    assert error is not None
    assert error.what == told


def test_a_shard_that_did_not_come_to_its_end_is_named() -> None:
    plays = plays_of_all({})
    gone = ErrorResult(kind="environment", what="the app does not answer", where="--app", seen="500", todo="start it")
    runs = [shard(plays, 1, 2, interrupted=True), shard(plays, 2, 2, error=gone, interrupted=True, browser=None)]
    error = merged(runs).error
    assert error is not None
    assert error.what == "shards 1 and 2 of 2: shard 1 was interrupted; shard 2: the app does not answer"


def test_wrong_use_of_all_shards_is_wrong_use() -> None:
    plays = plays_of_all({})
    wrong = ErrorResult(kind="usage", what="no control", where="--connect", seen="", todo="name it")
    error = merged([shard(plays, index, 2, error=wrong, interrupted=True) for index in (1, 2)]).error
    assert error is not None
    assert (error.kind, error.where, error.todo) == ("usage", "--connect", "name it")


def test_the_time_is_that_of_all_runs_and_they_began_with_the_first() -> None:
    plays = plays_of_all({})
    runs = [
        shard(plays, 1, 2, started_at=BEGAN + timedelta(minutes=1), duration_ms=3),
        shard(plays, 2, 2, duration_ms=4),
    ]
    results = merged(runs)
    assert (results.started_at, results.duration_ms) == (BEGAN, 7)
    assert results.merged is not None
    assert [(run.results, run.shard, run.duration_ms) for run in results.merged.runs] == [
        ("shard-1/results.json", 1, 3),
        ("shard-2/results.json", 2, 4),
    ]


def test_an_entry_of_the_baseline_is_stale_once_and_only_if_it_occurs_in_no_shard() -> None:
    first, other = (KnownFinding(scenario=name, code="silent-hang") for name in (FIRST, "account-401"))
    plays = plays_of_all({})
    assert merged([shard(plays, 1, 2, stale=(other, first)), shard(plays, 2, 2, stale=(first,))]).stale == (
        first,
        other,
    )
    shown = [play(FIRST, "silent-hang", known=["silent-hang"]) if one.name == FIRST else one for one in plays]
    assert merged([shard(shown, 1, 2, stale=(other,)), shard(plays, 2, 2, stale=(first,))]).stale == (other,)


def test_runs_of_different_scenarios_are_merged_one_after_another() -> None:
    results = merged([whole([play("account-401")], "a"), whole([play(FIRST), play("account-400")], "b")])
    assert [(one.name, one.repeat) for one in results.scenarios] == [
        ("account-401", None),
        (FIRST, None),
        ("account-400", None),
    ]
    assert results.merged is not None
    assert (results.merged.shards, results.merged.missing, results.error) == (None, (), None)


def test_a_scenario_of_several_runs_was_played_several_times() -> None:
    runs = [whole([play(FIRST), play("account-401")], "a"), whole([play(FIRST, repeat=1), play(FIRST, repeat=2)], "b")]
    assert [(one.name, one.repeat) for one in merged(runs).scenarios] == [
        (FIRST, 1),
        (FIRST, 2),
        (FIRST, 3),
        ("account-401", None),
    ]


def test_a_run_that_was_interrupted_is_named_by_its_file() -> None:
    runs = [whole([play(FIRST)], "a"), whole([play("account-401")], "b", interrupted=True)]
    error = merged(runs).error
    assert error is not None
    assert error.what == "2 runs: b/results.json was interrupted"


@pytest.mark.parametrize(
    ("changes", "what", "seen"),
    [
        ({"tool": Tool(version="9.9.9")}, "different versions", f"{__version__}, 9.9.9"),
        ({"app": "http://localhost:1/"}, "different apps", "http://localhost:3000/settings, http://localhost:1/"),
        ({"driver": "mock"}, "different drivers", "playwright, mock"),
        ({"browser": BrowserResult(name="firefox", version="1")}, "different browsers", "chromium 1, firefox 1"),
    ],
)
def test_results_of_different_versions_apps_drivers_or_browsers_are_refused(
    changes: dict[str, Any], what: str, seen: str
) -> None:
    chromium = BrowserResult(name="chromium", version="1")
    runs = [whole([play(FIRST)], "a", browser=chromium), whole([play(FIRST)], "b", **{"browser": chromium, **changes})]
    with pytest.raises(UsageError, match=what) as raised:
        merged(runs)
    assert raised.value.seen == seen
    assert "a/results.json" in raised.value.where
    assert "--mixed" in raised.value.todo


def test_results_of_another_version_than_this_are_refused_too() -> None:
    with pytest.raises(UsageError, match="different versions"):
        merged([whole([play(FIRST)], tool=Tool(version="9.9.9"))])


def test_mixed_results_name_all_that_they_are_of() -> None:
    runs = [whole([play(FIRST)], "a", app="one"), whole([play(FIRST)], "b", app="two", driver="mock")]
    results = merge(runs, [one.result for one in plays_of(runs)], AGAIN, "")
    assert (results.app, results.driver) == ("one, two", "playwright, mock")


PLAYS = plays_of_all({})
OTHERS = [skipped(one.name, "not here") for one in PLAYS[:-1]]


@pytest.mark.parametrize(
    ("runs", "what", "said"),
    [
        ([shard(PLAYS, 1, 2), shard(PLAYS, 1, 2)], "shard 1 of 2 is there 2 times", ""),
        ([shard(PLAYS, 1, 2), shard(PLAYS, 2, 3)], "not the shards of one run", "shard 1 of 2, shard 2 of 3"),
        ([shard(PLAYS, 1, 2), whole(PLAYS)], "not the shards of one run", "shard 1 of 2, a whole run"),
        ([shard(PLAYS, 1, 2), shard(OTHERS, 2, 2)], "not the shards of one run", "in the other"),
    ],
    ids=["twice", "other-count", "whole", "other-scenarios"],
)
def test_what_are_not_the_shards_of_one_run_is_refused(runs: list[Run], what: str, said: str) -> None:
    with pytest.raises(UsageError, match=what) as raised:
        plays_of(runs)
    assert said in raised.value.seen
    assert str(runs[0].file) in raised.value.where


def test_shards_that_were_repeated_differently_are_refused() -> None:
    first, second = shards(PLAYS, 2)
    assert second.results.shard is not None
    other = second.results.shard.model_copy(update={"repeat": 3})
    with pytest.raises(UsageError, match="not the shards of one run") as raised:
        plays_of([first, Run(second.file, second.results.model_copy(update={"shard": other}))])
    assert raised.value.seen == "--repeat 1, --repeat 3"
