"""Whether the page acted on a message, told from what it caused."""

from __future__ import annotations

from oauth_window_harness.checks.evidence import line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.visible_changes import reaction
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import Event, EventDelivered, MessageReceived, OutcomeShown, PageRequested


def acted_on(flow: Flow, account: str) -> list[str]:
    """Return the requests that carry an account, a line each: those to the service, else the page's to its server."""
    to_service = [
        line(request) for request in flow.requests if account in request.url and request.endpoint != "preflight"
    ]
    own = [
        f"{request.method} {request.url} (the page to its server)"
        for request in flow.all_of(PageRequested)
        if account in request.url or account in request.body
    ]
    return to_service or own


def acted_after(flow: Flow, message: MessageReceived) -> Event | None:
    """Return the first thing that the page did about a message, or None.

    What it shows or asks its server for once it has found its window closed may be about that, unless it names the
    account; what it asks its server for as before is a poll; what another document shows in its place is not its own.
    """
    before = {(event.method, event.url) for event in flow.all_of(PageRequested) if event.at <= message.at}
    account = rules.account_of(message.data)
    found_closed = message.at if flow.closed_was_read(message.at) else flow.first_closed_read(message.at)
    left = min((shown.at for shown in flow.documents("app") if shown.at > message.at), default=float("inf"))
    seen = reaction([event for event in flow.events if event.at < left], message.at)
    if seen is not None and seen.at < found_closed:
        return seen
    for event in flow.events:
        if event.at <= message.at:
            continue
        if isinstance(event, PageRequested) and (event.method, event.url) not in before:
            named = account is not None and (account in event.url or account in event.body)
            if named or event.at < found_closed:
                return event
        if isinstance(event, OutcomeShown) and event.outcome == "connected" and event.visible:
            return event
    return None


def delivered(flow: Flow) -> list[str]:
    """Return one line on each delivery of the event to the app's backend."""
    deliveries = flow.all_of(EventDelivered)
    return [f"the event was posted to {event.url}, which answered {event.status or 'nothing'}" for event in deliveries]


def read_told(flow: Flow, message: MessageReceived) -> str:
    """Return one line on what the page's listeners read of a message."""
    read = flow.read_of(message)
    if not read:
        return "no listener read anything of it"
    return f"of the event, the listener read {', '.join(read)}, and nothing after that"
