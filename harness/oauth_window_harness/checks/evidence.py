"""Lines of evidence about requests."""

from __future__ import annotations

from oauth_window_harness.journal.events import OutcomeShown, RequestSeen


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


def outcome_lines(shown: OutcomeShown | None) -> list[str]:
    """Return the selector of an outcome and what it matched, one line each; none where it is not known."""
    if shown is None or not (shown.selector or shown.matched):
        return []
    other = "failed" if shown.outcome == "connected" else "connected"
    both = [f"--{other} matches the same element: only selectors that tell the two apart can be judged by"]
    option = f"--{shown.outcome} {shown.selector!r}" if shown.selector else f"--{shown.outcome}"
    matched = f": {shown.matched!r}" if shown.matched else " an element without text"
    return [f"{option} matched{matched}", *(both if shown.is_both else ())]
