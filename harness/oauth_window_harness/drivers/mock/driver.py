"""Drives the mock browser: one transport for the whole run, and a new profile for each scenario."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from werkzeug import Request, Response

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.drivers.base import Browser, Footage, Target
from oauth_window_harness.drivers.mock import scripts
from oauth_window_harness.drivers.mock.network import Profile, RoutedTransport, RouteLookup
from oauth_window_harness.drivers.mock.page import Page, RunningPage
from oauth_window_harness.drivers.mock.reference_page import ReferencePage
from oauth_window_harness.drivers.mock.stage import MockStage
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.journal.events import OutcomeKind
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Scenario


def windows_of(play: Play, profile: Profile, page: Page, outcomes: frozenset[OutcomeKind] = frozenset()) -> MockWindows:
    """Return the windows of a profile in which a page runs that opens the stub's window."""
    return MockWindows(play, profile, lambda windows: RunningPage(page, windows), scripts.run, outcomes)


def unplayable(scenario: Scenario) -> str | None:
    """Return why no mock browser can play a scenario, or None if it can."""
    if scenario.finish.window == "new":
        return "the mock browser's popups open no windows of their own, as finish.window: new asks for"
    return None


class MockDriver:
    """Implements `drivers.base.Driver` without a browser.

    Args:
        lookup: returns the current routes; see `stub.world.World.offloaded_routes`.
        page: makes the script of the page under test.
        stage: the class of the stages that it makes.
        skip_reason: returns why a scenario cannot be judged with that page, or None if it can be.
        answer: answers the requests to the stub, where it may be asked within this process; see `RoutedTransport`.
    """

    name = "mock"
    keeps_footage = False

    def __init__(
        self,
        lookup: RouteLookup,
        page: Callable[[], Page] = ReferencePage,
        stage: type[MockStage] = MockStage,
        skip_reason: Callable[[Scenario], str | None] = lambda _scenario: None,
        answer: Callable[[Request], Response] | None = None,
    ) -> None:
        self._transport = RoutedTransport(lookup, answer)
        self._page = page
        self._stage = stage
        self._skip_reason = skip_reason

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def browser(self) -> Browser:
        """The mock's name, with the version of this package."""
        return Browser("mock", __version__)

    def endpoints(self) -> tuple[()]:
        """Return none: no browser plays."""
        return ()

    def skip_reason(self, scenario: Scenario) -> str | None:
        """Return why this driver cannot judge a scenario, or None if it can."""
        reason = unplayable(scenario)
        return self._skip_reason(scenario) if reason is None else f"{reason}: use --driver playwright"

    @asynccontextmanager
    async def stage(
        self,
        play: Play,
        target: Target,
        footage: Footage | None = None,  # noqa: ARG002 - the mock draws nothing
    ) -> AsyncIterator[MockStage]:
        """Yield the stage of an empty profile, and close its windows at the end."""
        known: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        outcomes = frozenset(outcome for outcome, selector in known.items() if selector is not None)
        profile = Profile(self._transport, target.patience)
        windows = windows_of(play, profile, self._page(), outcomes)
        # Nothing else in a play suspends, and the event loop has to run once in a while in order to notice Ctrl-C.
        await asyncio.sleep(0)
        try:
            yield self._stage(windows, play, target)
        finally:
            windows.close_all()
