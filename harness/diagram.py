"""The sequence diagram of a play, as Mermaid text, which code hosts and editors draw."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness import contract
from harness.events import (
    DialogShown,
    Event,
    MessageReceived,
    OutcomeShown,
    RequestSeen,
    StepTaken,
    WindowAsked,
    WindowClosed,
)
from harness.journal import Journal

_LONGEST = 80


def diagram(journal: Journal) -> str:
    """Give the diagram: user, page, popup, Facebook and LeadConnector, and what went between them."""
    lines = [
        "sequenceDiagram",
        "    actor user as User",
        "    participant page as Page",
        "    participant server as Page's server",
        "    participant popup as Window",
        "    participant facebook as Facebook",
        "    participant leadconnector as LeadConnector",
    ]
    for event in journal.entries():
        lines += [f"    {line}" for line in _lines(event)]
    return "\n".join(lines) + "\n"


def _lines(event: Event) -> list[str]:  # noqa: PLR0911 - a table of shapes
    match event:
        case StepTaken(step="click"):
            return ["user->>page: click"]
        case StepTaken(step=step):
            return [f"user->>popup: {step}"]
        case WindowAsked(returned=returned):
            return [f"page->>popup: window.open{'' if returned else ' (null)'}"]
        case RequestSeen():
            return _exchange(event)
        case MessageReceived(source="popup", window="app"):
            return [f"popup-->>page: {_plain(f'postMessage {event.data}')}"]
        case MessageReceived(window="app"):
            return [f"page-->>page: {_plain(f'message from {event.origin}')}"]
        case WindowClosed(by=by):
            return [f"Note over popup: closed by {by}"]
        case OutcomeShown(visible=True, outcome=outcome):
            return [f"page->>user: {outcome}"]
        case DialogShown():
            return [f"page->>user: {_plain(f'{event.kind}: {event.message}')}"]
    return []


def _exchange(request: RequestSeen) -> list[str]:
    parts = urlsplit(request.url)
    there = "facebook" if parts.hostname in (*contract.FACEBOOK_HOSTS, contract.LOCAL_FACEBOOK) else "leadconnector"
    is_document = request.headers.get("sec-fetch-dest") == "document"
    here = "server" if request.sent_by == "server" else "popup" if is_document else "page"
    return [
        f"{here}->>{there}: {_plain(f'{request.method} {parts.path}')}",
        f"{there}-->>{here}: {_plain(f'{request.status} {request.answer}')}",
    ]


def _plain(text: str) -> str:
    """Give text that ends no line and begins no entity of Mermaid's."""
    text = " ".join(text.split()).replace("#", "♯").replace(";", ",")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
