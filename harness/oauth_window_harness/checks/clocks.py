"""Clocks and counters that begin to tick by chance when something has happened: the page's own timer moves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oauth_window_harness.journal.events import Event, StepTaken, TextShown

#: How many runs of a timer, from the first one on, show that it moves a line each time.
_RUNS = 3


class Clocks:
    """The lines that a timer moves which was set before the user clicked, with every run from its first one on.

    What a page has to say of the connection is shown when the answer comes, or by a timer that it sets then; a
    countdown in it goes on by such a timer. A timer that was set as the page loaded, and shows something anew each time
    it runs, would have shown it in any case.

    Args:
        events: what happened, in the order of moments.
        may_answer: returns whether what is shown at a moment may as well come of an answer that has just come.
    """

    def __init__(self, events: Iterable[Event], may_answer: Callable[[float], bool]) -> None:
        self._may_answer = may_answer
        self._clicked = float("inf")
        self._changes: dict[int, list[TextShown]] = {}
        self._runs: dict[float, list[float]] = {}
        for event in events:
            match event:
                case StepTaken(step="click", at=at):
                    self._clicked = min(self._clicked, at)
                case TextShown(timer=run) if run is not None:
                    self._runs.setdefault(run.since, []).append(event.at)

    def take(self, number: int, text: TextShown) -> None:
        """Take note that a line, by its number, has come or changed with a text."""
        self._changes.setdefault(number, []).append(text)

    def has(self, number: int) -> bool:
        """Return whether a line is one of these."""
        first, *later = self._changes[number]
        changes = later if first.timer is None and first.at < self._clicked else [first, *later]
        timers = {text.timer.since if text.timer is not None else None for text in changes[:_RUNS]}
        return len(changes) >= _RUNS and len(timers) == 1 and self._may_begin(changes[0])

    def next_run(self, text: TextShown) -> tuple[float, float] | None:
        """Return when the timer ran last that may have begun to tick with a text, and after how long it runs again.

        Return None if the text is no first tick, or so many have followed that it is known whether it is.
        """
        if text.timer is None or not self._may_begin(text) or len(self._runs[text.timer.since]) >= _RUNS:
            return None
        return self._runs[text.timer.since][-1], text.at - text.timer.since

    def _may_begin(self, text: TextShown) -> bool:
        """Return whether a text has changed in the first run of a timer that was set before the click."""
        is_first = text.timer is not None and text.timer.count == 1 and text.timer.since < self._clicked
        return is_first and not self._may_answer(text.at)
