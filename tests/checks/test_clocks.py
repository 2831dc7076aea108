"""A clock that begins to tick by chance after the answer says nothing; a countdown that the answer began does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.visible_changes import first_visible_change, movement_doubt
from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.events import TextShown as Shown
from oauth_window_harness.journal.texts import TimerRun
from tests.journals import FLOW, clicks, flow_of, receives, request, says

#: The moment at which a reaction is due.
DUE = 2.0


def shown(at: float, text: str, since: float | None = None, count: int = 0) -> Event:
    """Return that a page shows a text, which has changed in a run of a timer if ``since`` is set."""
    event = says(at, text)
    assert isinstance(event, Shown)
    return event if since is None else replace(event, timer=TimerRun(since=since, count=count))


def ticks(*texts: str, since: float = 1.1, first: int = 1, beat: float = 1.0) -> list[Event]:
    """Return texts that a page shows, each in the next run of a timer."""
    return [shown(since + beat * run, text, since, run) for run, text in enumerate(texts, start=first)]


QUIET = "Studio\nLast edited\njust now"


def ago(*seconds: int) -> list[str]:
    return [f"Studio\nLast edited\n{number} seconds ago" for number in seconds]


@pytest.mark.parametrize(
    ("events", "noticed"),
    [
        # Words that become a counter, and a clock in a place that was empty.
        ([says(0.5, QUIET), *ticks(*ago(1, 2, 3))], False),
        ([says(0.5, "Studio"), *ticks("Studio\n3:05:01 PM", "Studio\n3:05:02 PM", "Studio\n3:05:03 PM")], False),
        ([says(0.5, "Studio"), *ticks("Studio\n99 left", "Studio\n98 left", "Studio\n97 left")], False),
        ([says(0.5, "Edited just now"), *ticks("Edited 1 s ago", "Edited 2 s ago", "Edited 3 s ago")], False),
        # It is not known to be one before it has ticked three times.
        ([says(0.5, QUIET), *ticks(*ago(1, 2))], True),
        # It would say something if it stayed, or if something else did beside it.
        ([says(0.5, QUIET), *ticks(*ago(1), "Studio\nLast edited\nIt failed")], True),
        ([says(0.5, QUIET), *ticks(*(f"{text}\nIt failed" for text in ago(1, 2, 3)))], True),
        # A countdown goes on by a timer that is set when it begins.
        ([says(0.5, QUIET), shown(2.1, ago(3)[0]), *ticks(*ago(2, 1, 0), since=2.11)], True),
        # It may go on by one that has run before: a page may draw itself anew each second.
        ([says(0.5, QUIET), *ticks(*ago(3, 2, 1), since=0.2, first=2)], True),
        # What is shown when an answer comes may be the answer.
        ([says(0.5, QUIET), request(1.98, "account"), *ticks(*ago(3, 2, 1))], True),
        # Nobody knows what moves it.
        ([says(0.5, QUIET), *(shown(2.1 + number, text) for number, text in enumerate(ago(3, 2, 1)))], True),
    ],
)
def test_a_clock_that_begins_to_tick_is_no_reaction(events: list[Event], noticed: bool) -> None:
    played = sorted([*events, clicks(1.5)], key=lambda event: event.at)
    assert (first_visible_change(played, DUE) is not None) is noticed


def test_a_timer_that_was_set_after_the_click_may_belong_to_the_flow() -> None:
    events = [says(0.5, QUIET), clicks(1.0), *ticks(*ago(1, 2, 3))]
    assert first_visible_change(events, DUE) is not None


@pytest.mark.parametrize(
    ("texts", "doubt"), [(ago(1), (2.1, 1.5)), (ago(1, 2), (3.1, 1.5)), (ago(1, 2, 3), None)]
)  # fmt: skip
def test_the_first_ticks_are_in_doubt_until_it_is_known_whether_they_go_on(
    texts: list[str], doubt: tuple[float, float] | None
) -> None:
    found = movement_doubt([says(0.5, QUIET), clicks(1.5), *ticks(*texts)], DUE)
    assert (found and (found.at, found.seconds)) == (doubt and pytest.approx(doubt))


def test_a_page_that_hangs_while_its_clock_begins_to_tick_hangs() -> None:
    hung = [*FLOW, *receives(2.0), request(2.1, "account", status=401), *ticks(*ago(1, 2, 3), since=0.9, beat=1.45)]
    assert [found.code for found in judge(flow_of("account-401", hung, says(0.3, QUIET)))] == ["silent-hang"]
    told = [*hung, says(6.0, f"{ago(4)[0]}\nYour session has expired")]
    assert [found.code for found in judge(flow_of("account-401", told, says(0.3, QUIET)))] == []
