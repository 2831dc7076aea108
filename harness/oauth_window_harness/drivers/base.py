"""The seam between the runner and whatever drives the windows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oauth_window_harness.errors import HarnessError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Scenario, Step


@dataclass(frozen=True)
class Target:
    """The page under test, and where to look in it.

    Attributes:
        url: the page's address.
        connect: the selector of the control that opens the window.
        connected: the selector of what is visible when the page says that it is connected; None: not known.
        failed: the same for failed or cancelled.
        patience: how long the page may take to react, in seconds.
        ended: gives why the app that was started for this run is not there any more, or None while it is.
    """

    url: str
    connect: str
    connected: str | None
    failed: str | None
    patience: float
    ended: Callable[[], HarnessError | None] = lambda: None


@dataclass(frozen=True)
class Browser:
    """What drives: the engine and its version; a driver without a browser names itself."""

    name: str
    version: str


class StepNotTakenError(HarnessError):
    """The user could not do the next step, for something was not there; the journal shows why."""


class ControlGoneError(StepNotTakenError):
    """The page has taken its control away, so that nobody can click it again."""


class Stage(Protocol):
    """The windows of one scenario. Whatever happens in them goes to the journal of its play."""

    async def load(self) -> None:
        """Open the page under test.

        Raises:
            AppUnreachableError: it does not answer, or not with a page.
            UsageError: the selector of the control matches nothing, or several controls.
            CannotJudgeError: it answered, and has crashed or gone since.
        """

    async def take(self, step: Step) -> None:
        """Do what the user does next.

        Raises:
            StepNotTakenError: what the step needs did not appear within the patience.
        """

    async def intrude(self, intrusion: Intrusion) -> None:
        """Let an intruder post to the page, and return when the page has heard it."""

    async def until(self, holds: Callable[[], bool], delay: float = 0) -> bool:
        """Wait until something that the journal shows holds, and tell whether it did.

        Args:
            holds: what is waited for.
            delay: how much longer than the patience it may take, for the scenario itself is that slow, in seconds.
        """

    async def drain(self) -> None:
        """Return when what the page has begun is done: its tasks have run and no request is under way.

        It gives up after the patience.
        """

    async def picture(self, file: Path) -> None:
        """Write a picture of the page under test, where the driver can take one."""


class Driver(Protocol):
    """Started once for a run; gives a stage, empty of all state, for each scenario.

    Attributes:
        name: as ``--driver`` has it.
    """

    name: str

    @property
    def browser(self) -> Browser:
        """What drives."""

    def skip_reason(self, scenario: Scenario) -> str | None:
        """Return why this driver cannot judge a scenario, so that it is skipped; None where it can."""

    def stage(self, play: Play, target: Target) -> AbstractAsyncContextManager[Stage]:
        """Return the windows for one scenario; leaving the context closes them all."""
