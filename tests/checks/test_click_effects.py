"""Whether a click had an effect, and whether the page began to heed clicks only afterwards."""

from __future__ import annotations

import pytest

from oauth_window_harness.checks.click_effects import click_had_effect, handler_came_late
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded
from oauth_window_harness.journal.events import Event, PageRequested, ScriptThrew
from tests.journals import calls_open, clicks, flow_of, says, text


def requests(at: float, url: str) -> Event:
    return PageRequested(at=at, method="GET", url=text(url), body=text(""))


LATE = ClickHandlerAdded(at=4.0)
EARLY = ClickHandlerAdded(at=0.5)
SHOWN = says(0.1, "Connect Facebook")
CLICK = clicks(1.0)


@pytest.mark.parametrize(
    ("events", "had_effect", "came_late"),
    [
        ([SHOWN, EARLY, CLICK], False, False),
        ([SHOWN, CLICK, LATE], False, True),
        ([SHOWN, CLICK, LATE, clicks(4.1)], False, False),
        ([SHOWN, CLICK, calls_open(1.1)], True, False),
        ([SHOWN, CLICK, says(1.1, "Please wait"), LATE], True, False),
        ([SHOWN, CLICK, requests(1.1, "https://app.test/start"), LATE], True, False),
        ([SHOWN, requests(0.2, "https://app.test/poll"), CLICK, requests(1.2, "https://app.test/poll"), LATE],
         False, True),
        ([SHOWN, CLICK, ScriptThrew(at=1.1, window="app", message=text("TypeError")), LATE], True, False),
        ([SHOWN, CLICK, calls_open(1.1), clicks(1.2)], True, False),
        ([SHOWN, LATE], False, False),
    ],
    ids=[
        "nothing", "late-handler", "clicked-again", "window-open", "text", "request", "polling", "error", "double",
        "no-click",
    ],
)  # fmt: skip
def test_a_click_without_effect_is_told_from_one_that_came_too_early(
    events: list[Event], had_effect: bool, came_late: bool
) -> None:
    flow = flow_of("account-200", events)
    assert (click_had_effect(flow), handler_came_late(flow)) == (had_effect, came_late)
