"""How what was seen is told: a line for each request, as evidence."""

from __future__ import annotations

from oauth_window_harness.journal.events import RequestSeen


def line(request: RequestSeen) -> str:
    """Return a request as one line of evidence."""
    return f"{request.method} {request.url} (sent by the {request.sent_by})"


def headers(request: RequestSeen) -> list[str]:
    """Return the headers of a request on which the contract has something to say, a line each."""
    return [f"{name}: {value}" for name, value in request.headers.items() if name in ("authorization", "version")]
