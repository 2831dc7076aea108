"""The journal: the events of one play, in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.masking import LateMasking
from oauth_window_harness.journal.thinning import Thinning
from oauth_window_harness.redact import Redactor

E = TypeVar("E", bound=Event)


class Journal:
    """Events from the stub's threads, the gateway and the browser, safe to write and to read from any thread.

    Args:
        keep: how many events are kept; the oldest are dropped first.
        clock: the clock of its events' moments; the machine's own by default.
        thinning: says which events are kept; all by default.
        redactor: a secret that it learns is masked in the events that came before as well; None masks none.
    """

    def __init__(
        self,
        *,
        keep: int = 100_000,
        clock: Clock | None = None,
        thinning: Thinning | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.started_at = self.clock.now()
        self._events: deque[Event] = deque(maxlen=keep)
        self._count = 0
        self._thinning = thinning
        self._masking = LateMasking(redactor)
        self._sorted: list[Event] = []
        self._sorted_at = (0, 0)
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def count(self) -> int:
        """How many events have been added, those that were dropped since included."""
        return self._count

    @property
    def state(self) -> tuple[int, int]:
        """Two numbers, one of which grows wherever `entries` may return something else than before."""
        return self._count, self._masking.version

    def masked(self, text: str) -> str:
        """Return a text that was made from its events, without the secrets that became known since."""
        return self._masking.text(text)

    def add(self, event: Event) -> None:
        """Append an event, and call the listeners in the caller's thread; neither if it is thinned out."""
        with self._lock:
            if self._thinning is not None and not self._thinning.keeps(event):
                return
            self._events.append(event)
            self._masking.note()
            self._count += 1
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(event)

    def entries(self) -> list[Event]:
        """Return all events in the order of their moments.

        A message reaches this process a little later than the request that its listener sent, so the order of
        arrival is not the order of moments.
        """
        with self._lock:
            state = self.state
            if state != self._sorted_at:
                for place, event in enumerate(reversed(self._masking.of(self._events)), start=1):
                    self._events[-place] = event
                self._sorted, self._sorted_at = sorted(self._events, key=lambda event: event.at), state
            return list(self._sorted)

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of one kind, in the order of their moments."""
        return [event for event in self.entries() if isinstance(event, kind)]

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; return the function that ends that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return end

    def milliseconds(self, at: float) -> int:
        """Return a moment as whole milliseconds since the journal began."""
        return round((at - self.started_at) * 1000)
