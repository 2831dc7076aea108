"""What can happen while a scenario is played: the journal's events, typed and frozen.

Every moment is in seconds since the epoch, on the clock of what observed it: the stub's own, or
``performance.timeOrigin + performance.now()`` in the browser. A *window* is named ``app`` for the page under
test and ``popup-1``, ``popup-2``, … for the windows that it opens. Every string that came from outside has
passed `redact` already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from oauth_window_harness.journal.scripts import MessageRead as MessageRead  # noqa: PLC0414 - read from here
from oauth_window_harness.journal.scripts import ScriptThrew as ScriptThrew  # noqa: PLC0414
from oauth_window_harness.journal.scripts import Stack
from oauth_window_harness.journal.steps import ControlDisabled as ControlDisabled  # noqa: PLC0414
from oauth_window_harness.journal.steps import Event as Event  # noqa: PLC0414
from oauth_window_harness.journal.steps import StepTaken as StepTaken  # noqa: PLC0414
from oauth_window_harness.journal.texts import TextShown as TextShown  # noqa: PLC0414
from oauth_window_harness.redact import Redacted

SentBy = Literal["page", "server"]
Source = Literal["popup", "other"]
OutcomeKind = Literal["connected", "failed"]

_NOTHING = Redacted("")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen(Event):
    """A request that the stub answered.

    Attributes:
        endpoint: the kind of endpoint: ``start``, ``finish``, ``account``, ``attach``, ``accounts``, ``dialog``,
            ``login``, ``consent``, ``preflight``, ``icon``, ``users``, ``other-start``, ``notice``, ``other`` or
            ``unknown``.
        status: the status that was sent, or None if the connection was ended instead.
        answered_at: the moment at which the answer was handed to the network.
        account: the ``accountId`` of the path, if the endpoint has one.
        location: the ``locationId`` of the path or query, if there is one.
        problems: the codes of the request's violations of the documented contract.
        answer: the name of the contract fixture that was replayed, or of the stub's own answer.
        connectable_count: how many connectable things the answer lists; None if it has no such list.
        nearest: the route that comes nearest to a request without one.
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
    connectable_count: int | None = None
    nearest: str = ""

    def is_refused(self) -> bool:
        """Return whether it was answered with an error status, or not at all."""
        return self.status is None or self.status >= HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    """The gateway refused a request to a host that is not allowed."""

    host: Redacted
    sent_by: SentBy


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpenCalled(Event):
    """A page called ``window.open``.

    Attributes:
        returned: whether the call returned a window; False means null.
        active: ``navigator.userActivation.isActive`` at the call: whether a strict browser would allow it.
        in_click: whether it was called in the task of a click or a key, not in a later one (after an ``await``).
        has_token: whether the address held a token, which is masked in it; so are codes, states and e-mail addresses.
        stack: where it was called.
    """

    window: str
    url: Redacted
    target: Redacted
    features: Redacted
    returned: bool
    active: bool
    in_click: bool = True
    has_token: bool = False
    stack: Stack = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened(Event):
    """A new window opened."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(Event):
    """A window closed; ``by`` says whether the user or a script closed it."""

    window: str
    by: Literal["user", "script"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLoaded(Event):
    """A window began to show another document.

    Attributes:
        has_opener: whether ``window.opener`` was set when the document began.
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
    """The page under test made a request: by fetch, XMLHttpRequest, beacon or navigation.

    Attributes:
        body: the beginning of the body that was sent, or an empty string.
    """

    method: str
    url: Redacted
    body: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDelivered(Event):
    """The mock driver posted the event to the app's backend, as the page would.

    Attributes:
        status: the status of the backend's answer, or None if no complete answer came.
    """

    url: Redacted
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Event):
    """A window posted a message to its opener, delivered or not."""

    window: str
    origin: Redacted
    data: Any
    target_origin: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A window received a message; ``source`` says whether a window that it opened posted it."""

    window: str
    data: Any
    origin: Redacted
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRead(Event):
    """A page read ``closed`` of a window that it opened, for the first time or with another value than before."""

    window: str
    closed: bool
    stack: Stack = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenersChanged(Event):
    """The number of a page's message listeners changed."""

    window: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogShown(Event):
    """The page showed an alert, a confirm, a prompt or a beforeunload dialog."""

    window: str
    kind: str
    message: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeShown(Event):
    """The element of ``--connected`` or ``--failed`` became visible, or (``visible`` False) ceased to be.

    Attributes:
        selector: the selector as it was given, or an empty string if it is not known what it matched.
        matched: the text of the element; an empty string where it has none, or is not known.
        is_both: whether the selectors of both outcomes match that element.
    """

    outcome: OutcomeKind
    visible: bool
    selector: Redacted = _NOTHING
    matched: Redacted = _NOTHING
    is_both: bool = False
