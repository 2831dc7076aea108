"""All that a server saw, for all keys, and each key's own view of it."""

from __future__ import annotations

import threading
from collections import deque

from oauth_window_harness.journal.events import Event, RequestSeen
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.model import RequestResult
from oauth_window_harness.run.verdict import request_of

#: How many requests are kept; the oldest are dropped first.
KEPT = 100_000


class KeyedRequest(RequestResult):
    """A request that the stub answered, and the key that it was made under; null where it had none."""

    key: str | None


class Record:
    """The requests of all keys in one place, so that what is kept is bounded whatever keys are used."""

    def __init__(self, keep: int = KEPT) -> None:
        self._rows: deque[tuple[str | None, Event]] = deque(maxlen=keep)
        self._lock = threading.Lock()
        self._clock = Journal(keep=0)

    def view(self, key: str | None) -> Journal:
        """Give the journal of one key; None is that of the requests without one."""
        return _View(self, key)

    def add(self, key: str | None, event: Event) -> None:
        """Append an event."""
        with self._lock:
            self._rows.append((key, event))

    def rows(self) -> list[tuple[str | None, Event]]:
        """Give all keys' events in the order of their moments."""
        with self._lock:
            rows = list(self._rows)
        return sorted(rows, key=lambda row: row[1].at)

    def forget(self, key: str | None) -> None:
        """Forget a key's events, or, without a key, all."""
        with self._lock:
            kept = [] if key is None else [row for row in self._rows if row[0] != key]
            self._rows.clear()
            self._rows.extend(kept)

    def requests(self, key: str | None) -> list[KeyedRequest]:
        """Give a key's requests, or, without a key, all, in the order of their moments."""
        return [
            KeyedRequest.model_construct(**dict(request_of(self._clock, event)), key=of)
            for of, event in self.rows()
            if isinstance(event, RequestSeen) and key in (None, of)
        ]


class _View(Journal):
    """A journal whose events lie in a record."""

    def __init__(self, record: Record, key: str | None) -> None:
        super().__init__(keep=0)
        self._record = record
        self._of = key

    def add(self, event: Event) -> None:
        """Append an event to the record, and tell the listeners."""
        self._record.add(self._of, event)
        super().add(event)

    def entries(self) -> list[Event]:
        """Give the key's events in the order of their moments."""
        return [event for key, event in self._record.rows() if key == self._of]
