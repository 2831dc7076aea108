"""The clock of a play: the machine's own, or one that runs ahead instead of letting anybody wait."""

from __future__ import annotations

import threading
import time


class Clock:
    """The machine's clock, which a driver without a browser may put forward.

    Every moment in a journal is one clock's, so that its events stay in order when the clock is put forward.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the moment, in seconds since the epoch."""
        return time.time() + self._ahead

    def skip(self, seconds: float) -> None:
        """Let time pass without waiting for it."""
        with self._lock:
            self._ahead += seconds

    def wait(self, seconds: float, ended: threading.Event) -> None:
        """Return after so many seconds, or as soon as the play has ended."""
        ended.wait(seconds)


class SkippingClock(Clock):
    """A clock on which waiting takes no time: for plays in which nobody but the harness itself waits."""

    def wait(self, seconds: float, ended: threading.Event) -> None:  # noqa: ARG002
        """Put the clock forward by so many seconds."""
        self.skip(seconds)
