"""Routes of the service that are not played: where one was refused, what follows from that is no fault of the page."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.checks.evidence import request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.events import RequestSeen

#: The code of what is told of a request to such a route.
CODE = "not-played-here"

#: What may follow from such a refusal before a window has asked for start.
_OF_WINDOW = frozenset({"window-not-opened", "start-not-asked", "start-path-unknown", "window-closed-early"})
#: The same, once the page has received the event, or has been clicked.
_OF_EVENT = frozenset({"event-ignored", "listener-threw", "silent-hang"})
#: The same, of what the page or its server may have asked for since the click, whenever it needs it.
_OF_FOLLOW_UP = frozenset({"follow-up-missing", "backend-unreachable"})


def requests(flow: Flow) -> list[RequestSeen]:
    """Return the requests for routes that are not played."""
    return [made for made in flow.requests if CODE in made.problems]


def without_consequences(flow: Flow, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings but for those that may follow from the refusal of a route that is not played."""
    return [found for found in findings if _refusal(flow, found) is None]


def stop_line(flow: Flow, findings: Sequence[Finding]) -> str | None:
    """Return the first refusal from which one of the findings may follow, as a line, or None."""
    for found in findings:
        refusal = _refusal(flow, found)
        if refusal is not None:
            return f"{request_line(refusal)} answered {refusal.status}"
    return None


def _refusal(flow: Flow, found: Finding) -> RequestSeen | None:
    since = _since(flow, found.code)
    if since is None:
        return None
    return next((made for made in requests(flow) if made.is_refused() and made.at >= since), None)


def _since(flow: Flow, code: str) -> float | None:
    """Return from which moment on a refusal may have led to a finding; None where none can have."""
    clicked = flow.clicks[0].at if flow.clicks else 0.0
    heard = flow.genuine_events[0].at if flow.genuine_events else None
    # What the page did not get when it was loaded, it lacks at the click; a start that went well needed nothing more.
    started = max((made.at for made in flow.starts if not made.is_refused()), default=0.0)
    if code in _OF_WINDOW:
        return None if code == "start-path-unknown" and (flow.starts or flow.unrouted_requests) else started
    if code in _OF_EVENT:
        return clicked if heard is None else heard
    if code in _OF_FOLLOW_UP:
        return started if heard is None else clicked
    return None
