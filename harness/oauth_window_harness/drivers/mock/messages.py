"""The messages that a page receives in the mock browser; each notes which of its fields are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oauth_window_harness.drivers.mock.contexts import BrowsingContext
from oauth_window_harness.drivers.mock.observer import Observer


class ObservedData(Mapping[str, Any]):
    """The data of a message that is an object; it notes which of its fields are read."""

    def __init__(self, data: Mapping[str, Any], note: Callable[[str], None]) -> None:
        self._data = data
        self._note = note

    def __getitem__(self, name: str) -> Any:
        # A browser cannot observe the reading of a field that does not exist.
        if name in self._data:
            self._note(f"data.{name}")
        return self._data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


class Message:
    """A message as a listener sees it; each field that it reads is noted once, in order."""

    def __init__(self, data: Any, origin: str, source: WindowReference | None) -> None:
        self._data = data
        self._origin = origin
        self._source = source
        self._fields_read: dict[str, None] = {}

    @property
    def origin(self) -> str:
        """The origin of the document that posted."""
        self._note("origin")
        return self._origin

    @property
    def source(self) -> WindowReference | None:
        """The window that posted; the same reference that `PageWindow.open` returned, if the page opened it."""
        self._note("source")
        return self._source

    @property
    def data(self) -> Any:
        """What was posted."""
        self._note("data")
        return ObservedData(self._data, self._note) if isinstance(self._data, Mapping) else self._data

    @property
    def plain_data(self) -> Any:
        """What was posted, as plain data: every field of it counts as read."""
        data = self.data
        return {name: data[name] for name in data} if isinstance(data, ObservedData) else data

    def fields_read(self) -> tuple[str, ...]:
        """Return the names of what has been read, in the order of the first reading."""
        return tuple(self._fields_read)

    def _note(self, name: str) -> None:
        self._fields_read[name] = None


class WindowReference:
    """A page's reference to a window that it opened."""

    def __init__(self, context: BrowsingContext, observer: Observer) -> None:
        self._context = context
        self._observer = observer
        self._last_closed: bool | None = None

    @property
    def closed(self) -> bool:
        """Whether it is closed, or in another browsing context group: a page cannot tell which."""
        closed = self._context.closed
        if closed != self._last_closed:
            self._observer.add_closed_read(closed=closed)
        self._last_closed = closed
        return closed
