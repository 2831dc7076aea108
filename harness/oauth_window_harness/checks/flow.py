"""What was played, seen from the checks: the journal's events by what they mean for the flow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from oauth_window_harness.checks.flow_events import FlowEvents
from oauth_window_harness.checks.visible_changes import reaction
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import (
    DocumentLoaded,
    Event,
    ListenersChanged,
    MessagePosted,
    MessageRead,
    MessageReceived,
    OutcomeKind,
    OutcomeShown,
    TextShown,
    WindowClosed,
)
from oauth_window_harness.journal.play import Play

PLATFORM = "facebook"


@dataclass(frozen=True)
class Flow(FlowEvents):
    """One play of a scenario, so far; see `FlowEvents`.

    Attributes:
        knows_connected: whether ``--connected`` was given, so that success can be told from any other change.
        knows_failed: the same for ``--failed``.
        heeded: the event fixtures that this page has acted on in other plays, where that was tried.
        waiting: the texts that this page shows while its window is open, where that was tried.
    """

    knows_connected: bool = False
    knows_failed: bool = False
    heeded: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()

    @classmethod
    def of_play(
        cls,
        play: Play,
        *,
        knows_connected: bool,
        knows_failed: bool,
        heeded: frozenset[str] = frozenset(),
        waiting: frozenset[str] = frozenset(),
    ) -> Flow:
        """Return what has happened in a play until now."""
        intruders = {
            account: intrusion
            for intrusion in play.intrusions()
            for data in play.forged(intrusion)
            if (account := rules.account_of(data)) is not None
        }
        return cls(
            play.scenario,
            play.journal.entries(),
            [event.data for event in play.events()],
            intruders,
            knows_connected,
            knows_failed,
            heeded,
            waiting,
        )

    # --- the event ------------------------------------------------------------------------------------------------

    @cached_property
    def received(self) -> list[MessageReceived]:
        """What the page received."""
        return [event for event in self.all_of(MessageReceived) if event.window == "app"]

    def is_genuine(self, data: Any) -> bool:
        """Return whether this is an event on which the page must act.

        That is the one that is an object; where a recording has shown none but JSON strings, it is those.
        """
        if data not in self.posts:
            return False
        as_object = any(rules.is_event(posted, PLATFORM) for posted in self.posts)
        return rules.is_event(data if as_object else rules.fields_of(data), PLATFORM)

    @cached_property
    def arrived(self) -> list[MessageReceived]:
        """The scenario's events that reached the page from the popup, whole or not, an object or a string."""
        sent = [event for event in self.received if event.origin == rules.ORIGIN and event.source == "popup"]
        return [event for event in sent if event.data in self.posts]

    @cached_property
    def heard(self) -> list[MessageReceived]:
        """The genuine events that reached the page: from the right origin, and from a window that it opened."""
        return [event for event in self.arrived if self.is_genuine(event.data)]

    @cached_property
    def posted(self) -> list[MessagePosted]:
        """The genuine events that a window posted, whether or not they were delivered."""
        return [event for event in self.all_of(MessagePosted) if self.is_genuine(event.data)]

    def listeners(self, at: float) -> int:
        """Return how many listeners the page had at a moment."""
        loaded = max((event.at for event in self.documents("app") if event.at <= at), default=0.0)
        counts = [
            event for event in self.all_of(ListenersChanged) if event.window == "app" and loaded <= event.at <= at
        ]
        return counts[-1].count if counts else 0

    def read_of(self, message: MessageReceived) -> tuple[str, ...]:
        """Return what the listeners read of a message."""
        following = [event for event in self.all_of(MessageRead) if event.window == "app"]
        place = self.received.index(message)
        return following[place].read if place < len(following) else ()

    # --- what the user is told --------------------------------------------------------------------------------------

    def reaction(self, after: float) -> Event | None:
        """Return the first thing that the user can notice after a moment, or None."""
        return reaction(self.events, after, self.waiting)

    def shown(self, outcome: OutcomeKind, after: float = 0.0) -> OutcomeShown | None:
        """Return the first moment after another, and after the click, at which an outcome became visible, or None."""
        clicked = self.clicks[0].at if self.clicks else 0.0
        found = [event for event in self.all_of(OutcomeShown) if event.outcome == outcome and event.visible]
        return next((event for event in found if event.at > max(after, clicked)), None)

    def is_visible(self, outcome: OutcomeKind, at: float = float("inf")) -> bool:
        """Return whether an outcome is visible, now or at a moment."""
        changes = [event for event in self.all_of(OutcomeShown) if event.outcome == outcome and event.at <= at]
        return bool(changes) and changes[-1].visible

    def is_shown(self, outcome: OutcomeKind) -> bool:
        """Return whether an outcome is visible now, and was not before the click."""
        return self.is_visible(outcome) and self.shown(outcome) is not None

    @cached_property
    def cut_at(self) -> float | None:
        """When the provider's or the finish page's COOP cut the opener, so that ``closed`` reads true; or None."""
        if not self.scenario.opener_is_cut():
            return None
        cut = [event for event in self.all_of(DocumentLoaded) if event.window != "app" and not event.has_opener]
        return cut[0].at if cut else None

    def moment(self) -> float | None:
        """Return the moment from which the page must tell its user how it went; None where it has not come yet.

        That is the answer to the follow-up; where none is to come, the first moment at which the page can know: an
        event came that names no account, its server was refused, the window was refused or closed, the opener was cut.
        """
        if self.scenario.expect.follow_up:
            # More than one answer: the page may have tried again, so the first is what calls for a reaction.
            answered = self.follow_ups or self.intruding or self.strays
            return answered[0].answered_at if answered else None
        if self.scenario.blocked:
            return next((event.at for event in self.asked if not event.returned), None)
        if self.scenario.opener_is_cut():
            return self.cut_at
        known = [event.at for event in self.received if event.source == "popup"]
        known += [start.answered_at for start in self.starts if start.sent_by == "server" and start.is_refused()]
        known += [event.at for event in self.all_of(WindowClosed)][-1:]
        # The page may look before the driver is told.
        known += [read for opened in self.popups[-1:] if (read := self.first_closed_read(opened.at)) < float("inf")]
        return min(known, default=None)

    def told(self) -> bool:
        """Return whether the page has reacted as the scenario wants it."""
        moment = self.moment()
        if moment is None:
            return False
        if self.is_acknowledged:
            return True
        if self.scenario.expect.outcome == "connected" and self.knows_connected:
            # A toast comes and goes; what says failed in its place takes it back.
            said = self.shown("connected", moment) is not None and not self.is_visible("failed")
            return self.is_visible("connected") or said
        return self.reaction(moment) is not None

    def told_of_closing(self) -> bool:
        """Return whether the page has reacted to the last closing of its window, by more than a clock that ticks."""
        closed = [event.at for event in self.all_of(WindowClosed)][-1:]
        if not closed:
            return False
        before = [event.text for event in self.all_of(TextShown) if event.at <= closed[0]][-1:]
        return reaction(self.events, closed[0], self.waiting.union(before)) is not None
