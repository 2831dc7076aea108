"""Checks of the account GET: its path, its account, its headers, and how often it comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

from oauth_window_harness.checks.evidence import headers, line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import RequestRefused

#: How many like calls after a refusal are too many.
STORM = 3

_REFUSALS = range(400, 500)

_PROBLEMS = (
    "follow-up-path-unknown",
    "follow-up-account-mismatch",
    "authorization-missing",
    "authorization-malformed",
    "token-unknown",
    "version-missing",
    "version-unknown",
    "follow-up-location-mismatch",
)


def request(flow: Flow) -> Iterator[Finding]:
    """Whether the account GET is as the contract wants it."""
    if flow.strays and not flow.follow_ups:
        yield finding("follow-up-path-unknown", [line(flow.strays[0])])
    for code in _PROBLEMS:
        for made in flow.follow_ups:
            if code in made.problems:
                yield finding(code, [line(made), *headers(made)])
                break


def repetition(flow: Flow) -> Iterator[Finding]:
    """Whether a refused call was repeated again and again."""
    refused = Counter((made.method, made.url) for made in flow.follow_ups if made.status in _REFUSALS)
    for (method, url), times in refused.items():
        if times > STORM + 1:
            yield finding("retry-storm", [f"{times} times: {method} {url}"])
            return


def duplicates(flow: Flow) -> Iterator[Finding]:
    """Whether one connection led to several account GETs."""
    attached = [made.at for made in flow.requests if made.endpoint == "attach"]
    # A GET after a page was attached shows what came of that; it is no second acting on the event.
    answered = Counter(
        (made.account, sum(at < made.at for at in attached))
        for made in flow.follow_ups
        if made.status == HTTPStatus.OK and not made.problems
    )
    for (account, _), times in answered.items():
        if times > 1:
            lines = [line(made) for made in flow.follow_ups if made.account == account]
            heard = f"{len(flow.heard)} events were heard, {len(flow.clicks)} clicks made"
            yield finding("duplicate-acted-on", [*lines, heard])
            return


def custody(flow: Flow) -> Iterator[Finding]:
    """Whether the page's own script holds the token."""
    for made in [*flow.follow_ups, *flow.intruding, *flow.strays]:
        if made.sent_by == "page" and "authorization" in made.headers:
            yield finding("token-in-browser", [line(made)])
            return


def elsewhere(flow: Flow) -> Iterator[Finding]:
    """Whether anything asked for a host that is not part of the flow."""
    refused = sorted({f"{event.host}, asked by the {event.sent_by}" for event in flow.all_of(RequestRefused)})
    if refused:
        yield finding("unexpected-request", refused)
