"""Opens the service's own window for a person, and captures what it posts to its opener.

The captured messages are not redacted: they stay in memory until `record.redaction` has processed them.
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
from oauth_window_harness.drivers.playwright.launch import launch

#: How long a window that has posted its event may take to close or to post more, in seconds.
CLOSING = 3.0
#: How long after a window has closed its last message may take to arrive, in seconds.
ON_ITS_WAY = 1.0

#: The longest report that is accepted, in characters; no event is longer.
_LONGEST = 200_000

#: The hosts where a person types a password; the observer does not run there.
_UNOBSERVED = [rules.FACEBOOK.removeprefix("www."), rules.LOCAL_FACEBOOK]
_GUARD = """(() => {
  const host = location.hostname;
  if (%s.some((name) => host === name || host.endsWith(`.${name}`))) delete window.__oauthWindow;
  else { %s }
})()"""

_PAGE = Path(__file__).with_name("opener.html").read_text(encoding="utf-8")

#: Why the capture ended: the event came; the window or the browser was closed; start refused; nothing happened in time.
End = Literal["event", "window-closed", "browser-closed", "refused", "patience"]


@dataclass(frozen=True, repr=False)
class CapturedMessage:
    """A message as the opener received it; ``target_origin`` is None if the call could not be observed."""

    data: Any
    origin: str
    target_origin: str | None


@dataclass(frozen=True, repr=False)
class Capture:
    """The result of a capture.

    Attributes:
        messages: those that the opener received, in order.
        end: why the capture ended.
        refusal_status: the status with which start refused the window, or None.
    """

    messages: tuple[CapturedMessage, ...]
    end: End
    refusal_status: int | None = None


def opener(start: str) -> Callable[[Request], Document]:
    """Return the app that serves the opener, a page that opens the address of start."""
    settings = json.dumps({"start": start}).replace("<", "\\u003c")
    document = _PAGE.replace("{{ settings }}", settings)
    return lambda _request: Document(document, content_type="text/html; charset=utf-8")


async def capture(
    page: str, start: str, *, executable: str | None, headed: bool, patience: float, tell: Callable[[str], None]
) -> Capture:
    """Open the page, make it open the window, and wait until a person has gone through it.

    Args:
        page: the address of the opener.
        start: the address that the window opens at.
        executable: the browser's program; None for the default.
        headed: whether the browser is visible.
        patience: how long the person may take, in seconds.
        tell: called with a sentence on each progress, without anything personal.

    Raises:
        BrowserMissingError: there is no browser, or it does not start.
    """
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await launch(playwright, executable=executable, headed=headed)
        stack.push_async_callback(_close, browser)
        context = await browser.new_context(no_viewport=True) if headed else await browser.new_context()
        return await _WindowWatch(context, start, tell).run(page, patience)


class _WindowWatch:
    """Watches one window, from its opening until nothing more is to come."""

    def __init__(self, context: BrowserContext, start: str, tell: Callable[[str], None]) -> None:
        self._context = context
        self._start = start.partition("?")[0]
        self._tell = tell
        self._progress = asyncio.Event()
        self._opener: Page | None = None
        self._popup: Page | None = None
        self._browser_is_closed = False
        self._refusal_status: int | None = None
        self._host = ""
        self._messages: list[Mapping[str, Any]] = []
        self._posts: list[Mapping[str, Any]] = []

    async def run(self, page: str, patience: float) -> Capture:
        await self._context.expose_binding(script.BINDING, self._on_report)
        await self._context.add_init_script(_GUARD % (json.dumps(_UNOBSERVED), script.script(blocked=False)))
        self._context.on("response", self._on_response)
        self._context.on("close", self._on_browser_close)
        try:
            self._opener = await self._context.new_page()
            self._opener.on("close", self._on_browser_close)
            await self._opener.goto(page)
            async with self._opener.expect_popup() as opening:
                await self._opener.get_by_test_id("open").click()
            self._popup = await opening.value
            self._popup.on("close", self._wake)
            self._on_navigation(self._popup.main_frame)
            self._popup.on("framenavigated", self._on_navigation)
        except PlaywrightError:
            return Capture((), "browser-closed")
        await self._wait(lambda: self._has_event() or self._is_closed() or self._refusal_status is not None, patience)
        if self._has_event():
            await self._wait(self._is_closed, CLOSING)
        elif self._is_closed() and not self._browser_is_closed:
            await self._wait(lambda: bool(self._messages), ON_ITS_WAY)
        return Capture(tuple(self._message(message) for message in self._messages), self._end(), self._refusal_status)

    def _end(self) -> End:
        if self._has_event():
            return "event"
        if self._refusal_status is not None:
            return "refused"
        if self._browser_is_closed:
            return "browser-closed"
        return "window-closed" if self._is_closed() else "patience"

    def _has_event(self) -> bool:
        return any(rules.account_of(message["data"]) is not None for message in self._messages)

    def _is_closed(self) -> bool:
        return self._browser_is_closed or self._popup is None or self._popup.is_closed()

    async def _wait(self, holds: Callable[[], bool], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._progress.wait()
                    self._progress.clear()

    def _message(self, report: Mapping[str, Any]) -> CapturedMessage:
        targets = [post["targetOrigin"] for post in self._posts if post["data"] == report["data"]]
        return CapturedMessage(report["data"], report["origin"], targets[0] if targets else None)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _wake(self, _page: object = None) -> None:
        self._progress.set()

    def _on_browser_close(self, _what: object = None) -> None:
        self._browser_is_closed = True
        self._wake()

    def _on_report(self, source: Mapping[str, Any], report: object = None) -> None:
        frame: Frame = source["frame"]
        if frame.parent_frame is not None or not isinstance(report, str) or len(report) > _LONGEST:
            return
        try:
            fields = read_json(report)
            kind, from_opener = fields["kind"], source["page"] is self._opener
            if kind == "received" and from_opener and fields["source"] == "popup" and isinstance(fields["origin"], str):
                self._messages.append({"data": fields["data"], "origin": fields["origin"]})
                self._tell("The window has posted a message.")
            elif kind == "posted" and not from_opener and isinstance(fields["targetOrigin"], str):
                self._posts.append({"data": fields["data"], "targetOrigin": fields["targetOrigin"]})
        except (KeyError, TypeError, ValueError):
            return
        self._wake()

    def _on_response(self, response: Response) -> None:
        is_start = response.url.partition("?")[0] == self._start and response.request.is_navigation_request()
        if is_start and response.status >= HTTPStatus.BAD_REQUEST:
            self._refusal_status = response.status
            self._wake()

    def _on_navigation(self, frame: Frame) -> None:
        host = urlsplit(frame.url).hostname
        if frame.parent_frame is None and host and host != self._host:
            self._host = host
            self._tell(f"The window is at {host}.")


async def _close(browser: Browser) -> None:
    with suppress(PlaywrightError):
        await browser.close()
