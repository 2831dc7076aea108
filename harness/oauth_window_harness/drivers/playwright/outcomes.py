"""Watches whether what ``--connected`` and ``--failed`` select is visible in the page under test."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.phrases import as_read
from oauth_window_harness.drivers.playwright.selectors import first_line, is_about_selector
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded, LackSupplied
from oauth_window_harness.journal.events import (
    ClosedRead,
    Event,
    ListenersChanged,
    OutcomeKind,
    OutcomeShown,
    WindowOpenCalled,
)
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor

#: Returns when the page under test changed last, in milliseconds since the epoch; 0 if the observer does not answer.
_SINCE = """(settling) => {
  const asked = new CustomEvent(settling, { detail: { since: 0 } });
  window.dispatchEvent(asked);
  return asked.detail.since;
}"""

#: Returns what an element says, and where it stands, through the shadow roots that it stands in.
_DESCRIPTION = """(element) => {
  const path = [];
  for (let node = element; node.parentNode; ) {
    const parent = node.parentNode, inShadow = parent instanceof ShadowRoot;
    path.unshift(`${inShadow ? "shadow " : ""}${[...parent.children].indexOf(node)}`);
    node = inShadow ? parent.host : parent;
  }
  return { text: (element.innerText ?? element.textContent ?? "").slice(0, 500), place: path.join(" ") };
}"""

#: What the page has done without a change of what it shows, which it would report as well.
_UNSEEN = (ListenersChanged, ClickHandlerAdded, LackSupplied, WindowOpenCalled, ClosedRead)

#: How long an element may take to describe itself, in seconds: it may have gone again.
_DESCRIBING = 2.0

#: How much of an element's text is quoted.
_QUOTE = 100


class OutcomeWatch:
    """Checks whether an outcome is visible, each time the observer reports that the page has changed.

    Before `begin`, nothing is visible.

    Args:
        prefix: the prefix of the options that name the outcomes, for error messages.
        redactor: redacts what is quoted of the page.
    """

    def __init__(self, api: Api, journal: Journal, target: Target, prefix: str, redactor: Redactor) -> None:
        self._api = api
        self._window: Window | None = None
        self._journal = journal
        self._prefix = prefix
        self._redactor = redactor
        named: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        self._named = {outcome: selector for outcome, selector in named.items() if selector is not None}
        self._selectors = {outcome: as_read(selector) for outcome, selector in self._named.items()}
        self._visible = dict.fromkeys(self._selectors, False)
        self._can_join = True
        self._is_looking = self._is_stale = False

    def begin(self, window: Window) -> None:
        """Watch this window from now on."""
        self._window = window

    async def check(self) -> None:
        """Check that the selectors of the outcomes are valid.

        Raises:
            UsageError: one is invalid.
        """
        assert self._window is not None
        with suppress(PlaywrightError):
            if self._selectors:
                await self._window.count(*self._selectors.values())
            return
        self._can_join = False
        for outcome, selector in self._selectors.items():
            try:
                await self._window.count(selector)
            except PlaywrightError as error:
                if not is_about_selector(error.message):
                    continue  # the page has closed, which is reported elsewhere
                raise UsageError(
                    "the selector cannot be used",
                    where=f"{self._prefix}{outcome} {self._named[outcome]!r}",
                    seen=first_line(error.message),
                ) from None

    @property
    def is_looking(self) -> bool:
        """Whether it looks now."""
        return self._is_looking

    def request_look(self, event: Event | None = None) -> None:
        """Start a look, or another one after the current one; none after an event that changes nothing to see."""
        if isinstance(event, _UNSEEN):
            return
        self._is_stale = bool(self._selectors) and self._window is not None
        if self._is_stale and not self._is_looking:
            self._is_looking = True
            self._api.start(self._look_until_fresh())

    async def look(self) -> None:
        """Check the outcomes now, and add to the journal those that have changed since the last look."""
        window = self._window
        if window is None or not self._selectors:
            return
        try:
            visible_now = await self._visible_now()
        except PlaywrightError:
            return  # the page has closed or navigated; the new document reports its own changes
        for outcome, visible in visible_now.items():
            if visible == self._visible[outcome]:
                continue
            shown = OutcomeShown(at=await self._last_change(window), outcome=outcome, visible=visible)
            if visible:
                shown = await self._with_match(window, shown, is_alone=list(visible_now.values()).count(True) == 1)
            # Another look may have come to its end meanwhile; none may leave before what it saw is in the journal.
            if visible != self._visible[outcome]:
                self._visible[outcome] = visible
                self._journal.add(shown)

    async def _visible_now(self) -> dict[OutcomeKind, bool]:
        """Return which outcomes are visible; as long as none was, one question tells that none is."""
        selectors = self._selectors.values()
        if self._can_join and not any(self._visible.values()) and not await self.count(*selectors):
            return dict.fromkeys(self._selectors, False)
        counts = await self._api.gather(*(self.count(selector) for selector in selectors))
        return {outcome: count > 0 for outcome, count in zip(self._selectors, counts, strict=True)}

    async def _with_match(self, window: Window, shown: OutcomeShown, *, is_alone: bool) -> OutcomeShown:
        """Return an outcome with what its selector matched, and whether the other's matches the same element."""
        if is_alone and (text := await self._text(window, self._selectors[shown.outcome])) is not None:
            return self._quoted(shown, text, is_both=False)
        asked = (outcome for outcome in self._selectors if outcome == shown.outcome or not is_alone)
        described = {outcome: await self._describe(window, self._selectors[outcome]) for outcome in asked}
        own = described.pop(shown.outcome)
        if own is None:
            return shown
        text, place = own
        is_both = any(other is not None and other[1] == place for other in described.values())
        return self._quoted(shown, text, is_both=is_both)

    def _quoted(self, shown: OutcomeShown, text: str, *, is_both: bool) -> OutcomeShown:
        """Return an outcome with its selector and what that matched."""
        selector = self._redactor.text(self._named[shown.outcome])
        matched = self._redactor.text(" ".join(text.split())[:_QUOTE])
        return replace(shown, selector=selector, matched=matched, is_both=is_both)

    async def _text(self, window: Window, selector: str) -> str | None:
        """Return the text of the first visible element of a page without frames; None if `_describe` is to tell it.

        A text alone takes one message where the place takes four, and they are what each play ends with.
        """
        main, *frames = window.in_frames()
        with suppress(PlaywrightError):  # it has gone, or is a drawing, which has no text of this kind
            return None if frames else await main.text(f"{selector} >> visible=true >> nth=0", _DESCRIBING)
        return None

    async def _describe(self, window: Window, selector: str) -> tuple[str, str] | None:
        """Return the text and the place of the first visible element that a selector matches; None if it has gone."""
        for number, document in enumerate(window.in_frames()):
            with suppress(PlaywrightError):
                if await document.count(selector):
                    first = f"{selector} >> visible=true >> nth=0"
                    described = await document.ask(first, _DESCRIPTION, _DESCRIBING)
                    return described["text"], f"{number} {described['place']}"
        return None

    async def count(self, selector: str, *others: str) -> int:
        """Return how many visible elements any of the selectors matches in the page and its frames."""
        assert self._window is not None
        main, *frames = self._window.in_frames()
        count = await main.count(selector, *others)
        for frame in frames:
            with suppress(PlaywrightError):  # the frame has gone
                count += await frame.count(selector, *others)
        return count

    async def _last_change(self, window: Window) -> float:
        """Return when the page changed last, in seconds since the epoch; on a busy machine the look itself is late."""
        now, since = time.time(), 0.0
        for document in window.in_frames():
            with suppress(PlaywrightError):
                since = max(since, await document.evaluate(_SINCE, script.SETTLE_EVENT))
        return min(since / 1000, now) if since else now

    async def _look_until_fresh(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                await self.look()
        finally:
            self._is_looking = False
