"""Where the browsers of a run come from: one that it launches here, or those of its endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from playwright.async_api import Browser as PlaywrightBrowser

from oauth_window_harness.drivers.endpoints import Endpoint
from oauth_window_harness.drivers.engines import CHROMIUM, Engine
from oauth_window_harness.drivers.playwright.connect import connect
from oauth_window_harness.drivers.playwright.launch import Launch
from oauth_window_harness.drivers.playwright.probe import ProbePage, probe
from oauth_window_harness.errors import EndpointError, EndpointsGoneError, HarnessError
from oauth_window_harness.results.model import EndpointResult

#: How long an endpoint whose browser has ended may take to give another one, in seconds.
_AGAIN = 10.0


@dataclass
class Supplied:
    """A browser to play in.

    Attributes:
        browser: Playwright's.
        skew: by how much its clock is ahead of this machine's, in seconds.
    """

    browser: PlaywrightBrowser
    skew: float = 0.0


class Supply(Protocol):
    """The browsers of a run."""

    async def open(self, launch: Launch) -> None:
        """Get the first browsers.

        Raises:
            HarnessError: one cannot be had.
        """

    async def of(self, slot: int) -> Supplied:
        """Return a browser that is alive, for a play in a slot.

        Raises:
            HarnessError: none can be had any more.
        """

    def begin(self, browser: PlaywrightBrowser | None) -> None:
        """Count a play that is begun in a browser."""

    def browsers(self) -> Sequence[PlaywrightBrowser]:
        """Return the browsers that were got, also those that have ended."""

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return what became of each endpoint."""


@dataclass
class OwnBrowser:
    """One browser that is launched here, and another one where it has ended: only the plays in it have to suffer.

    Attributes:
        fingerprint: the fingerprint of the stub's key.
        executable: the browser's program, or None.
        headed: whether it is visible.
        engine: its engine.
        has_begun: whether its launch has been begun elsewhere.
    """

    fingerprint: str
    executable: str | None = None
    headed: bool = False
    engine: Engine = CHROMIUM
    has_begun: bool = False
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, launch: Launch) -> None:
        """Get the browser, whose launch may have begun already."""
        self._launch = launch
        self._supplied = Supplied(await (launch.browser() if self.has_begun else self._start()))

    async def of(self, slot: int) -> Supplied:  # noqa: ARG002
        """Return the browser, the same for all plays at once."""
        async with self._lock:
            if not self._supplied.browser.is_connected():
                self._supplied = Supplied(await self._start())
        return self._supplied

    def begin(self, browser: PlaywrightBrowser | None) -> None:
        """Do nothing: there is nothing to compare the number with."""

    def browsers(self) -> Sequence[PlaywrightBrowser]:
        """Return the browser."""
        return [self._supplied.browser]

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return none."""
        return ()

    async def _start(self) -> PlaywrightBrowser:
        await self._launch.begin(
            executable=self.executable, headed=self.headed, fingerprint=self.fingerprint, engine=self.engine
        )
        return await self._launch.browser()


@dataclass
class _Far:
    """A browser elsewhere, and what became of it."""

    endpoint: Endpoint
    supplied: Supplied
    plays: int = 0
    ended: int = 0
    lost: str | None = None


@dataclass
class FarBrowsers:
    """The browsers of the endpoints, over which the plays at once are spread.

    Attributes:
        addresses: the endpoints.
        engine: the engine that all of them are to be.
        page: the page by which each is probed.
        executable: the program that a Playwright server is to launch on its machine, or None.
    """

    addresses: Sequence[Endpoint]
    engine: Engine
    page: ProbePage
    executable: str | None = None
    _all: list[_Far] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, launch: Launch) -> None:
        """Connect to all endpoints at the same time, and probe them."""
        self._launch = launch
        tasks = [asyncio.ensure_future(self._connect(endpoint)) for endpoint in self.addresses]
        try:
            supplied = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        self._all = [_Far(endpoint, one) for endpoint, one in zip(self.addresses, supplied, strict=True)]

    async def of(self, slot: int) -> Supplied:
        """Return the browser of a slot; that of another endpoint where its own has gone."""
        async with self._lock:
            for far in self._living():
                if not far.supplied.browser.is_connected():
                    await self._revive(far)
            living = self._living()
            if not living:
                raise EndpointsGoneError(
                    "no endpoint is left to play at",
                    where=", ".join(f"--endpoint {far.endpoint.name}" for far in self._all),
                    seen="; ".join(dict.fromkeys(str(far.lost) for far in self._all)),
                    todo="start them again, and play again what could not be judged",
                )
            return living[slot % len(living)].supplied

    def begin(self, browser: PlaywrightBrowser | None) -> None:
        """Count a play that is begun in a browser."""
        for far in self._all:
            far.plays += far.supplied.browser is browser

    def browsers(self) -> Sequence[PlaywrightBrowser]:
        """Return the browsers, also those that have ended."""
        return [far.supplied.browser for far in self._all]

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return what became of each endpoint."""
        return tuple(
            EndpointResult(
                address=far.endpoint.name,
                version=far.supplied.browser.version,
                plays=far.plays,
                ended=far.ended,
                lost=far.lost,
            )
            for far in self._all
        )

    def _living(self) -> list[_Far]:
        return [far for far in self._all if far.lost is None]

    async def _revive(self, far: _Far) -> None:
        """Get another browser of an endpoint whose browser has ended; where there is none, take the endpoint out."""
        far.ended += 1
        try:
            far.supplied = await self._connect(far.endpoint, _AGAIN)
        except HarnessError as error:
            far.lost = f"its browser ended, and then: {error.what}{f', {error.seen}' if error.seen else ''}"

    async def _connect(self, endpoint: Endpoint, seconds: float | None = None) -> Supplied:
        playwright = await self._launch.playwright()
        within = {} if seconds is None else {"seconds": seconds}
        browser = await connect(playwright, endpoint, self.engine, executable=self.executable, **within)
        try:
            return Supplied(browser, await probe(browser, endpoint, self.engine, self.page))
        except BaseException as error:
            with suppress(Exception):
                await browser.close()
            if isinstance(error, HarnessError) or not isinstance(error, Exception):
                raise
            raise EndpointError("the browser at the endpoint ended at once", where=endpoint.name) from error
