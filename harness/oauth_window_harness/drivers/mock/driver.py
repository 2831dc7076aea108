"""Drives the mock browser: one transport for a run, and a profile of its own for each scenario."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.drivers.base import Browser, Target
from oauth_window_harness.drivers.mock import scripts
from oauth_window_harness.drivers.mock.network import ByName, Lookup, Profile
from oauth_window_harness.drivers.mock.page import Page, RunningPage
from oauth_window_harness.drivers.mock.reference_page import ReferencePage
from oauth_window_harness.drivers.mock.stage import MockStage
from oauth_window_harness.drivers.mock.windows import Windows
from oauth_window_harness.journal.events import OutcomeKind
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Scenario


def windows_of(play: Play, profile: Profile, page: Page, outcomes: frozenset[OutcomeKind] = frozenset()) -> Windows:
    """Return the windows of a profile in which a page opens the stub's."""
    return Windows(play, profile, lambda windows: RunningPage(page, windows), scripts.run, outcomes)


class MockDriver:
    """No browser at all: see `drivers.base.Driver`.

    Args:
        lookup: gives where each name leads; see `stub.world.World.offloaded_routes`.
        page: makes the script of the page under test.
        stage: what its windows are on.
        unable: tells of a scenario why it cannot be judged with that page, or None.
    """

    name = "mock"

    def __init__(
        self,
        lookup: Lookup,
        page: Callable[[], Page] = ReferencePage,
        stage: type[MockStage] = MockStage,
        unable: Callable[[Scenario], str | None] = lambda _scenario: None,
    ) -> None:
        self._transport = ByName(lookup)
        self._page = page
        self._stage = stage
        self._unable = unable

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def browser(self) -> Browser:
        """The mock, of this version."""
        return Browser("mock", __version__)

    def unable(self, scenario: Scenario) -> str | None:
        """Tell why this driver cannot judge a scenario, or None."""
        return self._unable(scenario)

    @asynccontextmanager
    async def stage(self, play: Play, target: Target) -> AsyncIterator[MockStage]:
        """Give the windows of an empty profile."""
        known: dict[OutcomeKind, str | None] = {"connected": target.connected, "failed": target.failed}
        outcomes = frozenset(outcome for outcome, selector in known.items() if selector is not None)
        profile = Profile(self._transport, target.patience)
        windows = windows_of(play, profile, self._page(), outcomes)
        # Nothing else in a play waits for the event loop, which must hear of Ctrl-C.
        await asyncio.sleep(0)
        try:
            yield self._stage(windows, play, target)
        finally:
            windows.close_all()
