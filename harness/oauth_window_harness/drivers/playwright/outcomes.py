"""Watches the page under test for what ``--connected`` and ``--failed`` name."""

from __future__ import annotations

import time

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.selectors import first_line, is_about_selector
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

    Args:
        prefix: of the options that name the outcomes, for what is said of them.
    """

    def __init__(self, api: Api, journal: Journal, target: Target, prefix: str) -> None:
        self._api = api
        self._window: Window | None = None
        self._journal = journal
        self._prefix = prefix
        named: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        self._selectors = {outcome: selector for outcome, selector in named.items() if selector is not None}
        self._shown = dict.fromkeys(self._selectors, False)
        self._looking = self._stale = False

    def begin(self, window: Window) -> None:
        """Look at this window from now on."""
        self._window = window

    async def check(self) -> None:
        """Check that what names the outcomes can be used.

        Raises:
            UsageError: it is no selector.
        """
        assert self._window is not None
        for outcome, selector in self._selectors.items():
            try:
                await self._window.count(selector)
            except PlaywrightError as error:
                if not is_about_selector(error.message):
                    continue  # the page has gone, which is told elsewhere
                raise UsageError(
                    "the selector cannot be used",
                    where=f"{self._prefix}{outcome} {selector!r}",
                    seen=first_line(error.message),
                ) from None

    def changed(self) -> None:
        """Look again, once: what changes while a look is under way is seen by the next one."""
        self._stale = bool(self._selectors) and self._window is not None
        if self._stale and not self._looking:
            self._looking = True
            self._api.start(self._look_until_fresh())

    async def look(self) -> None:
        """Look now, and write into the journal what has changed since the last look."""
        window = self._window
        if window is None or not self._selectors:
            return
        try:
            counts = await self._api.together(*(window.count(selector) for selector in self._selectors.values()))
        except PlaywrightError:
            return  # the page has gone, or shows another document; that one will tell when it changes
        for outcome, visible in zip(self._selectors, (count > 0 for count in counts), strict=True):
            if visible != self._shown[outcome]:
                self._shown[outcome] = visible
                at = await self._last_change(window)
                self._journal.add(OutcomeShown(at=at, outcome=outcome, visible=visible))

    async def _last_change(self, window: Window) -> float:
        """Return when the page changed last, in seconds since the epoch: a busy machine looks late."""
        now = time.time()
        try:
            since: float = await window.evaluate(_SINCE, script.SETTLING)
        except PlaywrightError:
            return now
        return min(since / 1000, now) if since else now

    async def _look_until_fresh(self) -> None:
        try:
            while self._stale:
                self._stale = False
                await self.look()
        finally:
            self._looking = False
