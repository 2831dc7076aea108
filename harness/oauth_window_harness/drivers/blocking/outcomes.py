"""Watches a test's page for what ``--connected`` and ``--failed`` name; see `drivers.playwright.outcomes`."""

from __future__ import annotations

import time

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.selectors import first_line, is_about_selector
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.events import OutcomeKind, OutcomeShown
from oauth_window_harness.journal.journal import Journal


class BorrowedOutcomes:
    """Looks whether an outcome is visible, each time the observer says that the page has changed."""

    def __init__(self, journal: Journal, target: Target) -> None:
        self._journal = journal
        named: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        self._selectors = {outcome: selector for outcome, selector in named.items() if selector is not None}
        self._shown = dict.fromkeys(self._selectors, False)
        self._looking = self._stale = False

    def check(self, page: Page) -> None:
        """See that what names the outcomes can be used.

        Raises:
            UsageError: it is no selector.
        """
        for outcome, selector in self._selectors.items():
            try:
                page.locator(selector).count()
            except PlaywrightError as error:
                if not is_about_selector(error.message):
                    continue  # the page has gone, which is told elsewhere
                seen = first_line(error.message)
                where = f"--oauth-window-{outcome} {selector!r}"
                raise UsageError("the selector cannot be used", where=where, seen=seen) from None

    def changed(self, page: Page) -> None:
        """Look again, once: what changes while a look is under way is seen by the next one."""
        self._stale = bool(self._selectors)
        if self._looking:
            return
        self._looking = True
        try:
            while self._stale:
                self._stale = False
                self.look(page)
        finally:
            self._looking = False

    def look(self, page: Page) -> None:
        """Look now, and tell the journal what has changed since the last look."""
        for outcome, selector in self._selectors.items():
            at = time.time()
            try:
                visible = page.locator(selector).locator("visible=true").count() > 0
            except PlaywrightError:
                return  # the page has gone, or shows another document; that one will tell when it changes
            if visible != self._shown[outcome]:
                self._shown[outcome] = visible
                self._journal.add(OutcomeShown(at=at, outcome=outcome, visible=visible))
