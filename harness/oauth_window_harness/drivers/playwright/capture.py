"""Opens the service's own window for a person, and hears what it posts to its opener.

What is heard is not redacted: it stays in memory until `record.redaction` has dealt with it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Frame, Page, Response, async_playwright
from playwright.async_api import Error as PlaywrightError
from werkzeug import Request
from werkzeug import Response as Document

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.shape import read_json
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.driver import launch

#: How long a window that has posted its event may go on, to close or to post more, in seconds.
CLOSING = 3.0
#: How long after a window has gone its last message may still be on its way, in seconds.
ON_ITS_WAY = 1.0

#: No event is longer, in characters.
_LONGEST = 200_000

#: Where a person types a password, nothing is put into the page.
_UNOBSERVED = [rules.FACEBOOK.removeprefix("www."), rules.LOCAL_FACEBOOK]
_GUARD = """(() => {
  const host = location.hostname;
  if (%s.some((name) => host === name || host.endsWith(`.${name}`))) delete window.__oauthWindow;
  else { %s }
})()"""

_PAGE = Path(__file__).with_name("opener.html").read_text(encoding="utf-8")

#: Why the waiting ended: the event came; the window or the whole browser was closed; start refused; nothing happened.
End = Literal["event", "window-closed", "browser-closed", "refused", "patience"]


@dataclass(frozen=True, repr=False)
class CapturedMessage:
    """A message as it came; ``target_origin`` is None where the posting could not be seen."""

    data: Any
    origin: str
    target_origin: str | None


@dataclass(frozen=True, repr=False)
class Captured:
    """What came of waiting for a person.

    Attributes:
        refused: the status with which start refused the window.
    """

    messages: tuple[CapturedMessage, ...]
    end: End
    refused: int | None = None


def opener(start: str) -> Callable[[Request], Document]:
    """Return the app of the page that opens start's address."""
    settings = json.dumps({"start": start}).replace("<", "\\u003c")
    document = _PAGE.replace("{{ settings }}", settings)
    return lambda _request: Document(document, content_type="text/html; charset=utf-8")


async def capture(
    page: str, start: str, *, executable: str | None, headed: bool, patience: float, tell: Callable[[str], None]
) -> Captured:
    """Open the page, let it open the window, and wait for a person.

    Args:
        page: the opener's address.
        start: the address that the window is opened with.
        executable: the browser's program, or None.
        headed: whether a person sees it.
        patience: how long the person is waited for, in seconds.
        tell: is told how it goes, without anything personal.

    Raises:
        BrowserMissingError: there is none, or it does not start.
    """
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await launch(playwright, executable=executable, headed=headed)
        stack.push_async_callback(_close, browser)
        context = await browser.new_context(no_viewport=True) if headed else await browser.new_context()
        return await _Waiting(context, start, tell).through(page, patience)


class _Waiting:
    """One window, from its opening to the moment at which nothing more is to come."""

    def __init__(self, context: BrowserContext, start: str, tell: Callable[[str], None]) -> None:
        self._context = context
        self._start = start.partition("?")[0]
        self._tell = tell
        self._happened = asyncio.Event()
        self._opener: Page | None = None
        self._popup: Page | None = None
        self._gone = False
        self._refused: int | None = None
        self._host = ""
        self._received: list[Mapping[str, Any]] = []
        self._posted: list[Mapping[str, Any]] = []

    async def through(self, page: str, patience: float) -> Captured:
        await self._context.expose_binding(script.BINDING, self._report)
        await self._context.add_init_script(_GUARD % (json.dumps(_UNOBSERVED), script.script(blocked=False)))
        self._context.on("response", self._answered)
        self._context.on("close", self._browser_gone)
        try:
            self._opener = await self._context.new_page()
            self._opener.on("close", self._browser_gone)
            await self._opener.goto(page)
            async with self._opener.expect_popup() as opening:
                await self._opener.get_by_test_id("open").click()
            self._popup = await opening.value
            self._popup.on("close", self._wake)
            self._went_on(self._popup.main_frame)
            self._popup.on("framenavigated", self._went_on)
        except PlaywrightError:
            return Captured((), "browser-closed")
        await self._wait(lambda: self._named() or self._closed() or self._refused is not None, patience)
        if self._named():
            await self._wait(self._closed, CLOSING)
        elif self._closed() and not self._gone:
            await self._wait(lambda: bool(self._received), ON_ITS_WAY)
        return Captured(tuple(self._message(told) for told in self._received), self._end(), self._refused)

    def _end(self) -> End:
        if self._named():
            return "event"
        if self._refused is not None:
            return "refused"
        if self._gone:
            return "browser-closed"
        return "window-closed" if self._closed() else "patience"

    def _named(self) -> bool:
        return any(rules.account_of(told["data"]) is not None for told in self._received)

    def _closed(self) -> bool:
        return self._gone or self._popup is None or self._popup.is_closed()

    async def _wait(self, holds: Callable[[], bool], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._happened.wait()
                    self._happened.clear()

    def _message(self, told: Mapping[str, Any]) -> CapturedMessage:
        targets = [post["targetOrigin"] for post in self._posted if post["data"] == told["data"]]
        return CapturedMessage(told["data"], told["origin"], targets[0] if targets else None)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _wake(self, _page: object = None) -> None:
        self._happened.set()

    def _browser_gone(self, _what: object = None) -> None:
        self._gone = True
        self._wake()

    def _report(self, source: Mapping[str, Any], report: object = None) -> None:
        frame: Frame = source["frame"]
        if frame.parent_frame is not None or not isinstance(report, str) or len(report) > _LONGEST:
            return
        try:
            told = read_json(report)
            kind, wanted = told["kind"], source["page"] is self._opener
            if kind == "received" and wanted and told["source"] == "popup" and isinstance(told["origin"], str):
                self._received.append({"data": told["data"], "origin": told["origin"]})
                self._tell("The window has posted a message.")
            elif kind == "posted" and not wanted and isinstance(told["targetOrigin"], str):
                self._posted.append({"data": told["data"], "targetOrigin": told["targetOrigin"]})
        except (KeyError, TypeError, ValueError):
            return
        self._wake()

    def _answered(self, response: Response) -> None:
        asked_start = response.url.partition("?")[0] == self._start and response.request.is_navigation_request()
        if asked_start and response.status >= HTTPStatus.BAD_REQUEST:
            self._refused = response.status
            self._wake()

    def _went_on(self, frame: Frame) -> None:
        host = urlsplit(frame.url).hostname
        if frame.parent_frame is None and host and host != self._host:
            self._host = host
            self._tell(f"The window is at {host}.")


async def _close(browser: Browser) -> None:
    with suppress(PlaywrightError):
        await browser.close()
