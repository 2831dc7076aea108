"""What a message caused, which shows whether the page acted on it."""

from __future__ import annotations

from oauth_window_harness.checks.evidence import request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.visible_changes import first_visible_change
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import (
    ClosedRead,
    Event,
    EventDelivered,
    MessageReceived,
    OutcomeShown,
    PageRequested,
    TextShown,
)

#: Within what time after a message a page shows what its listener itself did, in seconds.
AT_ONCE = 0.1


def requests_naming(flow: Flow, account: str) -> list[str]:
    """Return the requests that carry an account, one line each: those to the service, else the page's to its server."""
    to_service = [
        request_line(request) for request in flow.requests if account in request.url and request.endpoint != "preflight"
    ]
    own = [
        f"{request.method} {request.url} (the page to its server)"
        for request in flow.all_of(PageRequested)
        if account in request.url or account in request.body
    ]
    return to_service or own


def first_effect(flow: Flow, message: MessageReceived) -> Event | None:
    """Return the first event that shows that the page acted on a message, or None.

    Not counted are what the page shows, and what it requests from its server without naming the account, once it has
    read that its window is closed (both may be about the closing); a request that it made before too (a poll);
    what another document in its place shows; and what it does as well without the event (`Flow.without_event`).
    """
    polled = {(event.method, event.url) for event in flow.all_of(PageRequested) if event.at <= message.at}
    before = {*polled, *flow.without_event.requests}
    account = rules.account_of(message.data)
    closed_read_at = message.at if flow.closed_was_read(message.at) else flow.first_closed_read(message.at)
    replaced_at = min((shown.at for shown in flow.documents("app") if shown.at > message.at), default=float("inf"))
    change = first_visible_change(
        [event for event in flow.events if event.at < replaced_at],
        message.at,
        flow.without_event.texts,
        is_expected=lambda line: flow.without_event.echoes_as(line, message.data),
    )
    if change is not None and (change.at < closed_read_at or _is_second_reaction(flow, message, change)):
        return change
    for event in flow.events:
        if event.at <= message.at:
            continue
        if isinstance(event, PageRequested) and (event.method, event.url) not in before:
            names_account = account is not None and (account in event.url or account in event.body)
            if names_account or event.at < closed_read_at:
                return event
        if isinstance(event, OutcomeShown) and event.outcome == "connected" and event.visible:
            return event
    return None


def _is_second_reaction(flow: Flow, message: MessageReceived, change: Event) -> bool:
    """Return whether a page that had shown what it makes of its closed window then reacted to a message at once.

    On a busy machine a page may read ``closed`` before the message comes that its window had posted before it closed.
    """
    reads = [event.at for event in flow.all_of(ClosedRead) if event.closed and event.at <= message.at]
    told = any(reads[-1] <= event.at <= message.at for event in flow.all_of(TextShown)) if reads else False
    return told and change.at - message.at < AT_ONCE


def is_conclusive(effect: Event, message: MessageReceived) -> bool:
    """Return whether an effect could not have come without the message: a request that names its account, an outcome.

    Any other may be a clock's, a reminder's or a log's; a play without the event shows whether it is.
    """
    account = rules.account_of(message.data)
    if isinstance(effect, PageRequested):
        return account is not None and (account in effect.url or account in effect.body)
    return isinstance(effect, OutcomeShown)


def delivery_lines(flow: Flow) -> list[str]:
    """Return one line for each delivery of the event to the app's backend."""
    deliveries = flow.all_of(EventDelivered)
    return [f"the event was posted to {event.url}, which answered {event.status or 'nothing'}" for event in deliveries]


def reading_line(flow: Flow, message: MessageReceived) -> str:
    """Return one line that says what the page's listeners read of a message."""
    read = flow.properties_read(message)
    if not read:
        return "no listener read anything of it"
    return f"of the event, the listener read {', '.join(read)}, and nothing after that"
