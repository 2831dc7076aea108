"""What a page's script has in the mock browser: a window to act with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.network import Answer
from oauth_window_harness.drivers.mock.tasks import Timer
from oauth_window_harness.drivers.mock.windows import Windows
from oauth_window_harness.journal.events import OutcomeKind

#: How long a click allows a page to open a window, in seconds (HTML Standard §6.4.1; the figure is Chromium's).
ACTIVATION = 5.0


class Page(Protocol):
    """The script of the page under test, written in Python: it acts when it is told something, as scripts do."""

    def begin(self, window: PageWindow) -> None:
        """Run when the document is there."""

    def click(self) -> None:
        """The user has clicked the control."""

    def hear(self, message: Message) -> None:
        """A message has come; called where `PageWindow.listen` was."""


class PageWindow:
    """The page's own window, as its script has it."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._text = ""
        self._outcome: OutcomeKind | None = None
        self._drawn: tuple[str, OutcomeKind | None] = ("", None)
        self._active_until = 0.0

    @property
    def document(self) -> Document:
        """The document that was loaded."""
        return self._windows.app.context.document

    def activate(self) -> None:
        """Note that the user has clicked, so that a window may be opened."""
        self._active_until = self._windows.clock.now() + ACTIVATION

    def open(self, url: str, target: str = "", features: str = "") -> WindowReference | None:
        """Open a window, as ``window.open`` does: None where it is blocked, or asked for without an opener."""
        active = self._windows.clock.now() < self._active_until
        allowed = active and not self._windows.blocked
        names = {part.partition("=")[0].strip().lower() for part in features.split(",")}
        severed = bool(names & {"noopener", "noreferrer"})
        returned = allowed and not severed
        self._windows.observer.asked(url, target, features, returned=returned, active=active)
        if not allowed:
            return None
        self._active_until = 0.0  # one click allows one window
        opened = self._windows.open(url, severed=severed)
        return self._windows.reference(opened.context) if returned else None

    def listen(self) -> None:
        """Hear messages from now on."""
        self._windows.listening = True
        self._windows.observer.listeners(1)

    def soon(self, work: Callable[[], None]) -> None:
        """Do something in a task of its own."""
        self._windows.tasks.soon(work)

    def every(self, seconds: float, work: Callable[[], None]) -> Timer:
        """Do something again and again, until the timer is cancelled."""
        return self._windows.tasks.later(seconds, work, again=True)

    def fetch(self, method: str, url: str, then: Callable[[Answer], None], *, json: Any = None) -> None:
        """Ask the page's own server for something, and go on with its answer."""
        self._windows.fetch(method, url, then, json=json)

    def delivered(self, url: str, status: int | None) -> None:
        """Tell the journal what the app's backend answered to the event."""
        self._windows.observer.delivered(url, status)

    def show(self, text: str, outcome: OutcomeKind | None = None) -> None:
        """Show the user another text, and whether it says connected or failed; it is drawn after the task."""
        self._text, self._outcome = text, outcome
        self._windows.tasks.soon(self._draw)

    def _draw(self) -> None:
        (text, outcome), self._drawn = self._drawn, (self._text, self._outcome)
        if self._text != text:
            self._windows.observer.text(self._text)
        if self._outcome != outcome:
            self._windows.outcome_changed(outcome, visible=False)
            self._windows.outcome_changed(self._outcome, visible=True)


class RunningPage:
    """A page's script with the window that it runs in; see `drivers.mock.windows.PageScript`."""

    def __init__(self, page: Page, windows: Windows) -> None:
        self._page = page
        self._window = PageWindow(windows)

    def begin(self) -> None:
        """Run when the document is there."""
        self._page.begin(self._window)

    def click(self) -> None:
        """Run when the user has clicked the control, so that a window may be opened."""
        self._window.activate()
        self._page.click()

    def hear(self, message: Message) -> None:
        """Run when a message has come."""
        self._page.hear(message)
