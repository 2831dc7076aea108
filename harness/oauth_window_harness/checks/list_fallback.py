"""Whether a page that received the event learnt of its connection by the list of accounts alone.

Such a page is connected, for it has a way where no event comes; but nothing shows that it acts on the event.
"""

from __future__ import annotations

from dataclasses import replace

from oauth_window_harness.checks.connection import lists_since_finish
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.message_effects import AT_ONCE, first_effect
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import Event, MessageRead, MessageReceived, PageRequested, RequestSeen

#: The fields by which a listener knows the event; other messages have none of them.
_OWN_FIELDS = frozenset({"data.actionType", "data.page", "data.platform", "data.accountId"})

#: What part of its usual time a page that an event hastens takes at most, until it asks for the list.
_HASTENED = 0.25


def list_in_place(flow: Flow, event: MessageReceived) -> RequestSeen | None:
    """Return the list that told the page of its connection in the place of an event, or None.

    It was asked for after the page had read that its window had closed, and neither at once upon the event, which may
    have come late on a busy machine, nor after an account GET, nor had a list told the page before the event.
    """
    naming = [made for made in lists_since_finish(flow) if made.connectable_count]
    told = next((made for made in naming if made.at > event.at), None)
    if told is None or any(made.at <= event.at for made in naming):
        return None
    asked_at = _asked_at(flow, told, event.at)
    closed_read_at = event.at if flow.closed_was_read(event.at) else flow.first_closed_read(event.at)
    if asked_at < closed_read_at or asked_at - event.at < AT_ONCE:
        return None
    followed = [*flow.follow_ups, *flow.misdirected_follow_ups]
    return None if any(event.at < made.at < told.answered_at for made in followed) else told


def is_rescued(flow: Flow) -> bool:
    """Return whether a page that listens made nothing of the genuine event, and the list told it all the same."""
    if not flow.genuine_events or not flow.scenario.expect.follow_up:
        return False
    event = flow.genuine_events[0]
    told = list_in_place(flow, event)
    if told is None or _acted(flow, event) or not flow.listener_count(event.at):
        return False
    return effect_before(flow, event, told) is None


def effect_before(flow: Flow, event: MessageReceived, told: RequestSeen | None) -> Event | None:
    """Return the first event that shows that the page acted on a message before a list told it the same, or None."""
    if told is None:
        return first_effect(flow, event)
    known = [one for one in flow.events if one.at < told.answered_at]
    return first_effect(replace(flow, events=known), event)


def reads_as_event(flow: Flow, message: MessageReceived) -> bool:
    """Return whether a listener asked a message for what the event has, and did not just copy all of it (a log)."""
    read = set(flow.properties_read(message))
    everything = {f"data.{name}" for name in rules.fields_of(message.data)}
    return bool(_OWN_FIELDS & read) and not everything <= read


def came_as_without_event(flow: Flow, event: MessageReceived) -> bool:
    """Return whether the list came no sooner upon an event than it does where none has come, as a play showed."""
    told, usual = list_in_place(flow, event), flow.without_event.listed_after
    return told is not None and usual is not None and _asked_at(flow, told, event.at) - event.at > usual * _HASTENED


def _asked_at(flow: Flow, made: RequestSeen, after: float) -> float:
    """Return when the page asked, after a moment, for what it or its server then asked the service."""
    by_page = made.sent_by == "page"
    asked = [call.at for call in flow.all_of(PageRequested) if not by_page or call.url == made.url]
    return max((at for at in asked if after < at <= made.at), default=made.at)


def _acted(flow: Flow, message: MessageReceived) -> bool:
    """Return whether the page asked for something or changed a timer while it handled a message."""
    reads = [event for event in flow.all_of(MessageRead) if event.window == "app"]
    place = flow.page_messages.index(message)
    return place < len(reads) and reads[place].acted
