"""The event loop of the mock's windows (HTML Standard §8.1.7): tasks in order, and timers on a clock that skips."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from oauth_window_harness.journal.clock import Clock

Work = Callable[[], None]

#: The most tasks that one call runs: windows that always queue another one are a defect of the harness or its page.
_MOST = 10_000


@dataclass(order=True)
class Timer:
    """Work that is due at a time on the clock, and again after each interval if it has one, in seconds."""

    due: float
    number: int
    work: Work = field(compare=False)
    interval: float | None = field(default=None, compare=False)
    is_cancelled: bool = field(default=False, compare=False)


class Tasks:
    """The tasks and timers of a play's windows. They run only inside `run` and `until`, which the driver calls."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ready: deque[Work] = deque()
        self._requests: deque[Work] = deque()
        self._timers: list[Timer] = []
        self._numbers = itertools.count()

    def queue(self, work: Work) -> None:
        """Queue work as a task, after all that are queued."""
        self._ready.append(work)

    def queue_request(self, work: Work) -> None:
        """Queue work that needs the network: it runs when no other task is queued, as networks are slower."""
        self._requests.append(work)

    def start_timer(self, seconds: float, work: Work, *, again: bool = False) -> Timer:
        """Start a timer that is due after so many seconds, and, with ``again``, repeats; return it."""
        due = self._clock.now() + seconds
        timer = Timer(due, next(self._numbers), work, seconds if again else None)
        heapq.heappush(self._timers, timer)
        return timer

    def run(self) -> None:
        """Run all queued tasks, and those that they queue; the clock stands still meanwhile."""
        for _ in range(_MOST):
            queue = self._ready or self._requests
            if not queue:
                return
            queue.popleft()()
        raise AssertionError("the windows of this play never come to rest")

    def is_idle(self, seconds: float) -> bool:
        """Return whether nothing is queued, and no timer is due within so many seconds."""
        end = self._clock.now() + seconds
        due = any(timer.due <= end and not timer.is_cancelled for timer in self._timers)
        return not self._ready and not self._requests and not due

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Run tasks and timers until a condition holds, or for so many seconds on the clock.

        Returns:
            Whether the condition held in time.
        """
        end = self._clock.now() + seconds
        self.run()
        while not holds():
            if not self._advance(end):
                return holds()
            self.run()
        return True

    def _advance(self, end: float) -> bool:
        """Run the next timer that is due by ``end``, or advance the clock to ``end``; return whether a timer ran."""
        while self._timers and self._timers[0].is_cancelled:
            heapq.heappop(self._timers)
        if not self._timers or self._timers[0].due > end:
            self._clock.skip(max(0.0, end - self._clock.now()))
            return False
        timer = heapq.heappop(self._timers)
        self._clock.skip(max(0.0, timer.due - self._clock.now()))
        timer.work()
        if timer.interval is not None and not timer.is_cancelled:
            timer.due = self._clock.now() + timer.interval
            heapq.heappush(self._timers, timer)
        return True
