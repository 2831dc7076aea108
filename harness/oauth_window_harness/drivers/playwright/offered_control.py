"""Finds the control that a page offers in the place of the one that it took away, such as "Try again"."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.drivers.control_words import ends_connection, is_social
from oauth_window_harness.journal.events import StepTaken, WindowClosed
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import Control, ControlsShown


def offered_control(journal: Journal) -> Control | None:
    """Return the one control that came after the click and can be used now: after the window was closed, if any did.

    Args:
        journal: what happened in the play; it tells which controls could be used when.

    Returns:
        None if no control came, or several of which none is more likely.
    """
    clicks = [event.at for event in journal.of(StepTaken) if event.step == "click"]
    closings = [event.at for event in journal.of(WindowClosed)]
    if not clicks:
        return None
    since_click = _came(journal, clicks[0])
    since_closing = [one for one in since_click if one in _came(journal, closings[-1])] if closings else []
    return next((found[0] for found in (since_closing, since_click) if len(found) == 1), None)


def _came(journal: Journal, moment: float) -> Sequence[Control]:
    """Return the controls that can be used now, and could not be used at a moment."""
    shown = [event for event in journal.of(ControlsShown) if event.window == "app"]
    before = [event for event in shown if event.at < moment][-1:]
    if not before:
        return []
    return [
        one
        for one in shown[-1].controls
        if one not in before[0].controls and not ends_connection(one.text) and not is_social(one.text)
    ]
