"""The user of a test's window: the test clicks in the page, and this takes the remaining steps of the scenario."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.blocking.windows import BlockingWindows
from oauth_window_harness.journal.quiet import Actor
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario.model import Step

#: The request by which a step is known to be taken, as endpoint and method.
_REQUEST_OF = {
    "log-in": ("login", "POST"),
    "continue": ("privacy", "POST"),
    "approve": ("consent", "POST"),
    "cancel": ("consent", "POST"),
}


@dataclass
class GuidedUser(Playing):
    """A user who leaves the clicks in the page to the test, and then goes through the window as the scenario says.

    Attributes:
        since: the moment from which the click is expected, in seconds since the epoch; infinite before `begin`.
    """

    stage: BlockingWindows
    since: float = float("inf")

    async def begin(self) -> None:
        """Expect the test to click from now on."""
        await super().begin()
        await self.stage.expect_click()
        self.since = min(self.since, time.time())

    async def until(self, holds: Callable[[Flow], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Wait as `Playing.until` does, but never less for the app's server: the test itself may have told it."""
        __tracebackhide__ = True
        return await super().until(holds, delay, by="anyone" if by == "app" else by)

    def _test_takes(self, step: Step, place: int) -> bool:
        """Return whether the test has taken a step itself: always the first click, others as its requests say."""
        if place == 0 or step not in _REQUEST_OF:
            return place == 0
        wanted = sum(_REQUEST_OF.get(earlier) == _REQUEST_OF[step] for earlier in self.play.scenario.user[: place + 1])
        made = [(request.endpoint, request.method) for request in self.flow().requests]
        return made.count(_REQUEST_OF[step]) >= wanted
