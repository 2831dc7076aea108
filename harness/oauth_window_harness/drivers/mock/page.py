"""The interface between the mock browser and the script of a page: the script, and the window that it uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.drivers.mock.tasks import Timer
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.journal.events import OutcomeKind

#: How long a click allows a page to open a window, in seconds (HTML Standard §6.4.1; the figure is Chromium's).
ACTIVATION = 5.0


class Page(Protocol):
    """The script of the page under test, written in Python; the mock browser calls it when something happens."""

    def begin(self, window: PageWindow) -> None:
        """Run when the document is loaded."""

    def click(self) -> None:
        """Run when the user has clicked the control."""

    def receive(self, message: Message) -> None:
        """Run when the page has received a message; only after `PageWindow.listen`."""


class PageWindow:
    """The page's own window, as its script sees it."""

    def __init__(self, windows: MockWindows) -> None:
        self._windows = windows
        self._text = ""
        self._outcome: OutcomeKind | None = None
        self._last_drawing: tuple[str, OutcomeKind | None] = ("", None)
        self._active_until = 0.0

    @property
    def document(self) -> Document:
        """The document of the page."""
        return self._windows.app.context.document

    def activate(self) -> None:
        """Note that the user has clicked, which allows the page to open one window within `ACTIVATION` seconds."""
        self._active_until = self._windows.clock.now() + ACTIVATION

    def open(self, url: str, target: str = "", features: str = "") -> WindowReference | None:
        """Open a window, as ``window.open`` does; return None if it is blocked, or opened with ``noopener``."""
        active = self._windows.clock.now() < self._active_until
        allowed = active and not self._windows.blocks_popups
        names = {part.partition("=")[0].strip().lower() for part in features.split(",")}
        noopener = bool(names & {"noopener", "noreferrer"})
        returned = allowed and not noopener
        self._windows.observer.add_open_call(url, target, features, returned=returned, active=active)
        if not allowed:
            return None
        self._active_until = 0.0  # one click allows one window
        opened = self._windows.open(url, noopener=noopener)
        return self._windows.reference(opened.context) if returned else None

    def listen(self) -> None:
        """Receive messages from now on."""
        self._windows.is_listening = True
        self._windows.observer.add_listener_count(1)

    def queue(self, work: Callable[[], None]) -> None:
        """Queue work as a task of its own."""
        self._windows.tasks.queue(work)

    def start_interval(self, seconds: float, work: Callable[[], None]) -> Timer:
        """Start a timer that repeats until it is cancelled, and return it."""
        return self._windows.tasks.start_timer(seconds, work, again=True)

    def fetch(self, method: str, url: str, then: Callable[[HttpAnswer], None], *, json: Any = None) -> None:
        """Make a request as the page, and call ``then`` with the answer."""
        self._windows.fetch(method, url, then, json=json)

    def report_delivery(self, url: str, status: int | None) -> None:
        """Add to the journal which status the app's backend answered the event with; None if no response came."""
        self._windows.observer.add_delivery(url, status)

    def show(self, text: str, outcome: OutcomeKind | None = None) -> None:
        """Show the user another text, and the outcome that it states, if any; drawn after the current task."""
        self._text, self._outcome = text, outcome
        self._windows.tasks.queue(self._draw)

    def _draw(self) -> None:
        (text, outcome), self._last_drawing = self._last_drawing, (self._text, self._outcome)
        if self._text != text:
            self._windows.observer.add_text(self._text)
        if self._outcome != outcome:
            self._windows.report_outcome(outcome, visible=False)
            self._windows.report_outcome(self._outcome, visible=True)


class RunningPage:
    """A page's script together with the window that it runs in: a `drivers.mock.windows.PageScript`."""

    def __init__(self, page: Page, windows: MockWindows) -> None:
        self._page = page
        self._window = PageWindow(windows)

    def begin(self) -> None:
        """Run when the document is loaded."""
        self._page.begin(self._window)

    def click(self) -> None:
        """Run when the user has clicked the control; the click allows the page to open a window."""
        self._window.activate()
        self._page.click()

    def receive(self, message: Message) -> None:
        """Run when the page has received a message."""
        self._page.receive(message)
