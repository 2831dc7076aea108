"""Thins out what a page or a server does over and over: a list asked for a thousand times a second fills no journal."""

from __future__ import annotations

from oauth_window_harness.journal.events import Event, PageRequested, RequestSeen
from oauth_window_harness.journal.page_events import PageAnswered

#: How many like events are kept in any case.
_KEPT = 100

#: From then on one is kept for each so many seconds: enough to see that they go on.
_APART = 0.1


class Thinning:
    """Says which events of one play are kept. A request is like another one with the same address and answer."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[int, float]] = {}

    def keeps(self, event: Event) -> bool:
        """Return whether an event is kept: whatever is no request, and of like requests the first ones and a few."""
        match event:
            case PageRequested():
                like: tuple[object, ...] = (PageRequested, event.method, event.url, event.body)
            case PageAnswered():
                like = (PageAnswered, event.method, event.url, event.status, event.failure)
            case RequestSeen():
                like = (RequestSeen, event.method, event.url, event.status, event.answer, event.sent_by)
            case _:
                return True
        count, last = self._kept.get(like, (0, 0.0))
        if count >= _KEPT and event.at < last + _APART:
            return False
        self._kept[like] = (count + 1, event.at)
        return True
