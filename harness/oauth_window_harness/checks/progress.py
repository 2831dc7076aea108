"""How far a page comes in a play: the first link of the flow that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oauth_window_harness.checks.connection import list_verdict
from oauth_window_harness.checks.event import ignored_event, listener
from oauth_window_harness.checks.evidence import is_wrong
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.scenario.links import Link, links_of

#: Whether each link holds; what the story ends with is judged by what its user was told.
_HOLDS: Mapping[Link, Callable[[Flow], bool]] = {
    "control": lambda flow: bool(flow.clicks),
    "window": lambda flow: bool(flow.popups) or flow.server_was_refused,
    "start": lambda flow: any(not start.is_refused() for start in flow.starts),
    "return": lambda flow: bool(flow.finishes),
    "event heard": lambda flow: bool(flow.genuine_events) and not any(listener(flow)),
    "event acted on": lambda flow: ignored_event(flow) is None,
    "follow-up": lambda flow: any(not is_wrong(made) for made in flow.follow_ups),
    "told of success": Flow.user_is_told,
    "told of failure": Flow.user_is_told,
}

#: The links between the window's return and what the page tells, which a page does without that asks for the list.
_BY_EVENT: frozenset[Link] = frozenset({"event heard", "event acted on", "follow-up"})


def broken_at(flow: Flow) -> Link | None:
    """Return the first link of its scenario at which a play of the page stopped, or None if it came to the end."""
    verdict = list_verdict(flow)
    beside = _BY_EVENT if verdict is not None and not is_wrong(verdict) and not flow.follow_ups else frozenset()
    return next((link for link in links_of(flow.scenario) if link not in beside and not _HOLDS[link](flow)), None)
