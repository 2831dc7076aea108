"""One play as the checks see it: the journal's events by what they mean for the OAuth flow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from oauth_window_harness.checks.connection import is_listed, list_verdict
from oauth_window_harness.checks.flow_events import FlowEvents
from oauth_window_harness.checks.visible_changes import first_visible_change
from oauth_window_harness.checks.without_event import UNKNOWN, WithoutEvent
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import (
    ClosedRead,
    DocumentLoaded,
    Event,
    MessagePosted,
    MessageReceived,
    OutcomeKind,
    OutcomeShown,
    RequestSeen,
    TextShown,
    WindowClosed,
)
from oauth_window_harness.journal.play import Play

PLATFORM = "facebook"


@dataclass(frozen=True)
class Flow(FlowEvents):
    """One play of a scenario, so far; see `FlowEvents`.

    Attributes:
        knows_connected: whether ``--connected`` is set, so that success can be told from any other change.
        knows_failed: whether ``--failed`` is set.
        acted_on_elsewhere: the names of the event fixtures that this page acted on in other plays, if there were any.
        texts_while_open: the texts that this page shows while its window is open, if another play has collected them.
        without_event: what this page does as well without the event, if another play has shown it.
    """

    knows_connected: bool = False
    knows_failed: bool = False
    acted_on_elsewhere: frozenset[str] = frozenset()
    texts_while_open: frozenset[str] = frozenset()
    without_event: WithoutEvent = UNKNOWN

    @classmethod
    def of_play(
        cls,
        play: Play,
        *,
        knows_connected: bool,
        knows_failed: bool,
        acted_on_elsewhere: frozenset[str] = frozenset(),
        texts_while_open: frozenset[str] = frozenset(),
        without_event: WithoutEvent = UNKNOWN,
    ) -> Flow:
        """Return the flow of a play, with what has happened until now."""
        intruders = {
            account: intrusion
            for intrusion in play.intrusions()
            for data in play.forged_data(intrusion)
            if (account := rules.account_of(data)) is not None
        }
        return cls(
            play.scenario,
            play.journal.entries(),
            [event.data for event in play.events()],
            intruders,
            knows_connected,
            knows_failed,
            acted_on_elsewhere,
            texts_while_open,
            without_event,
        )

    # --- the event ------------------------------------------------------------------------------------------------

    def is_genuine(self, data: Any) -> bool:
        """Return whether this is the data of an event on which the page must act.

        That is an event posted as an object; where the fixtures hold JSON strings only, an event as a JSON string.
        """
        if data not in self.posts:
            return False
        as_object = any(rules.is_event(posted, PLATFORM) for posted in self.posts)
        return rules.is_event(data if as_object else rules.fields_of(data), PLATFORM)

    @cached_property
    def scenario_events(self) -> list[MessageReceived]:
        """The scenario's events that the page received from the popup, complete or not, as an object or as a string."""
        from_popup = [event for event in self.page_messages if event.origin == rules.ORIGIN and event.source == "popup"]
        return [event for event in from_popup if event.data in self.posts]

    @property
    def is_from_new_window(self) -> bool:
        """Whether the event came from a window that the page does not hold, so that it may refuse it."""
        return self.scenario.finish.window == "new" and bool(self.genuine_events)

    @cached_property
    def genuine_events(self) -> list[MessageReceived]:
        """The genuine events that the page received: from the service's origin, and from a window that it opened."""
        return [event for event in self.scenario_events if self.is_genuine(event.data)]

    @cached_property
    def genuine_posts(self) -> list[MessagePosted]:
        """The genuine events that a window posted, delivered or not."""
        return [event for event in self.all_of(MessagePosted) if self.is_genuine(event.data)]

    # --- what the user is told --------------------------------------------------------------------------------------

    def first_reaction(self, after: float, *, certain: bool = False) -> Event | None:
        """Return the first change that the user can notice after a moment, or None; see `first_visible_change`."""
        return first_visible_change(self.events, after, self.texts_while_open, certain=certain)

    def outcome_shown(self, outcome: OutcomeKind, after: float = 0.0) -> OutcomeShown | None:
        """Return the first event after a moment and after the click by which an outcome became visible, or None."""
        clicked = self.clicks[0].at if self.clicks else 0.0
        shown = [event for event in self.all_of(OutcomeShown) if event.outcome == outcome and event.visible]
        return next((event for event in shown if event.at > max(after, clicked)), None)

    def last_shown(self, outcome: OutcomeKind, at: float = float("inf")) -> OutcomeShown | None:
        """Return the last event, now or at a moment, by which an outcome became visible, or None."""
        shown = [event for event in self.all_of(OutcomeShown) if event.outcome == outcome and event.visible]
        return next((event for event in reversed(shown) if event.at <= at), None)

    def is_visible(self, outcome: OutcomeKind, at: float = float("inf")) -> bool:
        """Return whether an outcome is visible, now or at a moment."""
        changes = [event for event in self.all_of(OutcomeShown) if event.outcome == outcome and event.at <= at]
        return bool(changes) and changes[-1].visible

    def is_newly_visible(self, outcome: OutcomeKind) -> bool:
        """Return whether an outcome is visible now, and became so after the click."""
        return self.is_visible(outcome) and self.outcome_shown(outcome) is not None

    @cached_property
    def opener_cut_at(self) -> float | None:
        """When the provider's or the finish page's COOP cut the opener, after which ``closed`` reads true; or None."""
        documents = [event for event in self.all_of(DocumentLoaded) if event.window != "app" and not event.has_opener]
        if not documents or not self.scenario.opener_is_cut():
            return None
        # The page may read that before the document which was cut off begins: that is in a process of its own.
        return min(documents[0].at, *(event.at for event in self.all_of(ClosedRead) if event.closed), float("inf"))

    def feedback_due_at(self) -> float | None:
        """Return the moment from which the page must tell its user the outcome; None if it has not come yet.

        That is the moment of the answer to the follow-up; for a page without a listener, of the list of accounts. Where
        the scenario expects no follow-up, it is the first moment at which the page can know: a message came from the
        popup, its server's request for start was refused, the window was blocked or closed, or the opener was cut.
        """
        if self.scenario.expect.follow_up:
            # If there are several answers, the page may have tried again: the first calls for a reaction.
            answered = self.follow_ups or self.forged_follow_ups or self.misdirected_follow_ups
            if answered:
                return answered[0].answered_at
            verdict = list_verdict(self)
            return verdict.answered_at if verdict is not None and not self.listener_count(verdict.at) else None
        if self.scenario.blocked:
            return next((event.at for event in self.open_calls if not event.returned), None)
        if self.expects_connected and (verdict := list_verdict(self)) is not None:
            return verdict.answered_at
        if self.scenario.opener_is_cut():
            return self.opener_cut_at
        known = [event.at for event in self.page_messages if event.source == "popup"]
        known += [start.answered_at for start in self.starts if start.sent_by == "server" and start.is_refused()]
        known += [event.at for event in self.all_of(WindowClosed)][-1:]
        # The page may read `closed` before the driver learns of the closing.
        known += [read for popup in self.popups[-1:] if (read := self.first_closed_read(popup.at)) < float("inf")]
        return min(known, default=None)

    def told_due_at(self) -> float | None:
        """Return the moment of `feedback_due_at`; of a page that listens and made no follow-up, that of the list.

        A list that is empty is the answer, too, where nothing can be connected, and the page asked upon the event.
        """
        if (due_at := self.feedback_due_at()) is not None:
            return due_at
        verdict = list_verdict(self)
        if verdict is None and self.scenario.expect.outcome == "not-connected":
            verdict = next(iter(self.lists_on_event), None)
        return verdict.answered_at if verdict is not None else None

    @property
    def lists_on_event(self) -> list[RequestSeen]:
        """The requests for the list since the genuine event came, by which a page follows it up as well."""
        heard = min((event.at for event in self.genuine_events), default=float("inf"))
        return [made for made in self.lists if made.at > heard]

    @property
    def expects_connected(self) -> bool:
        """Whether the page must say that it is connected; without the event it must where the list said so."""
        expect = self.scenario.expect
        return expect.outcome == "connected" and (expect.follow_up or is_listed(self))

    def user_is_certainly_told(self) -> bool:
        """Return whether the user is told, by more than figures that may go on changing by themselves."""
        return self.user_is_told(certain=True)

    def user_waits_no_longer(self) -> bool:
        """Return whether a user who leaves the window open is told: by the list, where that is the page's only way."""
        awaits_list = self.scenario.expect.outcome == "connected" and not self.scenario.expect.follow_up
        if awaits_list and self.lists and self.window_is_finished() and list_verdict(self) is None:
            return False  # it has asked before the user had finished, and may ask again
        return self.user_is_certainly_told()

    def user_is_told(self, *, certain: bool = False) -> bool:
        """Return whether the page has told its user the outcome as the scenario expects."""
        due_at = self.told_due_at()
        if due_at is None:
            return False
        if self.is_acknowledged:
            return True
        if self.expects_connected and self.knows_connected:
            # A toast comes and goes; it is withdrawn only if the page now says failed.
            was_shown = self.outcome_shown("connected", due_at) is not None and not self.is_visible("failed")
            return self.is_visible("connected") or was_shown
        return self.first_reaction(due_at, certain=certain) is not None

    def has_reacted_to_closing(self) -> bool:
        """Return whether the page has reacted to the last closing of its window; a ticking clock is no reaction."""
        closed = [event.at for event in self.all_of(WindowClosed)][-1:]
        if not closed:
            return False
        before = [event.text for event in self.all_of(TextShown) if event.at <= closed[0]][-1:]
        known = self.texts_while_open.union(before)
        return first_visible_change(self.events, closed[0], known, certain=True) is not None
