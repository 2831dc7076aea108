"""Keeps footage of a play: Playwright's trace of its context, and a picture of the popup before each step in it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Footage


class Filming:
    """The footage of one play.

    Args:
        context: the context of the play.
        footage: what is to be kept; None keeps nothing.
        seconds: how long each part of it may take: a busy page may let none be taken.
    """

    def __init__(self, context: BrowserContext, footage: Footage | None, seconds: float) -> None:
        self._context = context
        self._footage = footage
        self._seconds = seconds
        self._is_tracing = False

    async def begin(self) -> None:
        """Begin the trace, in which the windows are drawn and their documents are kept."""
        if self._footage is None:
            return
        try:
            async with asyncio.timeout(self._seconds):
                await self._context.tracing.start(screenshots=True, snapshots=True)
            self._is_tracing = True
        except (PlaywrightError, TimeoutError) as error:
            self._footage.untraced = _reason(error)

    async def keep_popup(self, popup: Page) -> None:
        """Take a picture of the popup, in the place of an earlier one."""
        if self._footage is not None:
            await picture(popup, self._footage.popup, self._seconds)

    async def end(self) -> None:
        """Write the trace, while the context is still there."""
        if self._footage is None or not self._is_tracing:
            return
        try:
            async with asyncio.timeout(self._seconds):
                await self._context.tracing.stop(path=self._footage.trace)
        except (PlaywrightError, TimeoutError, OSError) as error:
            self._footage.untraced = _reason(error)


async def picture(page: Page, file: Path, seconds: float) -> None:
    """Write a screenshot of a page; none if it has closed, or the file cannot be written."""
    # Playwright's own time-out begins only when it comes to the picture, after all that a busy page reports.
    with suppress(PlaywrightError, TimeoutError, OSError):
        async with asyncio.timeout(seconds):
            await page.screenshot(path=file, timeout=seconds * 1000)


def _reason(error: Exception) -> str:
    text = error.message if isinstance(error, PlaywrightError) else str(error) or "it took too long"
    return f"the browser kept no trace: {text.splitlines()[0]}"
