"""Starts Playwright and its browser, also while other things are done: both are programs that take long to start."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserType, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import CHROMIUM, ENGINES, Engine
from oauth_window_harness.errors import BrowserMissingError, UsageError


class Launch:
    """The start of Playwright and of one browser, in the background; no error is told before `browser` is called."""

    def __init__(self) -> None:
        self._browser: asyncio.Future[PlaywrightBrowser] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        begin, loop.subprocess_exec = loop.subprocess_exec, _apart(loop)  # type: ignore[method-assign]
        self._playwright = asyncio.ensure_future(async_playwright().start())
        self._playwright.add_done_callback(lambda _: setattr(loop, "subprocess_exec", begin))
        try:
            await asyncio.sleep(0)  # its first step starts the program, which then needs nothing of this process
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._browser is not None:
            self._browser.cancel()
            await asyncio.gather(self._browser, return_exceptions=True)
        # A start that is cancelled halfway may wait for ever for the program that it was about to start.
        await asyncio.wait([self._playwright])
        if self._playwright.exception() is None:
            await self._playwright.result().stop()

    async def begin(self, *, executable: str | None, headed: bool, fingerprint: str, engine: Engine = CHROMIUM) -> None:
        """Begin to start the browser, and return when Playwright has been told to; see `launch`."""

        async def start() -> PlaywrightBrowser:
            return await launch(
                await self.playwright(),
                executable=executable,
                headed=headed,
                fingerprint=fingerprint,
                engine=engine,
            )

        self._browser = asyncio.ensure_future(start())
        await asyncio.wait([self._playwright])
        await asyncio.sleep(0)

    async def playwright(self) -> Playwright:
        """Return Playwright when it has started."""
        return await asyncio.shield(self._playwright)

    async def engines(self, *, headed: bool) -> list[str]:
        """Return the names of the engines of which a browser is here.

        Raises:
            BrowserMissingError: one was named, and is not there.
        """
        playwright = await self.playwright()
        return [
            engine.name
            for engine in ENGINES.values()
            if browsers.is_here(engine, getattr(playwright, engine.name).executable_path, headed=headed)
        ]

    async def browser(self) -> PlaywrightBrowser:
        """Return the browser when it has started.

        Raises:
            BrowserMissingError: there is no browser, or it does not start.
        """
        assert self._browser is not None
        return await self._browser


def _apart(loop: asyncio.AbstractEventLoop) -> Callable[..., Any]:
    """Return the loop's way to start a program, but in a session of its own.

    A signal to the whole process group, as of a terminal or a CI runner, would end Playwright's program at once: plays
    under way would break, and their browser would leave its temporary folders.
    """
    return partial(loop.subprocess_exec, start_new_session=True)


async def launch(
    playwright: Playwright,
    *,
    executable: str | None = None,
    headed: bool = False,
    fingerprint: str = "",
    engine: Engine = CHROMIUM,
) -> PlaywrightBrowser:
    """Start a browser of an engine and return it: the one that is named, or else the one that is found.

    Raises:
        BrowserMissingError: there is no browser, or it does not start.
        UsageError: the program that was named is another engine's.
    """
    kind: BrowserType = getattr(playwright, engine.name)
    given = {"headless": not headed}
    arguments = browsers.launch_arguments(
        given, own_build=kind.executable_path, executable=executable, fingerprint=fingerprint, engine=engine
    )
    program = arguments.get("executable_path")
    other = browsers.other_engine_of(Path(program), engine) if program else None
    if other is not None:  # it would start, and never answer
        raise UsageError(
            "the program and the browser do not fit",
            where=f"--executable {program}" if executable else f"the environment variable {engine.variable}",
            seen=f"by its name a {other.title}, which is to be driven as {engine.title}",
            todo=f"name --browser {other.name} as well, or leave the program out",
        )
    # As root there is no sandbox to have; elsewhere some containers forbid one, and say so only when it is tried.
    attempts = [True, False] if engine.has_sandbox and os.geteuid() != 0 else [False]
    for sandbox in attempts:
        if engine.has_sandbox:
            arguments["chromium_sandbox"] = sandbox
        try:
            browser = await kind.launch(
                **arguments,
                # The run ends its browser itself, in order, also when it is interrupted.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except PlaywrightError as error:
            if sandbox and "sandbox" in str(error).lower():
                continue
            raise _start_error(program, error) from None
        if engine.stock and engine.stock.items() <= arguments.items():
            await _check_context(browser, program or engine.title)
        return browser
    raise browsers.missing_browser_error(engine)


async def _check_context(browser: PlaywrightBrowser, program: str) -> None:
    """Check that a browser which is not Playwright's own build understands what Playwright says to it.

    Raises:
        BrowserMissingError: it does not.
    """
    try:
        await (await browser.new_context()).close()
    except PlaywrightError as error:
        await browser.close()
        raise BrowserMissingError(
            f"Playwright {version('playwright')} cannot drive this {browser.browser_type.name}",
            where=program,
            seen=f"version {browser.version}: {error.message.splitlines()[0]}",
            todo=f"run `playwright install {browser.browser_type.name}` for Playwright's own build, or install a "
            "Playwright that can: 1.60 to 1.64 drive a stock Firefox",
        ) from None


def _start_error(program: str | None, error: PlaywrightError) -> BrowserMissingError:
    lines = [line.strip() for line in error.message.splitlines() if line.strip() and "<launching>" not in line]
    display = any("XServer" in line or "$DISPLAY" in line for line in lines)
    return BrowserMissingError(
        "the browser does not start",
        where=program or "Playwright's own build",
        seen="no display for a browser with a window" if display else " ".join(lines[:3]),
        todo="leave --headed out, or run under xvfb-run"
        if display
        else "`oauth-window doctor` tries each browser that is here",
    )
