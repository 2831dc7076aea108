"""What was played, seen from the checks: the journal's events by what they mean for the flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from harness import contract
from harness.events import (
    DialogShown,
    DocumentLoaded,
    Event,
    MessageReceived,
    OutcomeKind,
    OutcomeShown,
    RequestSeen,
    StepTaken,
    TextShown,
    WindowAsked,
    WindowClosed,
    WindowOpened,
)
from harness.scenario import Scenario

E = TypeVar("E", bound=Event)

ORIGIN = f"https://{contract.LEADCONNECTOR}"


@dataclass(frozen=True)
class Played:
    """One play of a scenario, so far.

    Attributes:
        scenario: the story.
        events: what happened, in the order of its moments.
        knows_connected: whether ``--connected`` was given, so that success can be told from any other change.
    """

    scenario: Scenario
    events: Sequence[Event]
    knows_connected: bool

    def of(self, kind: type[E]) -> list[E]:
        """Give the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    # --- the window -----------------------------------------------------------------------------------------------

    @cached_property
    def clicks(self) -> list[StepTaken]:
        """The user's clicks on the control."""
        return [event for event in self.of(StepTaken) if event.step == "click"]

    @cached_property
    def asked(self) -> list[WindowAsked]:
        """The page's own calls of ``window.open``."""
        return [event for event in self.of(WindowAsked) if event.window == "app"]

    @cached_property
    def popups(self) -> list[WindowOpened]:
        """The windows that opened."""
        return self.of(WindowOpened)

    def documents(self, window: str) -> list[DocumentLoaded]:
        """Give the documents that a window showed."""
        return [event for event in self.of(DocumentLoaded) if event.window == window]

    # --- the requests ---------------------------------------------------------------------------------------------

    @cached_property
    def requests(self) -> list[RequestSeen]:
        """The requests that the stub answered."""
        return self.of(RequestSeen)

    @cached_property
    def starts(self) -> list[RequestSeen]:
        """The requests for start."""
        return [request for request in self.requests if request.endpoint == "start"]

    @cached_property
    def follow_ups(self) -> list[RequestSeen]:
        """The account GETs."""
        return [request for request in self.requests if request.endpoint == "account"]

    @cached_property
    def strays(self) -> list[RequestSeen]:
        """The requests to LeadConnector that no route answers."""
        return [request for request in self.requests if "path-unknown" in request.problems]

    # --- the event ------------------------------------------------------------------------------------------------

    @cached_property
    def heard(self) -> list[MessageReceived]:
        """The genuine events that reached the page: from the right origin, and from a window that it opened."""
        return [
            event
            for event in self.of(MessageReceived)
            if event.window == "app" and event.origin == ORIGIN and event.source == "popup"
        ]

    # --- what the user is told --------------------------------------------------------------------------------------

    def reaction(self, after: float) -> Event | None:
        """Give the first thing that the user can notice after a moment, or None.

        It is a change of the visible text, a dialog, another document, or an outcome becoming visible. A text that
        stood there before the moment is none.
        """
        before = next((event.text for event in reversed(self.of(TextShown)) if event.at <= after), None)
        for event in self.events:
            if event.at <= after:
                continue
            if isinstance(event, TextShown) and event.text != before:
                return event
            if isinstance(event, DialogShown) or (isinstance(event, OutcomeShown) and event.visible):
                return event
            if isinstance(event, DocumentLoaded) and event.window == "app":
                return event
        return None

    def shown(self, outcome: OutcomeKind) -> OutcomeShown | None:
        """Give the first moment at which an outcome became visible, or None."""
        return next((event for event in self.of(OutcomeShown) if event.outcome == outcome and event.visible), None)

    def moment(self) -> float | None:
        """Give the moment from which the page must tell its user how it went; None where it has not come yet.

        That is the answer to the follow-up; where none is to come, the closing of the window.
        """
        if self.scenario.expect.follow_up:
            # More than one answer: the page may have tried again, so the first is what calls for a reaction.
            return self.follow_ups[0].answered_at if self.follow_ups else None
        closed = self.of(WindowClosed)
        return closed[-1].at if closed else None

    def told(self) -> bool:
        """Tell whether the page has reacted as the scenario wants it."""
        moment = self.moment()
        if moment is None:
            return False
        if self.scenario.expect.outcome == "connected" and self.knows_connected:
            return self.shown("connected") is not None
        return self.reaction(moment) is not None
