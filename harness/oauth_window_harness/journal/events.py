"""What can happen while a scenario is played: the journal's entries, typed and frozen.

Every time is in seconds since the epoch, on the clock of the machine that saw it: the stub's own, or
``performance.timeOrigin + performance.now()`` in the browser. A *window* is named ``app`` for the page under
test and ``popup-1``, ``popup-2``, … for the windows that it opens. Every string that came from outside has
passed `redact` already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from oauth_window_harness.redact import Redacted

SentBy = Literal["page", "server"]
Source = Literal["popup", "other"]
OutcomeKind = Literal["connected", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Event):
    """The driver did what the user would do next: a click in the page, an approval, the closing of the window."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDisabled(Event):
    """The user would click, and for the whole patience the control could not be clicked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen(Event):
    """A request that the stub answered.

    Attributes:
        endpoint: what it was for: ``start``, ``finish``, ``account``, ``attach``, ``dialog``, ``login``,
            ``consent``, ``preflight``, ``icon`` or ``unknown``.
        status: the status that was sent, or None where the connection was ended instead.
        answered_at: when the answer was handed to the network.
        account: the ``accountId`` of the path, where the endpoint has one.
        location: the ``locationId`` of path or query, where there is one.
        problems: the codes of what is wrong with the request, by the documented contract.
        answer: the name of the contract fixture that was replayed, or what stands in its place.
        listed: how many connectable things the answer lists; None where it lists none at all.
    """

    method: str
    url: Redacted
    headers: Mapping[str, Redacted]
    endpoint: str
    status: int | None
    answered_at: float
    sent_by: SentBy
    account: Redacted | None = None
    location: Redacted | None = None
    problems: tuple[str, ...] = ()
    answer: str = ""
    listed: int | None = None

    def is_refused(self) -> bool:
        """Return whether it was answered with an error, or not at all."""
        return self.status is None or self.status >= HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    """A request to a host that the gateway does not let through."""

    host: Redacted
    sent_by: SentBy


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAsked(Event):
    """A page called ``window.open``.

    Attributes:
        returned: whether the call gave a window; False means null.
        active: ``navigator.userActivation.isActive`` at the call: whether a strict browser would have allowed it.
    """

    window: str
    url: Redacted
    target: Redacted
    features: Redacted
    returned: bool
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened(Event):
    """A new window is there."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(Event):
    """A window has gone; ``by`` says whether the user closed it or a script did."""

    window: str
    by: Literal["user", "script"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLoaded(Event):
    """A window began to show another document.

    Attributes:
        has_opener: whether ``window.opener`` was there when the document began.
    """

    window: str
    url: Redacted
    has_opener: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenerPolicySeen(Event):
    """A document came with Cross-Origin-Opener-Policy."""

    window: str
    url: Redacted
    policy: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequested(Event):
    """The page under test asked for something: by fetch, XMLHttpRequest, beacon or navigation.

    Attributes:
        body: the beginning of what was sent, or an empty string.
    """

    method: str
    url: Redacted
    body: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDelivered(Event):
    """The event was posted to the app's backend, in the place of the page; only the mock driver does so.

    Attributes:
        status: what the backend answered, or None where no whole answer came.
    """

    url: Redacted
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Event):
    """A window posted to its opener, whether or not it was delivered."""

    window: str
    origin: Redacted
    data: Any
    target_origin: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A window received a message; ``source`` says whether a window that it opened sent it."""

    window: str
    data: Any
    origin: Redacted
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead(Event):
    """What a page's listeners read of a message while it was told them.

    Attributes:
        read: ``origin``, ``source``, ``data``, and ``data.NAME`` for each field of an object, in the order of reading.
    """

    window: str
    read: tuple[Redacted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRead(Event):
    """A page read ``closed`` of a window that it opened, for the first time or with another answer than before."""

    window: str
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenersChanged(Event):
    """How many listeners of a page there are for messages, when that changed."""

    window: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptThrew(Event):
    """An error that no script caught.

    Attributes:
        rejection: whether it is a promise that was rejected, rather than a script that threw.
        listening: whether a message was being told to the page's listeners.
    """

    window: str
    message: Redacted
    rejection: bool = False
    listening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown(Event):
    """The page's visible text, when it changed."""

    window: str
    text: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogShown(Event):
    """The page showed an alert, a confirm, a prompt or a beforeunload dialog."""

    window: str
    kind: str
    message: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeShown(Event):
    """What ``--connected`` or ``--failed`` names became visible, or (``visible`` False) ceased to be."""

    outcome: OutcomeKind
    visible: bool
