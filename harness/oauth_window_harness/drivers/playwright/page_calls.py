"""Records what came back to the page's own calls, and why nothing did, with either of Playwright's APIs."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.journal.page_events import CallForbidden, PageAnswered, ScriptFailed
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import SECRET_NAMES

#: As much of a refusal as tells what is wrong, in characters.
_TEXT = 200

#: The resource types of the calls that a page makes by script.
CALLS = frozenset({"fetch", "xhr"})

#: What the browser says of a call that the page itself ended, or that ended with its document.
_ENDED = ("ERR_ABORTED", "NS_BINDING_ABORTED", "cancelled")

#: How Chromium and Firefox tell on the console that a call was forbidden by CORS.
_FORBIDDEN = (
    re.compile(r"^Access to \w+ at '(?P<url>[^' ]+)'.* has been blocked by CORS policy: (?P<reason>.*)", re.DOTALL),
    re.compile(r"^Cross-Origin Request Blocked: .* resource at (?P<url>\S+?)\.? \(Reason: (?P<reason>.*)\)", re.DOTALL),
)


class PageCalls:
    """The page's calls by fetch and XMLHttpRequest, from their beginning to their answer.

    Args:
        api: gives access to the answers.
        play: the play, to whose journal the events are added.
    """

    def __init__(self, api: Api, play: Play) -> None:
        self._api = api
        self._journal = play.journal
        self._redact = play.redactor.text
        self._asked: dict[Any, tuple[float, str]] = {}
        self._scripts: set[Any] = set()
        self._unread: dict[Any, Any] = {}
        self._reading = 0

    def is_reading(self) -> bool:
        """Return whether the text of an answer is being read."""
        return self._reading > 0

    def begin(self, request: Any, at: float, sent: str) -> None:
        """Note that the page has made a call, or has asked for a script."""
        if request.resource_type in CALLS:
            self._asked[request] = (at, sent)
        elif request.resource_type == "script":
            self._scripts.add(request)

    def answer(self, response: Any) -> None:
        """Add what came back to a call; read the text of a refusal first."""
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._lose(response.request)
        if response.request not in self._asked:
            return
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._start_reading(response)
        elif _may_tell_of_failure(response):
            self._unread[response.request] = response
        else:
            self._add(response.request, response.status)

    def finish(self, request: Any) -> None:
        """Read an answer that went well once it is whole: one that goes on and on is waited for by nobody."""
        response = self._unread.pop(request, None)
        if response is not None:
            self._start_reading(response)

    def fail(self, request: Any) -> None:
        """Add that nothing came back to a call, unless the page itself ended it."""
        self._lose(request)
        if self._add_unread(request):
            return
        failure = str(request.failure or "no answer")
        if any(words in failure for words in _ENDED):
            self._asked.pop(request, None)
        self._add(request, None, failure)

    def end(self) -> None:
        """Add that nothing has come back to the calls that are still waiting."""
        for request in list(self._asked):
            if not self._add_unread(request):
                self._add(request, None, "no answer came in time")

    def on_console(self, message: Any) -> None:
        """Add what the browser tells of a call that it forbade."""
        if message.type != "error":
            return
        found = next((match for pattern in _FORBIDDEN if (match := pattern.match(message.text))), None)
        if found is not None:
            reason = " ".join(found["reason"].split())
            self._journal.add(
                CallForbidden(
                    at=time.time(),
                    url=self._redact(found["url"]),
                    reason=self._redact(reason[:_TEXT]),
                    preflight="preflight" in reason.lower(),
                )
            )

    def _lose(self, request: Any) -> None:
        if request in self._scripts:
            self._scripts.discard(request)
            self._journal.add(ScriptFailed(at=time.time(), url=self._redact(request.url)))

    def _add_unread(self, request: Any) -> bool:
        """Add an answer whose body did not come whole, and return whether there was one."""
        response = self._unread.pop(request, None)
        if response is not None:
            self._add(request, response.status)
        return response is not None

    def _start_reading(self, response: Any) -> None:
        self._reading += 1
        self._api.start(self._read(response))

    async def _read(self, response: Any) -> None:
        text = ""
        try:
            with suppress(PlaywrightError):  # the window may close
                text = await self._api.text(response)
        finally:
            self._reading -= 1
            is_refusal = response.status >= HTTPStatus.BAD_REQUEST
            self._add(response.request, response.status, text=text if is_refusal or not _names_secret(text) else "")

    def _add(self, request: Any, status: int | None, failure: str = "", text: str = "") -> None:
        asked_at, sent = self._asked.pop(request, (None, ""))
        if asked_at is None:
            return
        self._journal.add(
            PageAnswered(
                at=time.time(),
                asked_at=asked_at,
                method=request.method,
                url=self._redact(request.url),
                sent=self._redact(sent),
                status=status,
                failure=self._redact(failure),
                text=self._redact(" ".join(text.split())[:_TEXT]),
            )
        )


def _may_tell_of_failure(response: Any) -> bool:
    """Return whether an answer that went well is JSON of the app's own, whose body may say that it did not."""
    is_json = "json" in response.headers.get("content-type", "").lower()
    return is_json and urlsplit(response.url).hostname not in rules.PRODUCTION_HOSTS


def _names_secret(text: str) -> bool:
    """Return whether the fields of an answer may hold a secret that has no shape by which it is masked."""
    return any(f'{name}"' in text.lower() for name in SECRET_NAMES)
