"""One play of which a test makes the clicks in the page, and this does the rest of what the user does."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from oauth_window_harness.checks.played import Played
from oauth_window_harness.drivers.base import StepNotTakenError, Target
from oauth_window_harness.drivers.blocking.windows import BorrowedWindows
from oauth_window_harness.journal.events import StepTaken, TextShown
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Moment, Step

#: By which request a step of the user's is known to be taken: its endpoint, and how it is asked for.
_TAKEN = {
    "log-in": ("login", "POST"),
    "continue": ("privacy", "POST"),
    "approve": ("consent", "POST"),
    "cancel": ("consent", "POST"),
}


@dataclass
class Guided:
    """A user who clicks where the test clicks, and then goes through the window as the scenario says.

    Attributes:
        since: from when on clicks are taken for clicks on the control, in seconds since the epoch.
        heeded: the event fixtures on which the page has acted in another play, and
        waiting: the texts that it has shown in another while its window was open; None where that was not tried.
    """

    windows: BorrowedWindows
    play: Play
    target: Target
    since: float = float("inf")
    heeded: frozenset[str] | None = None
    waiting: frozenset[str] | None = None

    def begin(self) -> None:
        """Be about to click."""
        self._intrude("before-click")
        self.windows.begin()
        self.since = min(self.since, time.time())

    def go_on(self) -> None:
        """Take the steps after the first click, except for those that the test has taken itself.

        Raises:
            StepNotTakenError: what a step needs did not appear within the patience.
        """
        __tracebackhide__ = True
        self._intrude("in-flow", from_popup=False)
        before: Step = "click"
        for place, step in enumerate(self.play.scenario.user[1:], start=1):
            if before == "close":
                # Whoever closed the window clicks again when the page has said something.
                self.until(Played.told_of_closing)
            if step == "linger":
                self.until(Played.told)
            elif not self._is_taken(step, place):
                self._take(step, again=before == "close")
            if step == "approve":
                self._intrude("in-flow", from_popup=True)
            before = step

    def end(self) -> None:
        """Let those post who wait until the user has been told."""
        waiting = any(intrusion.when == "after-end" for intrusion in self.play.intrusions())
        if waiting and self.until(Played.told):
            self._intrude("after-end")

    def tried(self, url: str) -> Played:
        """Play the whole flow on a page, the first click included, and give what happened."""
        with suppress(StepNotTakenError):
            self.windows.visit(url)
            self.begin()
            self.windows.take("click")
            self.go_on()
            self.until(Played.told)
            self.windows.drain()
        return self.played()

    def settle(self) -> None:
        """Give the page its patience to follow up and to tell its user, and let it come to rest."""
        if self.until(lambda played: played.moment() is not None):
            self.until(Played.told)
        self.windows.drain()

    def opened(self, url: str) -> frozenset[str]:
        """Play until the window is open, on a page, and give the texts that were shown since the click."""
        with suppress(StepNotTakenError):
            self.windows.visit(url)
            self.begin()
            self.windows.take("click")
            self.until(lambda played: bool(played.popups) and bool(played.starts))
            self.windows.drain()
        return frozenset(shown.text for shown in self.played().all_of(TextShown) if shown.at >= self.since)

    def until(self, holds: Callable[[Played], bool], longer: float = 0.0) -> bool:
        """Wait until something holds of what was played, for the patience and ``longer``, in seconds."""
        __tracebackhide__ = True
        return self.windows.until(lambda: holds(self.played()), self.target.patience + longer)

    def played(self) -> Played:
        """Give what has happened until now; what was clicked before the flow is none of it."""
        played = Played.of_play(
            self.play,
            knows_connected=self.target.connected is not None,
            knows_failed=self.target.failed is not None,
            heeded=self.heeded or frozenset(),
            waiting=self.waiting or frozenset(),
        )
        kept = [event for event in played.events if not (isinstance(event, StepTaken) and event.at < self.since)]
        return replace(played, events=kept)

    def _take(self, step: Step, *, again: bool) -> None:
        """Take a step; a click that opens no new window is tried once more, as its page may not have been ready."""
        windows = len(self.windows.popups)
        self.windows.take(step)
        if again and not self.until(lambda played: len(played.popups) > windows):
            self.windows.take(step)

    def _is_taken(self, step: Step, place: int) -> bool:
        if step not in _TAKEN:
            return False
        wanted = sum(_TAKEN.get(earlier) == _TAKEN[step] for earlier in self.play.scenario.user[: place + 1])
        made = [(request.endpoint, request.method) for request in self.played().requests]
        return made.count(_TAKEN[step]) >= wanted

    def _intrude(self, when: Moment, *, from_popup: bool | None = None) -> None:
        wanted = [one for one in self.play.intrusions() if one.when == when]
        if when == "in-flow" and wanted:
            # A window that opens while an intruder's does could not be told from it.
            self.until(lambda played: bool(played.popups))
        for intrusion in wanted:
            if from_popup in (None, intrusion.sender == "popup"):
                self.windows.intrude(intrusion)
