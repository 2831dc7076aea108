"""Where each finding breaks a play: the link at which it stopped, or where on the way the page did wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oauth_window_harness.checks.event import SPELLINGS
from oauth_window_harness.checks.evidence import request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.progress import CAUSES_AT, OF_PAGE, broken_at, cause_at
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.causes import acceptance, follow_up, user_feedback
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.events import MessageReceived
from oauth_window_harness.scenario.links import LINKS, Link, links_of

#: What is wrong at a link in a play that went on, beside what can break the link for good.
_TOLD = frozenset(user_feedback.CAUSES) - {"no-way-without-opener"}
_WRONG_AT: Mapping[Link, frozenset[str]] = {
    "start": frozenset({"token-in-url"}),
    "event acted on": frozenset(acceptance.CAUSES),
    "follow-up": frozenset(follow_up.CAUSES) - {"unexpected-request", "not-played-here"},
    "told of success": _TOLD,
    "told of failure": _TOLD,
}

#: What is told of a request that came, and that by its path is of no link.
_MISDIRECTED = frozenset({"start-path-unknown", "follow-up-path-unknown"})


@dataclass(frozen=True)
class Break:
    """The link of the flow that a finding breaks.

    Attributes:
        at: the moment of the request or message that should not have been, or not so; None where it is none.
        missing: the links of the scenario from this one on, if the play stopped here.
    """

    link: Link
    at: float | None = None
    missing: tuple[Link, ...] = ()


def breaks_of(flow: Flow, findings: Sequence[Finding]) -> Mapping[str, Break]:
    """Return what each finding breaks, by its code, without those of which the play does not show it."""
    links = links_of(flow.scenario)
    stopped_at = broken_at(flow)
    first = cause_at(stopped_at, findings)
    breaks: dict[str, Break] = {}
    for found in findings:
        # What was acted on wrongly led the flow elsewhere: nothing is missing there.
        if stopped_at is not None and found is first and found.code not in acceptance.CAUSES:
            missing = links[links.index(stopped_at) :]
            breaks[found.code] = Break(stopped_at, at=_unrouted_moment(flow, found), missing=missing)
        elif found.code not in OF_PAGE | SPELLINGS:  # the page's own may break any link; a spelling stops the play
            link = next((one for one in reversed([*LINKS, *links]) if _is_wrong_at(one, found.code)), None)
            if link is not None:
                breaks[found.code] = Break(link, at=_wrong_moment(flow, found))
    return breaks


def _is_wrong_at(link: Link, code: str) -> bool:
    return code in CAUSES_AT.get(link, ()) or code in _WRONG_AT.get(link, ())


def _wrong_moment(flow: Flow, found: Finding) -> float | None:
    """Return when the request came that a wrong message led to, else when that message came, by what was seen."""
    if found.code not in acceptance.CAUSES:
        return _unrouted_moment(flow, found)
    requests = [made.at for made in flow.requests if request_line(made) in found.evidence]
    messages = [message.at for message in flow.page_messages if _is_named(message, found.evidence)]
    # Of several alike, the first may be right, and may have failed.
    requests = requests[-1:] if found.code == "duplicate-acted-on" else requests
    return next(iter([*requests, *messages]), None)


def _unrouted_moment(flow: Flow, found: Finding) -> float | None:
    """Return when the request came that was meant for a link, but whose path is of none; None where there is none."""
    if found.code not in _MISDIRECTED:
        return None
    unrouted = (made for made in flow.unrouted_requests if request_line(made) in found.evidence)
    return next((made.at for made in unrouted), None)


def _is_named(message: MessageReceived, evidence: Sequence[str]) -> bool:
    """Return whether evidence quotes a message, or names the account in it."""
    account = rules.account_of(message.data)
    quoted = rules.as_json(message.data)
    return any(quoted in line or (account is not None and line.endswith(f"accountId {account}")) for line in evidence)
