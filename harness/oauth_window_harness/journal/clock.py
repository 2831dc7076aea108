"""The clock of a play: the machine's own, or one that is put forward instead of waiting."""

from __future__ import annotations

import threading
import time


class Clock:
    """The machine's clock, which a driver without a browser may put forward.

    A journal takes every moment from one clock, so that its events stay in order when the clock is put forward.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._began = time.time() - time.monotonic()
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return time.time() + self._ahead

    def shift(self) -> float:
        """Return by how many seconds the machine's own clock has been set since this one began."""
        return time.time() - time.monotonic() - self._began

    def skip(self, seconds: float) -> None:
        """Put the clock forward by so many seconds, without waiting."""
        with self._lock:
            self._ahead += seconds

    def wait(self, seconds: float, ended: threading.Event) -> None:
        """Wait for so many seconds, or until the play has ended."""
        ended.wait(seconds)


class SkippingClock(Clock):
    """A clock on which waiting takes no time, for plays in which only the harness itself waits."""

    def wait(self, seconds: float, ended: threading.Event) -> None:  # noqa: ARG002
        """Put the clock forward by so many seconds, and return at once."""
        self.skip(seconds)
