"""Preflights: the browser sends them without a suite's headers, so the requests that follow them tell their keys."""

from __future__ import annotations

import threading
from collections import OrderedDict

from werkzeug import Request

from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.journal import Journal

#: The most preflights that wait for their requests; the oldest is dropped first.
_MOST = 1_000

#: How long a preflight waits for its request, in seconds.
_AGE = 10.0


class Preflights:
    """The preflights that no key is known of, until their requests come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[tuple[str, ...], list[Event]] = OrderedDict()

    def keep(self, request: Request, entries: list[Event]) -> None:
        """Keep what was written down of a preflight until its request comes."""
        with self._lock:
            # One whose request has not come by now was given up by its page.
            since = max((one.at for one in entries), default=0.0) - _AGE
            before = [one for one in self._waiting.pop(_name(request), ()) if one.at > since]
            self._waiting[_name(request)] = [*before, *entries]
            while len(self._waiting) > _MOST:
                self._waiting.popitem(last=False)

    def release(self, request: Request, journal: Journal) -> None:
        """Add what was kept of a request's preflight to the journal of its key."""
        if not self._waiting:
            return
        with self._lock:
            entries = self._waiting.pop(_name(request), ())
        for entry in entries:
            journal.add(entry)


def is_preflight(request: Request) -> bool:
    """Return whether a request is a preflight (Fetch Standard, §4.8)."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _name(request: Request) -> tuple[str, ...]:
    """Return what a preflight and its request have in common: the method of the request, the page, and the address."""
    method = request.headers.get("Access-Control-Request-Method", request.method)
    return method, request.headers.get("Origin", ""), request.url
