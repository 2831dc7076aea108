"""The page's own calls, what came back to them, and what kept them from being sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import RequestRefused
from oauth_window_harness.journal.page_events import AppLogged, CallForbidden, HostUnreachable, PageAnswered

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

#: How much later than the page the driver learns of an answer, at most, in seconds.
_LATE = 0.2

#: How many lines of the app's log are quoted.
_QUOTED = 3


def is_to_service(url: str) -> bool:
    """Return whether an address is one of the service's or the provider's."""
    return urlsplit(url).hostname in rules.PRODUCTION_HOSTS


def place_of(url: str) -> str:
    """Return ``host:port`` of an address, as the gateway writes it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def refused_places(flow: Flow) -> set[str]:
    """Return each ``host:port`` that the gateway refused to the page."""
    return {event.host for event in flow.all_of(RequestRefused) if event.sent_by == "page"}


def unreachable_places(flow: Flow) -> set[str]:
    """Return each ``host:port`` at which nothing answered."""
    return {event.host for event in flow.all_of(HostUnreachable)}


def own_calls(flow: Flow) -> list[PageAnswered]:
    """Return the page's calls to its own backend: to no host of the service, and to none that was refused."""
    refused = refused_places(flow)
    return [
        call for call in flow.all_of(PageAnswered) if not is_to_service(call.url) and place_of(call.url) not in refused
    ]


def came_to_nothing(call: PageAnswered) -> bool:
    """Return whether a call got no answer, or one that says that its backend failed or has no such route."""
    return call.status is None or call.status == HTTPStatus.NOT_FOUND or call.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def names(call: PageAnswered, account: str | None) -> bool:
    """Return whether a call carries an account."""
    return account is not None and (account in call.url or account in call.sent)


def forbidden(flow: Flow, url: str) -> CallForbidden | None:
    """Return what the browser said of a call that it forbade by CORS, or None; a host that is down is another cause."""
    if place_of(url) in unreachable_places(flow):
        return None
    bare = url.partition("#")[0]
    return next((event for event in flow.all_of(CallForbidden) if event.url.partition("#")[0] == bare), None)


def call_line(call: PageAnswered) -> str:
    """Return a call and what came back as one line of evidence."""
    asked = f"the page's call {call.method} {call.url}"
    if call.status is None:
        return f"{asked} got no answer: {call.failure}"
    return f"{asked} answered {call.status}" + (f": {call.text}" if call.text else "")


def refusal_lines(flow: Flow, since: float) -> list[str]:
    """Return one line for each own call since a moment that did not succeed, without repetitions."""
    lines = [
        call_line(call)
        for call in own_calls(flow)
        if call.asked_at >= since and (call.status is None or call.status >= HTTPStatus.BAD_REQUEST)
    ]
    return unique(lines)


def answer_lines(flow: Flow, since: float) -> list[str]:
    """Return one line for each own call since a moment that was answered well: its body may say what failed."""
    lines = [
        call_line(call)
        for call in own_calls(flow)
        if call.asked_at >= since and call.status is not None and call.status < HTTPStatus.BAD_REQUEST
    ]
    return unique(lines)[:_QUOTED]


def log_lines(flow: Flow, since: float = 0.0) -> list[str]:
    """Return the app's own lines about errors; first those that name a host of the service, as they say most."""
    lines = unique(event.line.strip() for event in flow.all_of(AppLogged) if event.at >= since)
    lines.sort(key=lambda line: not any(host in line for host in rules.PRODUCTION_HOSTS))
    return [f"app.log: {line}" for line in lines[:_QUOTED]]


def unique(lines: Iterable[str]) -> list[str]:
    """Return the lines in their order, each once."""
    return list(dict.fromkeys(lines))


def hosts_of(places: Sequence[str]) -> list[str]:
    """Return the names in ``host:port`` as ``--allow`` takes them, each once."""
    return unique(place.rpartition(":")[0] for place in places)


def time_for_start(flow: Flow, since: float, until: float) -> float:
    """Return for how long the page awaited its own server between two moments while that asked for start, in seconds.

    How long the stub takes beside all else that this machine does says nothing of how long the service takes.
    """
    asked = [made.at for made in flow.starts if made.sent_by == "server"]
    calls = [one for one in flow.all_of(PageAnswered) if since <= one.asked_at and one.at <= until + _LATE]
    awaited = [one for one in calls if any(one.asked_at <= at <= one.at for at in asked)]
    return max((min(one.at, until) - one.asked_at for one in awaited), default=0.0)
