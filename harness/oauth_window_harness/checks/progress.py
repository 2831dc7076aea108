"""How far a page comes in a play: the first link of the flow that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from oauth_window_harness.checks.connection import list_verdict
from oauth_window_harness.checks.event import event_is_lost, listener
from oauth_window_harness.checks.evidence import is_wrong
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding, first_broken_link
from oauth_window_harness.journal.events import RequestSeen
from oauth_window_harness.scenario.links import Link, links_of

#: Whether each link holds; what the story ends with is judged by what its user was told.
_HOLDS: Mapping[Link, Callable[[Flow], bool]] = {
    "control": lambda flow: bool(flow.clicks),
    "window": lambda flow: bool(flow.popups) or flow.server_was_refused,
    "start": lambda flow: any(not start.is_refused() or _is_due(flow, start) for start in flow.starts),
    "return": lambda flow: bool(flow.finishes),
    "event heard": lambda flow: bool(flow.genuine_events) and not any(listener(flow)),
    "event acted on": lambda flow: not event_is_lost(flow),
    "follow-up": lambda flow: any(not is_wrong(made) for made in flow.follow_ups),
    "told of success": Flow.user_is_told,
    "told of failure": Flow.user_is_told,
}

#: The links between the window's return and what the page tells, which a page does without that asks for the list.
_BY_EVENT: frozenset[Link] = frozenset({"event heard", "event acted on", "follow-up"})

#: What may break any link beyond the click: the page itself, or a call that it makes.
OF_PAGE = frozenset(
    {"window-open-replaced", "content-policy-blocked", "preflight-refused", "backend-unreachable", "unexpected-request",
     "listener-threw"}
)  # fmt: skip
_OF_HEADERS = frozenset(
    {"authorization-missing", "authorization-malformed", "token-unknown", "version-missing", "version-unknown"}
)
_OF_FOLLOW_UP = _OF_HEADERS | {
    "follow-up-missing", "follow-up-path-unknown", "follow-up-account-mismatch", "follow-up-location-mismatch",
}  # fmt: skip

#: The causes that break a link; every other one that a play shows lets it go on, or is of another link.
CAUSES_AT: Mapping[Link, frozenset[str]] = {
    "window": OF_PAGE | {"window-not-opened", "window-blocked", "window-blocked-unhandled"},
    "start": OF_PAGE
    | _OF_HEADERS
    | {"start-not-asked", "start-path-unknown", "start-parameter-missing", "start-parameter-unknown",
       "window-closed-early"},
    "return": frozenset({"window-closed-early", "provider-not-returned", "false-cancel"}),
    "event heard": frozenset(
        {"opener-detached", "window-closed-early", "false-cancel", "target-origin-mismatch", "listener-missing"}
    ),
    "event acted on": OF_PAGE | {"page-hyphen-ignored", "page-underscore-ignored", "event-ignored", "false-cancel"},
    "follow-up": OF_PAGE | _OF_FOLLOW_UP,
    "told of success": frozenset({"silent-hang", "connected-not-shown", "failure-shown-as-success"}),
}  # fmt: skip


def _is_due(flow: Flow, start: RequestSeen) -> bool:
    """Return whether start was refused as the scenario wants it, however right the request was."""
    return start.answer == flow.scenario.answers.start and not is_wrong(start)


def cause_at(link: Link | None, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that explains why a play stopped at a link: the first one that breaks it, else the first."""
    codes = CAUSES_AT.get(link, frozenset()) if link is not None else frozenset()
    return first_broken_link([found for found in findings if found.code in codes]) or first_broken_link(findings)


def broken_at(flow: Flow) -> Link | None:
    """Return the first link of its scenario at which a play of the page stopped, or None if it came to the end."""
    verdict = list_verdict(flow)
    does_without = verdict is not None and not is_wrong(verdict) and not flow.follow_ups
    beside = _BY_EVENT if does_without and not event_is_lost(flow) else frozenset()
    return next((link for link in links_of(flow.scenario) if link not in beside and not _HOLDS[link](flow)), None)
