"""The frames of the page under test: which are the app's, which one opens the window, and what each reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from oauth_window_harness.drivers.engines import ERROR_PAGES
from oauth_window_harness.journal import events
from oauth_window_harness.redact import Redacted
from oauth_window_harness.scenario import intrusion

#: The addresses of documents that have the origin of the document that holds them.
_INHERITING = ("about:", "blob:", "javascript:")


def is_of_page(frame: Any) -> bool:
    """Return whether a frame belongs to the page: not to an intruder, and not an error page of the browser's."""
    if frame.parent_frame is None:
        return True
    return intrusion.PATH not in frame.url and not frame.url.startswith(ERROR_PAGES)


class AppFrames:
    """What the frames of the page under test report, told as what happens in one page.

    In the journal the window ``app`` is the page, whose messages and listeners are those of the frame that opens
    the window: the window's opener is that frame. Before the click this is the frame of the control, if it listens.

    Attributes:
        control: the frame of the control that opens the window; None until it is known.
    """

    def __init__(self) -> None:
        self.control: Any = None
        self._page: Any = None
        self._asked: Any = None
        self._counts: dict[Any, int] = {}
        self._texts: dict[Any, Redacted] = {}

    def follow(self, page: Any) -> None:
        """Take the frames of this page from now on."""
        self._page, self._asked, self.control = page, None, None
        self._counts.clear()
        self._texts.clear()

    def opener(self) -> Any:
        """Return the frame whose window opens the other windows, and to which they post."""
        main = self._page.main_frame
        for frame in (self._asked, self.control):
            is_there = frame is not None and not frame.is_detached()
            if is_there and (frame is self._asked or self._counts.get(frame) or not self._counts.get(main)):
                return frame
        return main

    def is_own(self, frame: Any) -> bool:
        """Return whether a frame is the app's: of the page's own origin, or the one that opens the window."""
        if not is_of_page(frame):
            return False
        main = self._page.main_frame
        return frame in (main, self._asked, self.control) or _origin(frame.url) in ("", _origin(main.url))

    def admit(self, frame: Any, event: events.Event) -> Iterator[events.Event]:
        """Yield the events of the page that a report from one of its frames stands for."""
        before = self.opener()
        yield from self._told(frame, event, is_opener=frame is before)
        after = self.opener()
        if after is not before:
            yield events.ListenersChanged(at=event.at, window="app", count=self._counts.get(after, 0))

    def _told(self, frame: Any, event: events.Event, *, is_opener: bool) -> Iterator[events.Event]:
        match event:
            case events.DocumentLoaded():
                yield from self._load(frame, event, is_opener=is_opener)
            case events.ListenersChanged():
                self._counts[frame] = event.count
                if is_opener and frame is self.opener():
                    yield event
            case events.WindowOpenCalled():
                self._asked = frame
                yield event
            case events.TextShown():
                self._texts[frame] = event.text
                yield replace(event, text=self._text())
            case events.MessageReceived() | events.MessageRead() if not is_opener:
                pass
            case _ if self.is_own(frame):
                yield event

    def _load(self, frame: Any, event: events.DocumentLoaded, *, is_opener: bool) -> Iterator[events.Event]:
        self._texts.pop(frame, None)
        count = self._counts.pop(frame, 0)
        if frame.parent_frame is None:
            yield event
        elif is_opener and count:
            yield events.ListenersChanged(at=event.at, window=event.window, count=0)

    def choose(self, frame: Any) -> bool:
        """Take a frame as that of the control; return whether the messages of another frame count from now on."""
        before = self.opener()
        self.control = frame
        return self.opener() is not before

    def listener_count(self) -> int:
        """Return how many listeners the frame has that opens the window."""
        return self._counts.get(self.opener(), 0)

    def _text(self) -> Redacted:
        """Return the page's text, with that of frames of other origins, which the page itself cannot read."""
        texts = [self._texts[frame] for frame in self._page.frames if frame in self._texts]
        return Redacted("\n".join(filter(None, texts)))


def _origin(url: str) -> str:
    if url.startswith(_INHERITING) or not url:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
