"""What the journal says of the windows and the requests of one play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from oauth_window_harness.journal.events import (
    ClosedRead,
    DocumentLoaded,
    Event,
    EventDelivered,
    ListenersChanged,
    MessageRead,
    MessageReceived,
    RequestSeen,
    StepTaken,
    WindowClosed,
    WindowOpenCalled,
    WindowOpened,
)
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Scenario

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class FlowEvents:
    """What happened in one play, so far.

    Attributes:
        scenario: the scenario that was played.
        events: the journal's events, in the order of their moments.
        posts: the data of the events that the scenario lets the finish page post.
        intruders: who posts each forged ``accountId``, by that id; nothing else uses it.
    """

    scenario: Scenario
    events: Sequence[Event]
    posts: Sequence[Any] = ()
    intruders: Mapping[str, Intrusion] = field(default_factory=dict)

    def all_of(self, kind: type[E]) -> list[E]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    # --- the window -----------------------------------------------------------------------------------------------

    @cached_property
    def clicks(self) -> list[StepTaken]:
        """The user's clicks on the control."""
        return [event for event in self.all_of(StepTaken) if event.step == "click"]

    @cached_property
    def open_calls(self) -> list[WindowOpenCalled]:
        """The page's own calls of ``window.open``."""
        return [event for event in self.all_of(WindowOpenCalled) if event.window == "app"]

    @cached_property
    def is_acknowledged(self) -> bool:
        """Whether the app's backend accepted the event (202) and did not say what came of it."""
        return any(event.status == HTTPStatus.ACCEPTED for event in self.all_of(EventDelivered))

    @cached_property
    def popups(self) -> list[WindowOpened]:
        """The windows that opened."""
        return self.all_of(WindowOpened)

    def documents(self, window: str) -> list[DocumentLoaded]:
        """Return the documents that a window showed, in order."""
        return [event for event in self.all_of(DocumentLoaded) if event.window == window]

    def is_own_page(self, url: str) -> bool:
        """Return whether an address is of the app's own origin."""
        return urlsplit(url)[:2] in {urlsplit(document.url)[:2] for document in self.documents("app")}

    def documents_beyond(self, window: str) -> list[DocumentLoaded]:
        """Return the documents that a window showed, without pages of the app's own, such as one that waits."""
        return [document for document in self.documents(window) if not self.is_own_page(document.url)]

    @cached_property
    def shows_last_call(self) -> bool:
        """Whether a window has shown a document since the last call that gave it an address."""
        called = [call.at for call in self.open_calls if call.returned and call.url not in ("", "about:blank")]
        shown = [event.at for event in self.all_of(DocumentLoaded) if event.window != "app"]
        return not called or max(shown, default=0.0) >= called[-1]

    def window_is_open(self, at: float) -> bool:
        """Return whether any window that the page opened was open at a moment."""
        closed = {event.window: event.at for event in self.all_of(WindowClosed)}
        return any(popup.at <= at < closed.get(popup.window, float("inf")) for popup in self.popups)

    def first_closed_read(self, after: float) -> float:
        """Return the first moment after another at which the page read ``closed`` as true, or infinity."""
        return next((event.at for event in self.all_of(ClosedRead) if event.closed and event.at > after), float("inf"))

    def closed_was_read(self, at: float) -> bool:
        """Return whether, at a moment, the page had read of the window that opened last that it is closed."""
        opened = max((popup.at for popup in self.popups if popup.at <= at), default=0.0)
        read = [event.closed for event in self.all_of(ClosedRead) if opened <= event.at <= at]
        return bool(read) and read[-1]

    # --- messages ------------------------------------------------------------------------------------------------

    @cached_property
    def page_messages(self) -> list[MessageReceived]:
        """The messages that the page received."""
        return [event for event in self.all_of(MessageReceived) if event.window == "app"]

    def listener_count(self, at: float) -> int:
        """Return how many message listeners the page had at a moment."""
        loaded = max((event.at for event in self.documents("app") if event.at <= at), default=0.0)
        counts = [
            event for event in self.all_of(ListenersChanged) if event.window == "app" and loaded <= event.at <= at
        ]
        return counts[-1].count if counts else 0

    def properties_read(self, message: MessageReceived) -> tuple[str, ...]:
        """Return which properties of a message the page's listeners read, as `MessageRead.read` has them."""
        read = self.reads_of(message)
        return read.read if read is not None else ()

    def reads_of(self, message: MessageReceived) -> MessageRead | None:
        """Return what the page's listeners read of a message; None where that has not been reported."""
        following = [event for event in self.all_of(MessageRead) if event.window == "app"]
        place = self.page_messages.index(message)
        return following[place] if place < len(following) else None

    # --- the requests ---------------------------------------------------------------------------------------------

    @cached_property
    def requests(self) -> list[RequestSeen]:
        """The requests that the stub answered."""
        return self.all_of(RequestSeen)

    @cached_property
    def starts(self) -> list[RequestSeen]:
        """The requests for start."""
        return [request for request in self.requests if request.endpoint == "start"]

    @cached_property
    def server_was_refused(self) -> bool:
        """Whether the app's server asked for start, and was refused."""
        return any(request.sent_by == "server" and request.is_refused() for request in self.starts)

    def window_is_finished(self) -> bool:
        """Return whether a window has shown the finish page that was asked for, or has closed."""
        paths = {urlsplit(request.url).path for request in self.finishes}
        shown = [document for popup in self.popups for document in self.documents(popup.window)]
        return any(self.all_of(WindowClosed)) or any(urlsplit(document.url).path in paths for document in shown)

    @cached_property
    def finishes(self) -> list[RequestSeen]:
        """The requests for the finish page."""
        return [request for request in self.requests if request.endpoint == "finish"]

    @cached_property
    def follow_ups(self) -> list[RequestSeen]:
        """The account GETs, except those of an intruder's account."""
        found = [request for request in self.requests if request.endpoint == "account"]
        return [request for request in found if request.account not in self.intruders]

    @cached_property
    def lists(self) -> list[RequestSeen]:
        """The requests for the list of accounts."""
        return [request for request in self.requests if request.endpoint == "accounts"]

    @cached_property
    def other_starts(self) -> list[RequestSeen]:
        """The requests for the start of another platform or window, which are not played."""
        return [request for request in self.requests if request.endpoint == "other-start"]

    @cached_property
    def unrouted_requests(self) -> list[RequestSeen]:
        """The requests to LeadConnector whose path matches no route."""
        return [request for request in self.requests if "path-unknown" in request.problems]

    @cached_property
    def misdirected_follow_ups(self) -> list[RequestSeen]:
        """The unrouted requests that may be meant as a follow-up: after the finish page, and no navigation."""
        finished = min((request.at for request in self.finishes), default=float("inf"))
        return [
            request
            for request in self.unrouted_requests
            if request.at > finished and request.headers.get("sec-fetch-dest") != "document"
        ]

    @cached_property
    def forged_follow_ups(self) -> list[RequestSeen]:
        """The account GETs of an intruder's account."""
        return [
            request for request in self.requests if request.endpoint == "account" and request.account in self.intruders
        ]
