"""One play of which a test makes the clicks in the page, and this does the rest of what the user does."""

from __future__ import annotations

import time
from dataclasses import dataclass

from oauth_window_harness.drivers.blocking.windows import BlockingWindows
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario.model import Step

#: By which request a step of the user's is known to be taken: its endpoint, and how it is asked for.
_TAKEN = {
    "log-in": ("login", "POST"),
    "continue": ("privacy", "POST"),
    "approve": ("consent", "POST"),
    "cancel": ("consent", "POST"),
}


@dataclass
class Guided(Playing):
    """A user who clicks where the test clicks, and then goes through the window as the scenario says.

    Attributes:
        since: infinite until the test is about to click.
    """

    stage: BlockingWindows
    since: float = float("inf")

    async def begin(self) -> None:
        """Be about to click."""
        await super().begin()
        await self.stage.expect_click()
        self.since = min(self.since, time.time())

    def _test_takes(self, step: Step, place: int) -> bool:
        """Return whether the test has taken a step itself: the first click always, others as Facebook was asked."""
        if place == 0 or step not in _TAKEN:
            return place == 0
        wanted = sum(_TAKEN.get(earlier) == _TAKEN[step] for earlier in self.play.scenario.user[: place + 1])
        made = [(request.endpoint, request.method) for request in self.flow().requests]
        return made.count(_TAKEN[step]) >= wanted
