"""Drives a real browser with Playwright's async API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Browser, Footage, Target
from oauth_window_harness.drivers.playwright.connection import while_connected
from oauth_window_harness.drivers.playwright.launch import Launch
from oauth_window_harness.drivers.playwright.observed_context import ObservedContext
from oauth_window_harness.drivers.playwright.spare import Spare
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.drivers.playwright.supply import Supply
from oauth_window_harness.errors import BadFileError, ServerEndedError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.model import EndpointResult
from oauth_window_harness.scenario.model import Scenario


class PlaywrightDriver:
    """The browsers of a run, and a new context for each scenario.

    Args:
        gateway: returns the URL of the proxy for the pages of a slot.
        supply: where its browsers come from.
        headed: whether the browser is visible.
        trusts_key: whether the browser was launched so that it trusts the stub's key by its fingerprint.
        storage_state: the cookies and the local storage of each new context, in Playwright's form.
        storage_file: the file that they were read from, for errors.
        launch: the launch of the browser, if it has begun already.
    """

    name = "playwright"
    keeps_footage = True

    def __init__(
        self,
        *,
        gateway: Callable[[int], str],
        supply: Supply,
        headed: bool = False,
        trusts_key: bool = True,
        storage_state: Mapping[str, Any] | None = None,
        storage_file: Path | None = None,
        launch: Launch | None = None,
    ) -> None:
        self._gateway = gateway
        self._supply = supply
        self._headed = headed
        self._trusts_key = trusts_key
        self._storage_state: Any = storage_state
        self._storage_file = storage_file
        self._launch = launch
        self._stack = AsyncExitStack()
        self._spares: dict[tuple[int, bool], Spare] = {}

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            launch = self._launch
            if launch is None:
                launch = await stack.enter_async_context(Launch())
            await self._supply.open(launch)
            stack.push_async_callback(self._close)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        for spare in self._spares.values():
            await spare.drop()
        await self._stack.aclose()

    @property
    def browser(self) -> Browser:
        """The engine and its version; of several browsers that differ, the versions."""
        every = self._supply.browsers()
        return Browser(every[0].browser_type.name, ", ".join(dict.fromkeys(one.version for one in every)))

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return the browsers elsewhere, with what became of each."""
        return self._supply.endpoints()

    def skip_reason(self, scenario: Scenario) -> str | None:  # noqa: ARG002
        """Return None: a real browser can judge every scenario."""
        return None

    @asynccontextmanager
    async def stage(self, play: Play, target: Target, footage: Footage | None = None) -> AsyncIterator[BrowserStage]:
        """Yield the stage of a new context, all of whose requests go through the gateway."""
        # The stub's key is trusted by its fingerprint, where the browser was launched so; an app on TLS has a
        # development certificate of its own.
        key = (play.slot, target.url.startswith("https:") or not self._trusts_key)
        if key not in self._spares:
            self._spares[key] = Spare(partial(self._observed, *key))
        spare = self._spares[key]
        blocked = play.scenario.blocked
        with _program_running():
            observed = await (self._observed(*key, blocked=True) if blocked else spare.take())
            browser = observed.context.browser
            assert browser is not None  # one that is not a persistent context's own
            self._supply.begin(browser)
            # A visible window would open in front of the one that its user looks at.
            before_end = (lambda: None) if self._headed else spare.prepare
            stage = BrowserStage(observed.context, play, target, before_end, footage)
            try:
                async with while_connected(browser):
                    await stage.observe(observed)
                    yield stage
            finally:
                with suppress(PlaywrightError):
                    await stage.close()

    async def _observed(self, slot: int, trusting: bool, *, blocked: bool = False) -> ObservedContext:
        supplied = await self._supply.of(slot)
        browser = supplied.browser
        async with while_connected(browser):
            context = await self._context(browser, slot, trusting=trusting)
            return await ObservedContext.open(context, blocked=blocked, skew=supplied.skew)

    async def _context(self, browser: PlaywrightBrowser, slot: int, *, trusting: bool) -> BrowserContext:
        try:
            return await browser.new_context(
                proxy={"server": self._gateway(slot)},
                ignore_https_errors=trusting,
                storage_state=self._storage_state,
            )
        except PlaywrightError:
            if self._storage_state is None or not browser.is_connected():
                raise
            raise await self._storage_error(browser, slot) from None

    async def _storage_error(self, browser: PlaywrightBrowser, slot: int) -> BadFileError:
        """Return the error for a storage state that the browser does not take, with the first of its parts that is why.

        Playwright's message quotes the cookie or the entry, which is secret.
        """
        parts = [
            (name, place, part) for name, all_of in self._storage_state.items() for place, part in enumerate(all_of)
        ]
        seen = ""
        for name, place, part in parts:
            try:
                alone: Any = {name: [part]}
                proxy: Any = {"server": self._gateway(slot)}
                await (await browser.new_context(proxy=proxy, storage_state=alone)).close()
            except PlaywrightError:
                seen = f"the browser does not take {name}.{place}"
                break
        return BadFileError(
            "the browser does not take the storage state",
            where=f"--storage-state {self._storage_file or ''}".rstrip(),
            seen=seen,
            todo="save it anew with Playwright: `playwright open --save-storage=FILE URL`",
        )

    async def _close(self) -> None:
        # The browser may be closed already; where Playwright's own program has ended, it raises a plain exception.
        for browser in self._supply.browsers():
            with suppress(Exception):
                await browser.close()


@contextmanager
def _program_running() -> Iterator[None]:
    """Report the end of Playwright's own program, through which each browser is driven, as what it is.

    Raises:
        ServerEndedError: it has ended; Playwright raises a plain exception then.
    """
    try:
        yield
    except Exception as error:
        if type(error) is not Exception:
            raise
        raise ServerEndedError("Playwright's program has ended", seen=str(error)) from None
