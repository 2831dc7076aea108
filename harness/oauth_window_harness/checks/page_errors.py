"""Errors of the page that nothing caught, and controls and dialogs that came: what explains that nothing else did."""

from __future__ import annotations

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_calls import unique
from oauth_window_harness.journal.events import DialogShown, ScriptThrew
from oauth_window_harness.journal.page_events import Control, ControlsShown

#: How many lines of a kind are quoted.
_QUOTED = 3


def uncaught(flow: Flow, since: float = 0.0) -> list[ScriptThrew]:
    """Return the errors of the page, since a moment, that nothing caught."""
    return [event for event in flow.all_of(ScriptThrew) if event.window == "app" and event.at >= since]


def error_lines(flow: Flow, since: float = 0.0) -> list[str]:
    """Return the page's uncaught errors since a moment, one line each."""
    return unique(map(error_line, uncaught(flow, since)))[:_QUOTED]


def error_line(error: ScriptThrew) -> str:
    """Return the line of evidence that quotes an error which nothing caught."""
    return f"uncaught error: {error.message}"


def dialogs_since(flow: Flow, since: float) -> list[str]:
    """Return the dialogs that the page has opened since a moment: their first lines, or their kinds and messages."""
    asked = [f"{event.kind}: {event.message}" for event in flow.all_of(DialogShown) if event.at >= since]
    return unique([*own_dialogs_since(flow, since), *asked])


def own_dialogs_since(flow: Flow, since: float) -> list[str]:
    """Return the first lines of the dialogs in the page itself, no browser's, that have opened since a moment."""
    last = [event for event in _shown(flow) if event.at < since][-1:]
    before = set(last[0].dialogs) if last else set()
    return [line for event in _shown(flow) if event.at >= since for line in event.dialogs if line not in before]


def controls_since(flow: Flow, since: float) -> list[Control]:
    """Return the controls that can be used now, and could not be used at a moment."""
    last = _shown(flow)[-1:]
    before = [event for event in _shown(flow) if event.at < since][-1:]
    if not last or not before:
        return []
    return [one for one in last[0].controls if one not in before[0].controls]


def control_line(controls: list[Control]) -> str:
    """Return controls as one text: each with its text and its selector."""
    return ", ".join(f"{one.text!r} ({one.selector})" for one in controls[:_QUOTED])


def _shown(flow: Flow) -> list[ControlsShown]:
    return [event for event in flow.all_of(ControlsShown) if event.window == "app"]
