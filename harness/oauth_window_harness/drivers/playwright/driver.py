"""Drives a real browser with Playwright's async API."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.base import Browser, Target
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.errors import BadFileError, BrowserMissingError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Scenario


class PlaywrightDriver:
    """One browser for a run, and a new context for each scenario.

    Args:
        gateway: returns the URL of the proxy for the pages of a slot.
        fingerprint: the fingerprint of the stub's key; see `network.certificates.Authority.fingerprint`.
        executable: the browser's program; None is Playwright's own build, or else one from PATH.
        headed: whether the browser is visible.
        storage_state: the cookies and the local storage of each new context, in Playwright's form.
    """

    name = "playwright"

    def __init__(
        self,
        *,
        gateway: Callable[[int], str],
        fingerprint: str,
        executable: str | None = None,
        headed: bool = False,
        storage_state: Mapping[str, Any] | None = None,
    ) -> None:
        self._gateway = gateway
        self._fingerprint = fingerprint
        self._executable = executable
        self._headed = headed
        self._storage_state: Any = storage_state
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            self._browser = await launch(
                playwright, executable=self._executable, headed=self._headed, fingerprint=self._fingerprint
            )
            stack.push_async_callback(self._close)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def browser(self) -> Browser:
        """The engine and its version."""
        return Browser(self._browser.browser_type.name, self._browser.version)

    def skip_reason(self, scenario: Scenario) -> str | None:  # noqa: ARG002
        """Return None: a real browser can judge every scenario."""
        return None

    @asynccontextmanager
    async def stage(self, play: Play, target: Target) -> AsyncIterator[BrowserStage]:
        """Yield the stage of a new context, all of whose requests go through the gateway."""
        context = await self._context(target, play.slot)
        stage = BrowserStage(context, play, target)
        try:
            await stage.observe()
            yield stage
        finally:
            with suppress(PlaywrightError):
                await stage.close()

    async def _context(self, target: Target, slot: int) -> BrowserContext:
        try:
            return await self._browser.new_context(
                proxy={"server": self._gateway(slot)},
                # The stub's key is trusted by its fingerprint; an app on TLS has a development certificate of its own.
                ignore_https_errors=target.url.startswith("https:"),
                storage_state=self._storage_state,
            )
        except PlaywrightError:
            if self._storage_state is None or not self._browser.is_connected():
                raise
            # Playwright's message quotes the cookie or the entry, which is secret.
            raise BadFileError(
                "the browser does not take the storage state",
                where="--storage-state",
                todo="save it anew with Playwright: `playwright open --save-storage=FILE URL`",
            ) from None

    async def _close(self) -> None:
        # The browser may be closed already.
        with suppress(PlaywrightError):
            await self._browser.close()


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
