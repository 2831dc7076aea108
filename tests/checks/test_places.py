"""Texts that take turns in one place by themselves, and those beside them which say something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.visible_changes import first_visible_change, movement_doubt
from oauth_window_harness.journal.events import Event, TextShown
from oauth_window_harness.journal.texts import TimerRun
from tests.journals import FLOW, clicks, flow_of, receives, request, says, text

#: The moment at which a reaction is due.
DUE = 2.0


def at(start: float, beat: float, *texts: str) -> list[Event]:
    """Return texts that a page shows, one after another in the same time."""
    return [says(start + beat * number, f"Channels\n{shown}\nHelp") for number, shown in enumerate(texts)]


@pytest.mark.parametrize(
    ("events", "noticed"),
    [
        # Phrases that have begun before the moment, and come again.
        (at(1.8, 0.9, "Asking", "Hang tight", "Polishing", "Asking", "Hang tight", "Polishing"), False),
        # Until each of them has come again, one may be what the page has to say.
        (at(1.8, 0.9, "Asking", "Hang tight", "Polishing", "Asking"), True),
        (at(1.8, 0.9, "Asking", "Hang tight", "Failed", "Asking", "Hang tight", "Asking", "Hang tight"), True),
        # A carousel that has been round before.
        (at(0.1, 0.5, "Plan", "Approve", "See", "Plan", "Approve", "See", "Plan"), False),
        # What comes into the turns once was caused by something, though it comes on the beat.
        (at(0.1, 0.5, "Plan", "Approve", "See", "Plan", "Failed", "Approve", "See", "Plan"), True),
        # Slides that are there in turn, with nothing between them.
        ([*at(0.1, 0.8, "Plan\nAsking", "Approve\nAsking", "See\nAsking", "Plan\nAsking", "Approve\nAsking",
              "See\nAsking", "Plan\nAsking")], False),
        # The same beside a text that says something.
        ([*at(0.1, 0.5, "Plan", "Approve", "See", "Plan", "Approve", "See"), *at(3.1, 1, "Plan\nFailed")], True),
        # An error that flashes says something; so does one that comes and goes, or is typed.
        (at(1.8, 0.6, "Asking", "Failed", "Asking", "Failed", "Asking", "Failed", "Asking"), True),
        ([*at(1.8, 0.3, "Asking", "Asking\nFailed"), *at(4.0, 1, "Asking")], True),
        (at(1.8, 0.1, "Asking", "Asking", "Asking", "F", "Fa", "Fai", "Fail", "Faile", "Failed"), True),
        # Texts that come one after another, and never again.
        (at(1.8, 1.0, "Asking", "It failed", "Cleaning up", "Please try again"), True),
        # What returns too late, or too early, has no beat.
        ([says(1.8, "Asking"), says(3, "Sorry"), says(3.2, "Later"), says(6, "Asking"), says(6.1, "Sorry"),
          says(9, "Later")], True),
    ],
)  # fmt: skip
def test_what_takes_turns_in_one_place_is_no_reaction(events: Sequence[Event], noticed: bool) -> None:
    assert (first_visible_change(events, DUE) is not None) is noticed


def test_a_page_that_hangs_while_its_tips_take_turns_hangs() -> None:
    tips = at(0.3, 0.7, "Plan", "Approve", "See", "Plan", "Approve", "See", "Plan", "Approve", "See", "Plan")
    refused = [*FLOW, *receives(2.0), request(2.1, "account", status=401), *tips]
    assert [found.code for found in judge(flow_of("account-401", refused))] == ["silent-hang"]
    told = [*refused, says(3.9, "Channels\nSee\nHelp\nYour session has expired")]
    assert [found.code for found in judge(flow_of("account-401", told))] == []


def runs(since: float, *shown: tuple[float, str]) -> list[Event]:
    """Return texts that the runs of one timer show, each at its moment."""
    return [
        TextShown(at=at, window="app", text=text(f"Channels\n{tip}\nHelp"), timer=TimerRun(since=since, count=count))
        for count, (at, tip) in enumerate(shown, start=1)
    ]


#: The turns of a carousel as a busy machine draws them: late, and then one upon the other.
LATE = ((1.6, "Approve"), (2.2, "See"), (4.9, "Plan"), (5.0, "Approve"), (7.9, "See"), (8.0, "Plan"))


def test_the_runs_of_one_timer_take_turns_however_late_a_busy_machine_lets_them_come() -> None:
    tips = [says(0.1, "Channels\nPlan\nHelp"), *runs(0.1, *LATE)]
    assert first_visible_change(tips, DUE) is None
    without_timer = [replace(event, timer=None) for event in tips if isinstance(event, TextShown)]
    assert first_visible_change(without_timer, DUE) is not None


def test_a_run_of_a_timer_that_shows_something_once_is_a_reaction_though_the_timer_is_old() -> None:
    polled = [says(0.1, "Channels\nWait\nHelp"), *runs(0.1, (1.0, "Wait."), (2.0, "Wait."), (3.0, "Failed"))]
    assert first_visible_change(polled, DUE) is not None


@pytest.mark.parametrize(
    ("events", "seconds"),
    [
        # What follows at once from what happened is no doubt, nor is a new text where none was.
        ([says(0.1, "Nothing"), clicks(1.0), says(1.1, "Wait"), request(1.9, "account"), says(2.1, "Sorry")], None),
        ([says(0.1, "Nothing"), request(1.9, "account"), says(2.1, "Nothing\nSorry")], None),
        # It is where a place changes without cause, or changes for the first time: for as long as it stood before.
        ([says(0.1, "Nothing"), request(1.9, "account"), says(2.1, "Sorry")], 2.8),
        ([says(0.1, "Nothing"), clicks(1.0), says(1.1, "Wait"), says(3.1, "Sorry")], 2.8),
        ([says(0.1, "Nothing"), says(3.1, "Nothing\nSorry")], 1.63),
        # Where something else has been said, there is no doubt; where nothing has, neither.
        ([says(0.1, "A"), says(3.1, "B"), request(3.3, "account"), says(3.5, "B\nSorry")], None),
        ([says(0.1, "Nothing")], None),
    ],
)
def test_a_text_is_in_doubt_for_a_little_longer_than_the_place_showed_the_one_before(
    events: Sequence[Event], seconds: float | None
) -> None:
    found = movement_doubt(sorted(events, key=lambda event: event.at), DUE)
    assert (found and found.seconds) == (None if seconds is None else pytest.approx(seconds))
