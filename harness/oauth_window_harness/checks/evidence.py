"""Lines of evidence about requests."""

from __future__ import annotations

from oauth_window_harness.journal.events import RequestSeen


def request_line(request: RequestSeen) -> str:
    """Return a request as one line of evidence."""
    return f"{request.method} {request.url} (sent by the {request.sent_by})"


def header_lines(request: RequestSeen) -> list[str]:
    """Return the headers of a request that the contract has rules for, one line each."""
    return [
        f"{name}: {value}"
        for name, value in request.headers.items()
        if name in ("authorization", "token-id", "version")
    ]


def is_wrong(request: RequestSeen) -> bool:
    """Return whether a request violates the contract; what is undocumented and accepted is no violation."""
    return any(problem != "authorization-undocumented" for problem in request.problems)
