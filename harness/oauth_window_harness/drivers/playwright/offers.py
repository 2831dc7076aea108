"""Finds the control that a page offers in the place of the one that it took away, such as "Try again"."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.drivers.base import ControlGoneError, NothingOfferedError
from oauth_window_harness.drivers.control_words import ends_connection, is_social
from oauth_window_harness.journal.events import StepTaken, WindowClosed
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import Control, ControlsShown


class Offers:
    """What one page offers in the place of its control, and what of it the user has tried.

    Args:
        journal: what happens in the play; it tells which controls could be used when.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tried: set[str] = set()

    def has_tried(self) -> bool:
        """Return whether the user has taken an offer."""
        return bool(self._tried)

    def take(self) -> str | None:
        """Return the selector of what the user clicks in the place of the control; None if nothing is offered.

        Raises:
            NothingOfferedError: the user has clicked it already, and no window came of it.
        """
        offer = self._offer()
        if offer is None:
            return None
        if offer.selector in self._tried:
            raise self.gone_error()
        self._tried.add(offer.selector)
        return offer.selector

    def gone_error(self) -> ControlGoneError:
        """Return the error for a control that was taken away."""
        kind = NothingOfferedError if self._tried else ControlGoneError
        return kind("the page has taken its control away", where="the step 'click'")

    def _offer(self) -> Control | None:
        """Return the one control that came after the click: after the window was closed, if any did."""
        clicks = [event.at for event in self._journal.of(StepTaken) if event.step == "click"]
        closings = [event.at for event in self._journal.of(WindowClosed)]
        if not clicks:
            return None
        since_click = _came(self._journal, clicks[0])
        last = _came(self._journal, closings[-1]) if closings else []
        since_closing = [one for one in since_click if one in last]
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
