"""What has changed from an earlier run to a later one."""

from __future__ import annotations

import pytest

from oauth_window_harness.results.changes import Changes, changes_between
from oauth_window_harness.results.model import ScenarioResult
from tests.reports.runs import FIRST, play, resting, results_of


def changes(before: list[ScenarioResult], after: list[ScenarioResult]) -> Changes:
    return changes_between(results_of(before), results_of(after))


def taking(result: ScenarioResult, milliseconds: int) -> ScenarioResult:
    return result.model_copy(update={"duration_ms": milliseconds})


def test_two_runs_alike_have_no_changes() -> None:
    plays = [play(FIRST, "silent-hang"), play("event-noise")]
    assert changes(plays, plays).is_nothing


@pytest.mark.parametrize("older", ["before", "after", "both"])
def test_results_without_causes_are_compared_by_the_findings_of_their_scenarios(older: str) -> None:
    results = results_of([play(FIRST, "silent-hang"), play("event-noise", "origin-unchecked")])
    old = results.model_copy(update={"causes": ()})
    before, after = (old if older in (side, "both") else results for side in ("before", "after"))
    assert changes_between(before, after).is_nothing
    mended = results_of([play(FIRST), play("event-noise", "origin-unchecked")])
    assert [cause.code for cause in changes_between(mended, old).new] == ["silent-hang"]


def test_a_cause_that_only_the_later_run_shows_is_new_with_its_scenarios() -> None:
    told = changes([play(FIRST), play("event-noise")], [play(FIRST, "silent-hang"), play("event-noise")])
    assert [(cause.code, cause.scenarios) for cause in told.new] == [("silent-hang", (FIRST,))]
    assert [(one.scenario, one.before, one.after) for one in told.changed] == [(FIRST, "passed", "failed")]
    assert told.is_worse


def test_a_cause_of_scenarios_that_the_earlier_run_did_not_judge_is_not_called_new() -> None:
    told = changes([play(FIRST)], [play(FIRST), play("account-401", "silent-hang")])
    assert (told.new, [cause.code for cause in told.unplayed]) == ((), ["silent-hang"])
    assert not told.is_worse


def test_a_cause_is_mended_where_a_scenario_that_showed_it_was_judged_without_it() -> None:
    told = changes([play(FIRST, "silent-hang")], [play(FIRST)])
    assert [cause.code for cause in told.mended] == ["silent-hang"]
    assert not told.is_worse


def test_a_cause_whose_scenarios_were_not_judged_is_not_called_mended() -> None:
    told = changes(
        [play(FIRST), play("account-401", "silent-hang")],
        [play(FIRST, "listener-missing"), resting("account-401", "listener-missing")],
    )
    assert told.mended == ()
    assert [cause.code for cause in told.unjudged] == ["silent-hang"]


def test_the_verdict_of_a_scenario_is_the_worst_of_its_plays() -> None:
    before = [play(FIRST, repeat=1), play(FIRST, repeat=2)]
    told = changes(before, [play(FIRST, repeat=1), play(FIRST, "silent-hang", repeat=2)])
    assert [(one.before, one.after) for one in told.changed] == [("passed", "failed")]


def test_scenarios_that_one_run_alone_played_are_left_out() -> None:
    assert changes([play(FIRST), play("event-noise")], [play(FIRST), play("event-none")]).is_nothing


def test_a_new_error_that_the_baseline_knows_makes_nothing_worse() -> None:
    told = changes([play(FIRST)], [play(FIRST, "silent-hang", known=["silent-hang"])])
    assert [cause.code for cause in told.new] == ["silent-hang"]
    assert not told.is_worse


@pytest.mark.parametrize(
    ("before", "after", "is_slower"),
    [
        (2000, 4000, False),  # not more than double
        (2000, 4001, True),
        (100, 1100, False),  # not more than a second longer
        (100, 1101, True),
        (2000, 1000, False),
    ],
)
def test_slower_is_what_took_more_than_double_and_more_than_a_second_longer(
    before: int, after: int, *, is_slower: bool
) -> None:
    told = changes([taking(play(FIRST), before)], [taking(play(FIRST), after)])
    assert bool(told.slower) is is_slower
    assert not told.is_worse


def test_what_came_to_something_else_is_not_slower() -> None:
    """A page that no longer tells its user is waited for until the patience is over."""
    told = changes([taking(play(FIRST), 100)], [taking(play(FIRST, "silent-hang"), 9000)])
    assert (len(told.changed), told.slower) == (1, ())


def test_what_was_not_judged_is_not_slower() -> None:
    assert changes([taking(play(FIRST, broken="lost"), 10)], [taking(play(FIRST, broken="lost"), 9000)]).slower == ()
