"""The requests of all windows of a context: whether any is in progress, and whether any told the app's server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import StepTaken
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.scenario import intrusion

#: The resource types of what a server answers with a file, and does nothing else upon.
_FILES = frozenset({"font", "stylesheet", "script", "manifest", "texttrack", "media"})


class Traffic:
    """The requests of one context.

    Args:
        journal: the journal of the play in it.

    Attributes:
        has_told_server: whether a window has asked the app's own server for more than a file since the user's first
            step: it may do something upon that when it has answered.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._pending: set[Any] = set()
        self.has_told_server = False

    def follow(self, context: Any) -> None:
        """Take the requests of a context from now on."""
        context.on("request", self._on_request)
        context.on("requestfinished", self._on_end)
        context.on("requestfailed", self._on_end)

    def is_idle(self) -> bool:
        """Return whether no request of a window that is open is in progress."""
        return not any(map(_is_of_open_window, self._pending))

    def _on_request(self, request: Any) -> None:
        self._pending.add(request)
        is_to_app = urlsplit(request.url).hostname not in rules.PRODUCTION_HOSTS and intrusion.PATH not in request.url
        if is_to_app and request.resource_type not in _FILES and self._journal.of(StepTaken):
            self.has_told_server = True

    def _on_end(self, request: Any) -> None:
        self._pending.discard(request)


def _is_of_open_window(request: Any) -> bool:
    with suppress(PlaywrightError):  # the frame of a navigation may not be known yet, and a worker has none
        return not request.frame.page.is_closed()
    return True
