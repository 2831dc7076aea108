"""What a page's scripts did, each with the stack of its place: calls, listeners, reads of a message, errors."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_window_harness.journal.steps import Event
from oauth_window_harness.redact import Redacted


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a stack, in a script as the browser got it; line and column count from 1."""

    url: Redacted
    line: int
    column: int


#: The frames of a call, the innermost first, without those of the observer and the browser; empty if it is not known.
Stack = tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One read of a message: the name of what was read, as `MessageRead.read` has it, and where."""

    name: Redacted
    stack: Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead(Event):
    """What a page's listeners read of a message while they handled it.

    Attributes:
        read: ``origin``, ``source``, ``data``, and ``data.NAME`` for each field of an object, in the order of reading.
        acted: whether the page then asked a server for something, or set or cleared a timer.
        readings: the reads with their places, in their order; the first ones, where there are many.
    """

    window: str
    read: tuple[Redacted, ...]
    acted: bool = False
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptThrew(Event):
    """An error that no script caught.

    Attributes:
        rejection: True if a promise was rejected, False if a script threw.
        listening: whether the page's listeners were handling a message.
        stack: where it was thrown.
    """

    window: str
    message: Redacted
    rejection: bool = False
    listening: bool = False
    stack: Stack = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade(Event):
    """The page under test called fetch, or sent an XMLHttpRequest.

    Attributes:
        url: the absolute address, without a fragment.
    """

    window: str
    url: Redacted
    stack: Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerAdded(Event):
    """A page added a listener for messages: to its window, or to another target, where none come."""

    window: str
    stack: Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationSet(Event):
    """A page sent a window that it opened to an address, by setting its ``location``."""

    window: str
    url: Redacted
    stack: Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCalled(Event):
    """A page called ``close`` of a window that it opened."""

    window: str
    stack: Stack
