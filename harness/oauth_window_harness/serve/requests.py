"""The requests of a server under all keys, and a journal for each key."""

from __future__ import annotations

import threading
from collections import deque

from oauth_window_harness.journal.events import Event, RequestSeen
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.masking import LateMasking
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.model import RequestResult
from oauth_window_harness.run.verdict import request_of

#: The most requests that are kept; the oldest are dropped first.
MAX_REQUESTS = 100_000


class KeyedRequest(RequestResult):
    """A request that the stub answered, and the key that it was made under; null if it had none."""

    key: str | None


class RequestJournal:
    """The requests of all keys in one place, so that their number is bounded whichever keys are used.

    Args:
        keep: the most events that are kept.
        redactor: a secret that it learns is masked in the requests that came before as well.
    """

    def __init__(self, keep: int = MAX_REQUESTS, redactor: Redactor | None = None) -> None:
        self._masking = LateMasking(redactor)
        self._rows: deque[tuple[str | None, Event]] = deque(maxlen=keep)
        self._lock = threading.Lock()
        self._clock = Journal(keep=0)
        self._forgotten = 0

    @property
    def state(self) -> tuple[int, int]:
        """How many times it forgot, and how many secrets are known: both change what was written down before."""
        return self._forgotten, self._masking.version

    def journal_of(self, key: str | None) -> Journal:
        """Return the journal of one key, or, for None, of the requests without a key."""
        return _KeyJournal(self, key)

    def add(self, key: str | None, event: Event) -> None:
        """Append an event of a key, or, for None, of no key."""
        with self._lock:
            self._rows.append((key, event))
            self._masking.note()

    def entries(self) -> list[tuple[str | None, Event]]:
        """Return the events of all keys, each with its key, in the order of their moments."""
        with self._lock:
            rows = list(self._rows)
            masked = self._masking.of([event for _, event in rows])
            for place, event in enumerate(reversed(masked), start=1):
                self._rows[-place] = rows[-place] = (rows[-place][0], event)
        return sorted(rows, key=lambda row: row[1].at)

    def forget(self, key: str | None) -> None:
        """Forget the events of a key, or, for None, all events."""
        with self._lock:
            kept = [] if key is None else [row for row in self._rows if row[0] != key]
            self._forgotten += 1
            self._rows.clear()
            self._rows.extend(kept)

    def requests(self, key: str | None) -> list[KeyedRequest]:
        """Return the requests of a key, or, for None, all requests, in the order of their moments."""
        return [
            KeyedRequest.model_construct(**dict(request_of(self._clock, event)), key=of)
            for of, event in self.entries()
            if isinstance(event, RequestSeen) and key in (None, of)
        ]


class _KeyJournal(Journal):
    """The journal of one key, whose events are kept in the journal of all keys."""

    def __init__(self, all_keys: RequestJournal, key: str | None) -> None:
        super().__init__(keep=0)
        self._all_keys = all_keys
        self._key = key

    @property
    def state(self) -> tuple[int, int]:
        """Two numbers, one of which grows where `entries` may change, but for what other keys displace."""
        forgotten, known = self._all_keys.state
        return self.count + forgotten, known

    def add(self, event: Event) -> None:
        """Append an event to the journal of all keys, and tell the listeners."""
        self._all_keys.add(self._key, event)
        super().add(event)

    def entries(self) -> list[Event]:
        """Return the key's events in the order of their moments."""
        return [event for key, event in self._all_keys.entries() if key == self._key]
