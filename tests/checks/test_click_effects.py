"""Whether a click had an effect, and whether the page began to heed clicks only afterwards."""

from __future__ import annotations

import pytest

from oauth_window_harness.checks.click_effects import click_had_effect, handler_came_late
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded, LackSupplied
from oauth_window_harness.journal.events import Event, PageRequested, ScriptThrew
from tests.journals import calls_open, clicks, flow_of, says, text


def requests(at: float, url: str) -> Event:
    return PageRequested(at=at, method="GET", url=text(url), body=text(""))


def throws(at: float, message: str) -> Event:
    return ScriptThrew(at=at, window="app", message=text(message))


SUPPLIED = LackSupplied(at=4.0)
MISSING = "Uncaught ReferenceError: connect is not defined"
BROKEN = "Uncaught TypeError: Cannot read properties of undefined (reading 'id')"
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
        ([SHOWN, CLICK, throws(1.1, MISSING)], False, False),
        ([SHOWN, CLICK, throws(1.1, MISSING), SUPPLIED], False, True),
        ([SHOWN, CLICK, throws(1.1, MISSING), SUPPLIED, clicks(4.1), calls_open(4.2)], True, False),
        ([SHOWN, CLICK, says(1.1, "Please wait"), throws(1.1, MISSING), SUPPLIED], False, True),
        ([SHOWN, CLICK, throws(1.1, BROKEN)], True, False),
        ([SHOWN, CLICK, throws(1.1, BROKEN), LATE], True, False),
        ([SHOWN, CLICK, throws(1.1, BROKEN), SUPPLIED], True, True),
        ([SHOWN, throws(0.5, BROKEN), CLICK, throws(1.1, BROKEN), LATE], False, True),
    ],
    ids=[
        "nothing", "late-handler", "clicked-again", "window-open", "text", "request", "polling", "error", "double",
        "no-click", "undefined", "defined-late", "defined-and-clicked-again", "undefined-after-a-text", "mistake",
        "mistake-and-handler", "mistake-and-script", "error-that-came-before-the-click-too",
    ],
)  # fmt: skip
def test_a_click_without_effect_is_told_from_one_that_came_too_early(
    events: list[Event], had_effect: bool, came_late: bool
) -> None:
    flow = flow_of("account-200", events)
    assert (click_had_effect(flow), handler_came_late(flow)) == (had_effect, came_late)


def test_a_click_is_made_again_only_where_the_page_heeds_clicks_in_time() -> None:
    flow = flow_of("account-200", [SHOWN, CLICK, LATE])
    assert handler_came_late(flow, by=4.0)
    assert not handler_came_late(flow, by=3.9)
