"""What a page hears in the mock browser: messages that note what is read of them, and who sent them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oauth_window_harness.drivers.mock.contexts import BrowsingContext
from oauth_window_harness.drivers.mock.observer import Observer


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
