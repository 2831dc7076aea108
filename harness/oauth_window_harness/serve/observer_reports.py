"""What the observer reports of the pages of each key. A page under test is hostile: all of it is bounded."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from pydantic import ValidationError

from oauth_window_harness.serve.documents import Batch, Document, clock_lag, is_address, is_valid

#: The longest body of one call, in bytes.
LARGEST_BATCH = 256 * 1024
#: The most that is kept of one key and of all keys, in characters; of all keys, the one that reported longest ago goes.
MOST_OF_KEY = 8 * 1024 * 1024
MOST_OF_ALL = 128 * 1024 * 1024
#: The most documents that are kept of one key.
MOST_DOCUMENTS = 500
#: The most calls of one key in a second, on average over ten seconds.
MOST_CALLS = 200
_PERIOD = 10.0


class RefusedReportsError(Exception):
    """Reports are refused.

    Attributes:
        status: the status of the answer.
        what: what is wrong.
        why: what was seen.
    """

    def __init__(self, status: int, what: str, why: str) -> None:
        super().__init__(what)
        self.status, self.what, self.why = status, what, why


@dataclass
class _Pages:
    """What is kept of one key."""

    documents: dict[str, Document] = field(default_factory=dict)
    size: int = 0
    since: float = 0.0
    calls: int = 0
    is_cut: bool = False
    state: int = 0


class Reports:
    """The observer's reports of all keys.

    Args:
        now: returns the time, in seconds since the epoch.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._pages: OrderedDict[str | None, _Pages] = OrderedDict()
        self._size = 0
        self._states = count(1)
        self._listeners: list[Callable[[str | None], None]] = []

    def ticket(self, key: str | None) -> str:
        """Return what shows that a report is of a script that was served for a key."""
        name = b"" if key is None else key.encode()
        return hmac.new(self._secret, name, hashlib.sha256).hexdigest()[:32]

    def add(self, key: str | None, body: bytes) -> None:
        """Keep the reports of a call.

        Raises:
            RefusedReportsError: they are malformed, too many, or of another key.
        """
        if len(body) > LARGEST_BATCH:
            raise RefusedReportsError(413, "too many reports in one call", f"at most {LARGEST_BATCH} bytes are read")
        try:
            batch = Batch.model_validate_json(body)
            reports = [json.loads(text) for text in batch.reports]
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the body"
            raise RefusedReportsError(422, "the reports are malformed", f"{where}: {first['msg']}") from None
        except (ValueError, RecursionError):
            raise RefusedReportsError(422, "the reports are malformed", "a report is not JSON") from None
        if not is_address(batch.url):
            raise RefusedReportsError(422, "the reports are malformed", "url: it is no address")
        if not all(isinstance(report, dict) for report in reports):
            raise RefusedReportsError(422, "the reports are malformed", "a report is not an object")
        if not hmac.compare_digest(batch.ticket.encode(), self.ticket(key).encode()):
            raise RefusedReportsError(403, "the ticket is not one of this key", "take observer.js with the same key")
        with self._lock:
            self._keep(key, batch, reports, len(body))
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(key)

    def documents(self, key: str | None) -> list[Document]:
        """Return the documents of a key in the order of their beginning, each with what is known of it now.

        Their moments are those of this machine's clock.
        """
        with self._lock:
            pages = self._pages.get(key)
            if pages is None:
                return []
            found = [replace(one, batches=dict(one.batches)) for one in pages.documents.values()]
        behind = clock_lag(found)
        if behind:
            found = [one.later(behind) for one in found]
        return sorted(found, key=lambda one: one.born)

    def state(self, key: str | None) -> int:
        """Return a number that is another one wherever `documents` may return something else than before."""
        with self._lock:
            pages = self._pages.get(key)
            return 0 if pages is None else pages.state

    def is_cut(self, key: str | None) -> bool:
        """Return whether reports of a key were refused because there were too many."""
        with self._lock:
            pages = self._pages.get(key)
            return pages is not None and pages.is_cut

    def forget(self, key: str | None, before: float) -> None:
        """Forget the documents of a key that reported nothing after a moment, in seconds since the epoch."""
        with self._lock:
            pages = self._pages.get(key)
            if pages is None:
                return
            behind = clock_lag(list(pages.documents.values()))
            gone = [one for one in pages.documents.values() if one.last + behind < before]
            for document in gone:
                del pages.documents[document.id]
                pages.size -= document.size
                self._size -= document.size
            pages.is_cut = False
            pages.state = next(self._states)

    def listen(self, listener: Callable[[str | None], None]) -> Callable[[], None]:
        """Call ``listener`` with the key of every further call; return the function that ends that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return end

    def _keep(self, key: str | None, batch: Batch, reports: list[dict[str, Any]], size: int) -> None:
        pages = self._pages.setdefault(key, _Pages())
        self._pages.move_to_end(key)
        now = time.monotonic()
        if now - pages.since >= _PERIOD:
            pages.since, pages.calls = now, 0
        pages.calls += 1
        document = pages.documents.get(batch.document)
        if (
            pages.calls > MOST_CALLS * _PERIOD
            or pages.size + size > MOST_OF_KEY
            or (document is None and len(pages.documents) >= MOST_DOCUMENTS)
        ):
            pages.is_cut = True
            raise RefusedReportsError(429, "too many reports", "of this key; what it shows cannot be judged any more")
        if document is None:
            document = pages.documents[batch.document] = Document(
                batch.document, batch.born / 1000, batch.url, batch.frame, batch.opener, batch.length
            )
        if batch.number in document.batches:
            return  # a call that was repeated
        document.batches[batch.number] = [report for report in reports if is_valid(report)]
        document.under_way = min(document.under_way, self._now() - batch.sent / 1000)
        document.size += size
        pages.state = next(self._states)
        pages.size += size
        self._size += size
        while self._size > MOST_OF_ALL and len(self._pages) > 1:
            self._size -= self._pages.popitem(last=False)[1].size
