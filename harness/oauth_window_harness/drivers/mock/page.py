"""What a page's script has in the mock browser: a window to act with, and messages that note what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from oauth_window_harness.drivers.mock.contexts import BrowsingContext
from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.network import Answer
from oauth_window_harness.drivers.mock.observer import Observer
from oauth_window_harness.drivers.mock.tasks import Timer
from oauth_window_harness.journal.events import OutcomeKind

if TYPE_CHECKING:
    from oauth_window_harness.drivers.mock.windows import Windows

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


class Noted(Mapping[str, Any]):
    """The data of a message, an object, which notes what is read of it."""

    def __init__(self, data: Mapping[str, Any], note: Callable[[str], None]) -> None:
        self._data = data
        self._note = note

    def __getitem__(self, name: str) -> Any:
        # What is not there leaves no trace in a browser either.
        if name in self._data:
            self._note(f"data.{name}")
        return self._data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


class Message:
    """A message as a listener has it; what it reads is noted, once each and in order."""

    def __init__(self, data: Any, origin: str, source: WindowReference | None) -> None:
        self._data = data
        self._origin = origin
        self._source = source
        self._read: dict[str, None] = {}

    @property
    def origin(self) -> str:
        """The origin of the document that posted."""
        self._note("origin")
        return self._origin

    @property
    def source(self) -> WindowReference | None:
        """The window that posted; the very reference that `PageWindow.open` gave, where that opened it."""
        self._note("source")
        return self._source

    @property
    def data(self) -> Any:
        """What was posted."""
        self._note("data")
        return Noted(self._data, self._note) if isinstance(self._data, Mapping) else self._data

    @property
    def plain(self) -> Any:
        """What was posted, whole: every field of it counts as read."""
        data = self.data
        return {name: data[name] for name in data} if isinstance(data, Noted) else data

    def read(self) -> tuple[str, ...]:
        """Give what has been read, in the order of reading."""
        return tuple(self._read)

    def _note(self, name: str) -> None:
        self._read[name] = None


class WindowReference:
    """A page's reference to a window that it opened."""

    def __init__(self, context: BrowsingContext, observer: Observer) -> None:
        self._context = context
        self._observer = observer
        self._before: bool | None = None

    @property
    def closed(self) -> bool:
        """Whether it is closed, or gone to another browsing context group, which a page cannot tell apart."""
        closed = self._context.closed
        if closed != self._before:
            self._observer.closed_read(closed=closed)
        self._before = closed
        return closed


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
