"""The sequence diagram of a play: what user, page, window and services exchanged, in order of time.

It has two forms: Mermaid text, which code hosts and editors draw, and the steps that the HTML report draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import (
    DialogShown,
    Event,
    EventDelivered,
    MessageReceived,
    OutcomeShown,
    RequestSeen,
    StepTaken,
    WindowClosed,
    WindowOpenCalled,
)
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.quiet import PageQuiet
from oauth_window_harness.scenario.links import Link

#: The first line of Mermaid's text.
HEADING = "sequenceDiagram"

#: The length of the longest text, and of a line of it in Mermaid's, in characters.
_LONGEST, _LINE = 320, 80

#: What breaks a line in Mermaid's text.
BREAK = "<br/>"

#: The participants from left to right: the name in Mermaid's text, and the one that is shown.
LANES = {
    "user": "User",
    "page": "Page",
    "server": "Page's server",
    "popup": "Window",
    "facebook": "Facebook",
    "leadconnector": "LeadConnector",
}


@dataclass(frozen=True)
class DiagramStep:
    """One arrow of the diagram; or a note, where source and target are the same lane.

    Attributes:
        at_ms: milliseconds since the journal was begun; None of what did not come.
        source: the lane where it begins.
        target: the lane where it ends.
        label: what it stands for, without line breaks.
        answers: whether it is an answer or a message.
        link: the link of the flow that it is a part of, if any; what leads to a link is a part of the one before.
        state: whether it came, came and is where the play broke (or should have come there), or should have come after.
    """

    at_ms: int | None
    source: str
    target: str
    label: str
    answers: bool = False
    link: Link | None = None
    state: Literal["came", "broken", "missing"] = "came"

    @property
    def is_lost(self) -> bool:
        """Whether the play broke here as it did not come."""
        return self.state == "broken" and self.at_ms is None


#: The links that the requests of a play belong to, by their endpoints.
_LINKS: Mapping[str, Link] = {
    "start": "start",
    "dialog": "start",
    "login": "start",
    "consent": "start",
    "finish": "return",
    "account": "follow-up",
}


def steps(journal: Journal) -> list[DiagramStep]:
    """Return the steps of a journal in order of time; an answer may come long after its request."""
    unsorted = [(step.at_ms or 0, step) for event in journal.entries() for step in _steps(event, journal)]
    return [step for _, step in sorted(unsorted, key=lambda pair: pair[0])]


def diagram(journal: Journal) -> str:
    """Return the diagram as Mermaid text."""
    actor = "actor"
    lines = [HEADING]
    for lane, name in LANES.items():
        lines.append(f"    {actor} {lane} as {name}")
        actor = "participant"
    for step in steps(journal):
        lines.append(f"    %% {step.at_ms} ms" + (f", {step.link}" if step.link else ""))
        label = BREAK.join(wrapped(step.label, _LINE))
        label = label.replace("#", "♯").replace(";", ",")  # the two characters begin and end Mermaid's entities
        if step.source == step.target and step.source == "popup":
            lines.append(f"    Note over {step.source}: {label}")
        else:
            lines.append(f"    {step.source}{'--' if step.answers else '-'}>>{step.target}: {label}")
    return "\n".join(lines) + "\n"


def wrapped(text: str, length: int) -> list[str]:
    """Return a text as lines of at most so many characters, which make it up again when they are joined.

    A line ends after a space, or else a comma or a slash, if one stands in its second half: no id is split by that.
    """
    lines = []
    while len(text) > length:
        ends = (text.rfind(sign, length // 2, length) + 1 for sign in (" ", ",", "/"))
        end = next((end for end in ends if end), length)
        lines.append(text[:end])
        text = text[end:]
    return [*lines, text]


def _steps(event: Event, journal: Journal) -> Iterator[DiagramStep]:
    at = journal.milliseconds(event.at)
    match event:
        case StepTaken(step=step):
            clicks = step == "click"
            link: Link = "control" if clicks else "start"
            yield DiagramStep(at, "user", "page" if clicks else "popup", step, link=link)
        case WindowOpenCalled(returned=returned):
            yield DiagramStep(at, "page", "popup", f"window.open{'' if returned else ' (null)'}", link="window")
        case RequestSeen():
            yield from _exchange(event, journal)
        case MessageReceived(source="popup", window="app"):
            is_genuine = event.origin == rules.ORIGIN
            sender = "" if is_genuine else f"from {event.origin} "
            label = _short(f"postMessage {sender}{rules.as_json(event.data)}")
            heard: Link | None = "event heard" if is_genuine else None
            yield DiagramStep(at, "popup", "page", label, answers=True, link=heard)
        case MessageReceived(window="app"):
            yield DiagramStep(at, "page", "page", _short(f"message from {event.origin}"), answers=True)
        case EventDelivered():
            label = f"{event.status or 'no answer'} to POST {urlsplit(event.url).path}"
            yield DiagramStep(at, "server", "page", _short(label), answers=True)
        case WindowClosed(by=by):
            yield DiagramStep(at, "popup", "popup", f"closed by {by}")
        case _:
            yield from _reaction(event, at)


def _reaction(event: Event, at: int) -> Iterator[DiagramStep]:
    """Yield what the page tells its user; and where nothing more came, that nothing could."""
    match event:
        case OutcomeShown(visible=True, outcome=outcome):
            link: Link = "told of success" if outcome == "connected" else "told of failure"
            yield DiagramStep(at, "page", "user", outcome, link=link)
        case DialogShown():
            yield DiagramStep(at, "page", "user", _short(f"{event.kind}: {event.message}"))
        case PageQuiet():
            yield DiagramStep(at, "page", "page", "quiet: nothing more can come")


def _exchange(request: RequestSeen, journal: Journal) -> Iterator[DiagramStep]:
    parts = urlsplit(request.url)
    there = "facebook" if parts.hostname in (*rules.FACEBOOK_HOSTS, rules.LOCAL_FACEBOOK) else "leadconnector"
    is_document = request.headers.get("sec-fetch-dest") == "document"
    here = "server" if request.sent_by == "server" else "popup" if is_document else "page"
    requested, answered = journal.milliseconds(request.at), journal.milliseconds(request.answered_at)
    link = _LINKS.get(request.endpoint)
    yield DiagramStep(requested, here, there, _short(f"{request.method} {parts.path}"), link=link)
    label = _short(f"{request.status or 'connection reset'} {request.answer}")
    yield DiagramStep(answered, there, here, label, answers=True, link=link)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
