"""The interface between the runner and the drivers, which drive the windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from oauth_window_harness.errors import CannotJudgeError, HarnessError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor
from oauth_window_harness.redact import Redacted
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Scenario, Step

if TYPE_CHECKING:
    from oauth_window_harness.results.model import EndpointResult

#: What is said of a page that had not loaded when the patience ended, and what its user can do.
STILL_LOADING = "the page under test was still loading"
LOADS = "see why it takes so long, or name a longer --patience"


@dataclass(frozen=True)
class Target:
    """The page under test, and where to look in it.

    Attributes:
        url: the page's address.
        connect: the selector of the control that opens the window; None if it is to be found by its name.
        connected: the selector of what is visible when the page says that it is connected; None if unknown.
        failed: the selector of what is visible when the page says failed or cancelled; None if unknown.
        patience: how long the page may take to react, in seconds.
        before: the selectors of what the user clicks before the control, in order.
        then: the selectors of what the user clicks after the event has come, in order, or in the app's own window
            before it goes to start.
        app_failure: returns why the app that the run started has ended, or None while it runs.
        app_errors: returns the lines of that app's output that tell of an error, each with its moment.
    """

    url: str
    connect: str | None
    connected: str | None
    failed: str | None
    patience: float
    app_failure: Callable[[], HarnessError | None] = lambda: None
    before: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    app_errors: Callable[[], Sequence[tuple[float, Redacted]]] = lambda: ()


@dataclass
class Footage:
    """What a driver keeps of one play for people to look at, in a folder that does not outlast the play.

    Attributes:
        folder: the folder; what is in it may hold secrets.
        untraced: why there is no trace in it.
    """

    folder: Path
    untraced: str | None = None

    @property
    def trace(self) -> Path:
        """The file for Playwright's trace of all windows."""
        return self.folder / "trace.zip"

    @property
    def popup(self) -> Path:
        """The file for a picture of the popup as its user saw it last."""
        return self.folder / "popup.png"


@dataclass(frozen=True)
class Browser:
    """The browser's engine and its version; a driver without a browser gives its own."""

    name: str
    version: str


class StepNotTakenError(HarnessError):
    """The user could not take the next step, because something that it needs did not appear; the journal shows why."""


class StepUndoneError(StepNotTakenError):
    """The driver did not get a step done, although all that it needs was there: no fault of the page."""


class BrowserGoneError(CannotJudgeError):
    """The browser ended while the play was played in it: nothing of the play can be judged."""


class ControlGoneError(StepNotTakenError):
    """The page has removed its control, so that nobody can click it again."""


class NothingOfferedError(ControlGoneError):
    """What the page offers in the place of its control opened no window: it may be there for something else."""


class Stage(Protocol):
    """The windows of one scenario. All that happens in them is added to the journal of its play."""

    async def load(self) -> None:
        """Open the page under test.

        Raises:
            AppUnreachableError: the app does not answer, or not with a page.
            UsageError: the page has no control that opens the window, or several, or lacks a step before it.
            CannotJudgeError: the page was loaded, and has crashed or closed since.
        """

    async def take(self, step: Step) -> None:
        """Take the user's next step.

        Raises:
            StepNotTakenError: what the step needs did not appear within the patience.
        """

    async def press(self, selector: str, *, waits: bool) -> None:
        """Click something else than the control, which the user needs to click after the event has come.

        Args:
            selector: the selector of what is clicked.
            waits: whether to wait until it can be clicked; if not, do nothing if it cannot be clicked now.

        Raises:
            StepNotTakenError: it could not be clicked within the patience.
        """

    async def intrude(self, intrusion: Intrusion) -> None:
        """Make an intruder post to the page, and return when the page has received it."""

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Wait until a condition over the journal holds, and return whether it does.

        Args:
            holds: the condition; it is checked again after each new event.
            delay: how much longer than the patience it may take, in seconds, because the scenario itself delays.
            by: who can make it hold. The wait for the page, or for its server too, ends when the page is quiet, so that
                what has not come cannot come: the journal then has `journal.quiet.PageQuiet`.
        """

    async def drain(self) -> None:
        """Wait, for at most the patience, until the page is idle: its tasks have run, its requests are answered."""

    async def check_session(self, *, waits: bool = False) -> None:
        """Check that the page, which had the control, has not gone on to ask its user to sign in.

        Args:
            waits: whether to wait first, for a moment, until what the page began while it loaded has ended.

        Raises:
            AppUnreachableError: it has.
        """

    async def picture(self, file: Path, popup: Path | None = None) -> None:
        """Write screenshots of the page under test, and of the popup that is open, if the driver can take them."""

    def fault(self) -> str | None:
        """Return why nothing can be judged here, whatever was seen: the browser has ended; None while it has not."""


class Driver(Protocol):
    """Drives the windows of a run; makes a new stage, without any state, for each scenario.

    Attributes:
        name: its name in the option ``--driver``.
        keeps_footage: whether it can keep `Footage` of a play.
    """

    name: str
    keeps_footage: bool

    @property
    def browser(self) -> Browser:
        """The browser that it drives."""

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return the browsers elsewhere that it drives, with what became of each; none where it starts its own.

        A play that one of them took with it when it ended is played again.
        """

    def skip_reason(self, scenario: Scenario) -> str | None:
        """Return why this driver cannot judge a scenario, which is then skipped, or None if it can."""

    def stage(self, play: Play, target: Target, footage: Footage | None = None) -> AbstractAsyncContextManager[Stage]:
        """Return a context manager of the windows for one scenario; it closes all of them at the end.

        Args:
            play: the play of the scenario.
            target: the page under test.
            footage: what is to be kept of the play, which takes time; None keeps nothing.
        """
