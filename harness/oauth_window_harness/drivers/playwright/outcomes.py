"""Watches the page under test for what ``--connected`` and ``--failed`` name."""

from __future__ import annotations

import asyncio
import time

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.selectors import first_line, is_about_selector
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.events import OutcomeKind, OutcomeShown
from oauth_window_harness.journal.journal import Journal

#: When the page under test changed last, in milliseconds since the epoch; 0 where nobody has looked.
_SINCE = """(settling) => {
  const asked = new CustomEvent(settling, { detail: { since: 0 } });
  window.dispatchEvent(asked);
  return asked.detail.since;
}"""


class OutcomeWatch:
    """Looks whether an outcome is visible, each time the observer says that the page has changed.

    Until it has begun, nothing is visible.
    """

    def __init__(self, journal: Journal, target: Target) -> None:
        self._page: Page | None = None
        self._journal = journal
        named: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        self._selectors = {outcome: selector for outcome, selector in named.items() if selector is not None}
        self._shown = dict.fromkeys(self._selectors, False)
        self._looking: asyncio.Task[None] | None = None
        self._stale = False

    def begin(self, page: Page) -> None:
        """Look at this page from now on."""
        self._page = page

    async def check(self) -> None:
        """See that what names the outcomes can be used.

        Raises:
            UsageError: it is no selector.
        """
        for outcome, selector in self._selectors.items():
            try:
                await self._matching(selector).count()
            except PlaywrightError as error:
                if not is_about_selector(error.message):
                    continue  # the page has gone, which is told elsewhere
                raise UsageError(
                    "the selector cannot be used",
                    where=f"--{outcome} {selector!r}",
                    seen=first_line(error.message),
                ) from None

    def changed(self) -> None:
        """Look again, once: what changes while a look is under way is seen by the next one."""
        self._stale = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_until_fresh())

    async def look(self) -> None:
        """Look now, and tell the journal what has changed since the last look."""
        matching = [self._matching(selector).locator("visible=true") for selector in self._selectors.values()]
        try:
            counts = await asyncio.gather(*(one.count() for one in matching))
        except PlaywrightError:
            return  # the page has gone, or shows another document; that one will tell when it changes
        for outcome, visible in zip(self._selectors, (count > 0 for count in counts), strict=True):
            if visible != self._shown[outcome]:
                self._shown[outcome] = visible
                at = await self._last_change()
                self._journal.add(OutcomeShown(at=at, outcome=outcome, visible=visible))

    async def _last_change(self) -> float:
        """Give when the page changed last: a busy machine looks late."""
        now = time.time()
        assert self._page is not None
        try:
            since: float = await self._page.evaluate(_SINCE, script.SETTLING)
        except PlaywrightError:
            return now
        return min(since / 1000, now) if since else now

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_until_fresh(self) -> None:
        while self._stale:
            self._stale = False
            await self.look()

    def _matching(self, selector: str) -> Locator:
        assert self._page is not None
        return self._page.locator(selector)
