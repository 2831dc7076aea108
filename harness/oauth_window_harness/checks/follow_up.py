"""Checks of the account GET: its path, account and headers, and how often it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

from oauth_window_harness.checks import unplayed
from oauth_window_harness.checks.evidence import header_lines, is_wrong, request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import RequestRefused, RequestSeen

#: How many identical calls after a refusal are tolerated.
STORM = 3

_REFUSALS = range(400, 500)

_PROBLEMS = (
    "follow-up-path-unknown",
    "follow-up-account-mismatch",
    "authorization-undocumented",
    "authorization-missing",
    "authorization-malformed",
    "token-unknown",
    "version-missing",
    "version-unknown",
    "follow-up-location-mismatch",
)

_MISMATCHES = ("follow-up-account-mismatch", "follow-up-location-mismatch")


def request(flow: Flow) -> Iterator[Finding]:
    """Check that the account GET keeps to the contract."""
    if flow.misdirected_follow_ups and not flow.follow_ups:
        yield finding("follow-up-path-unknown", [request_line(flow.misdirected_follow_ups[0])])
    swapped = [made for made in flow.follow_ups if _is_swapped(flow, made)]
    if swapped:
        evidence = [request_line(swapped[0]), "the location stands in the place of the account, and the account in its"]
        yield finding("follow-up-account-mismatch", evidence)
    for code in _PROBLEMS:
        for made in [*flow.follow_ups, *flow.lists]:
            if made in swapped and code in _MISMATCHES:
                continue
            if code in made.problems:
                yield finding(code, [request_line(made), *header_lines(made)])
                break


def _is_swapped(flow: Flow, made: RequestSeen) -> bool:
    """Return whether a call has the location and the account in each other's place: one mistake, not two."""
    accounts = {rules.account_of(data) for data in flow.posts}
    locations = {start.location for start in flow.starts}
    return made.location in accounts and made.account in locations and None not in (made.location, made.account)


def repetition(flow: Flow) -> Iterator[Finding]:
    """Check that a refused call was not repeated again and again."""
    refused = Counter((made.method, made.url) for made in flow.follow_ups if made.status in _REFUSALS)
    for (method, url), times in refused.items():
        if times > STORM + 1:
            yield finding("retry-storm", [f"{times} times: {method} {url}"])
            return


def duplicates(flow: Flow) -> Iterator[Finding]:
    """Check that one connection led to one account GET."""
    if len(flow.clicks) > flow.scenario.user.count("click"):
        return  # the harness clicked again where the first click seemed to have done nothing
    attached = [made.at for made in flow.requests if made.endpoint == "attach"]
    # A GET after a page was attached reads the result of that; it does not act on the event again. Nor does one after
    # an answer that could not be read: that is tried again, as after one that failed.
    answered = Counter(
        (made.account, sum(at < made.at for at in attached))
        for made in flow.follow_ups
        if made.status == HTTPStatus.OK and made.connectable_count is not None and not is_wrong(made)
    )
    for (account, _), times in answered.items():
        if times > 1:
            lines = [request_line(made) for made in flow.follow_ups if made.account == account]
            events, clicks = len(flow.genuine_events), len(flow.clicks)
            received = "one event" if events == 1 else f"{events} events"
            after = "one click" if clicks == 1 else f"{clicks} clicks"
            yield finding("duplicate-acted-on", [*lines, f"the page received {received}, after {after}"])
            return


def token_custody(flow: Flow) -> Iterator[Finding]:
    """Check that the page's own script does not hold the token."""
    for made in [*flow.follow_ups, *flow.lists, *flow.forged_follow_ups, *flow.misdirected_follow_ups]:
        if made.sent_by == "page" and {"authorization", "token-id"} & made.headers.keys():
            yield finding("token-in-browser", [request_line(made)])
            return


def other_hosts(flow: Flow) -> Iterator[Finding]:
    """Check that nothing asked for a host that is not part of the flow."""
    refused = sorted({f"{event.host}, requested by the {event.sent_by}" for event in flow.all_of(RequestRefused)})
    if refused:
        yield finding("unexpected-request", refused)


def not_played(flow: Flow) -> Iterator[Finding]:
    """Report the routes of the service that the harness does not play; nobody is accused of them."""
    requests = {request_line(made): made.nearest for made in unplayed.requests(flow)}
    if requests:
        yield finding(
            unplayed.CODE,
            [f"{line}; the nearest route is {nearest}" if nearest else line for line, nearest in requests.items()],
        )
