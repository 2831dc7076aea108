"""The event loop of the mock's windows (HTML Standard §8.1.7): tasks in order, and timers on a clock put forward."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from oauth_window_harness.journal.clock import Clock

Work = Callable[[], None]

#: The most tasks that run before anybody looks: windows that never come to rest are a mistake, not a story.
_MOST = 10_000


@dataclass(order=True)
class Timer:
    """Work that is due at a moment, and again after each interval where it has one."""

    due: float
    number: int
    work: Work = field(compare=False)
    interval: float | None = field(default=None, compare=False)
    cancelled: bool = field(default=False, compare=False)


class Tasks:
    """What is to be done. Nothing happens of itself: whoever drives the windows lets it run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ready: deque[Work] = deque()
        self._requests: deque[Work] = deque()
        self._timers: list[Timer] = []
        self._numbers = itertools.count()

    def soon(self, work: Work) -> None:
        """Run it as a task of its own, after all that is waiting."""
        self._ready.append(work)

    def by_network(self, work: Work) -> None:
        """Run what needs the network: it takes longer than all that is at hand, so it comes after that."""
        self._requests.append(work)

    def later(self, seconds: float, work: Work, *, again: bool = False) -> Timer:
        """Run it after so many seconds, and where wanted after each further so many."""
        due = self._clock.now() + seconds
        timer = Timer(due, next(self._numbers), work, seconds if again else None)
        heapq.heappush(self._timers, timer)
        return timer

    def run(self) -> None:
        """Run all that is waiting, and what that leads to, and let no time pass."""
        for _ in range(_MOST):
            waiting = self._ready or self._requests
            if not waiting:
                return
            waiting.popleft()()
        raise AssertionError("the windows of this play never come to rest")

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Run, and let time pass from timer to timer, until something holds or so much time has passed.

        Returns:
            Whether it held in time.
        """
        end = self._clock.now() + seconds
        self.run()
        while not holds():
            if not self._advance(end):
                return holds()
            self.run()
        return True

    def _advance(self, end: float) -> bool:
        """Let time pass up to the next timer, and run it; or to the end, where none is due before it."""
        while self._timers and self._timers[0].cancelled:
            heapq.heappop(self._timers)
        if not self._timers or self._timers[0].due > end:
            self._clock.skip(max(0.0, end - self._clock.now()))
            return False
        timer = heapq.heappop(self._timers)
        self._clock.skip(max(0.0, timer.due - self._clock.now()))
        timer.work()
        if timer.interval is not None and not timer.cancelled:
            timer.due = self._clock.now() + timer.interval
            heapq.heappush(self._timers, timer)
        return True
