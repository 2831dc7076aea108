"""Starts Playwright and its browser, also while other things are done: both are programs that take long to start."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright

from oauth_window_harness.drivers import browsers
from oauth_window_harness.errors import BrowserMissingError


class Launch:
    """The start of Playwright and of one browser, in the background; no error is told before `browser` is called."""

    def __init__(self) -> None:
        self._browser: asyncio.Future[PlaywrightBrowser] | None = None

    async def __aenter__(self) -> Self:
        self._playwright = asyncio.ensure_future(async_playwright().start())
        await asyncio.sleep(0)  # its first step starts the program, which then needs nothing of this process
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._browser is not None:
            self._browser.cancel()
            await asyncio.gather(self._browser, return_exceptions=True)
        (playwright,) = await asyncio.gather(self._playwright, return_exceptions=True)
        if isinstance(playwright, Playwright):
            await playwright.stop()

    async def begin(self, *, executable: str | None, headed: bool, fingerprint: str) -> None:
        """Begin to start the browser, and return when Playwright has been told to; see `launch`."""

        async def start() -> PlaywrightBrowser:
            return await launch(await self._playwright, executable=executable, headed=headed, fingerprint=fingerprint)

        self._browser = asyncio.ensure_future(start())
        await asyncio.wait([self._playwright])
        await asyncio.sleep(0)

    async def browser(self) -> PlaywrightBrowser:
        """Return the browser when it has started.

        Raises:
            BrowserMissingError: there is no browser, or it does not start.
        """
        assert self._browser is not None
        return await self._browser


async def launch(
    playwright: Playwright, *, executable: str | None = None, headed: bool = False, fingerprint: str = ""
) -> PlaywrightBrowser:
    """Start a browser and return it: the one that is named, or else the one that is found.

    Raises:
        BrowserMissingError: there is no browser, or it does not start.
    """
    program = browsers.executable_of(executable) or _fallback_browser(playwright, headed=headed)
    # As root there is no sandbox to have; elsewhere some containers forbid one, and say so only when it is tried.
    attempts = [False] if os.geteuid() == 0 else [True, False]
    for sandbox in attempts:
        try:
            return await playwright.chromium.launch(
                executable_path=program,
                headless=not headed,
                chromium_sandbox=sandbox,
                ignore_default_args=[browsers.NO_BLOCKING_FLAG],
                args=[browsers.TRUST_FLAG.format(fingerprint)] if fingerprint else [],
                # The run ends its browser itself, in order, also when it is interrupted.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except PlaywrightError as error:
            if sandbox and "sandbox" in str(error).lower():
                continue
            raise _start_error(program, error) from None
    raise browsers.missing_browser_error()


def _fallback_browser(playwright: Playwright, *, headed: bool) -> Path | None:
    """Return a browser from PATH, or None if Playwright's own build is installed, which it then starts by default."""
    if browsers.own_build_at(playwright.chromium.executable_path):
        return None
    program = browsers.first_on_path(headed=headed)
    if program is None:
        raise browsers.missing_browser_error()
    return program


def _start_error(program: Path | None, error: PlaywrightError) -> BrowserMissingError:
    lines = [line.strip() for line in error.message.splitlines() if line.strip() and "<launching>" not in line]
    display = any("XServer" in line or "$DISPLAY" in line for line in lines)
    return BrowserMissingError(
        "the browser does not start",
        where=str(program or "Playwright's own build"),
        seen="no display for a browser with a window" if display else " ".join(lines[:3]),
        todo="leave --headed out, or run under xvfb-run"
        if display
        else "`oauth-window doctor` tries each browser that is here",
    )
