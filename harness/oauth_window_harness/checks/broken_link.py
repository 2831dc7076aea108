"""Judge a play: which link of the integration broke first, and what else is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from oauth_window_harness.checks import (
    acceptance,
    activation,
    event,
    follow_up,
    page_causes,
    unplayed,
    user_feedback,
    window,
)
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding

Check = Callable[[Flow], Iterator[Finding]]

#: In the order of the flow: what breaks first explains what comes after it.
LINKS: tuple[Check, ...] = (
    page_causes.before_start,
    window.opening,
    activation.activation,
    window.early_close,
    window.start,
    window.opener,
    window.provider_return,
    page_causes.before_follow_up,
    event.handling,
    follow_up.request,
    follow_up.repetition,
    follow_up.duplicates,
    user_feedback.early_cancel,
    user_feedback.false_success,
    user_feedback.feedback,
)

#: Faults that are reported wherever the flow stops.
INDEPENDENT: tuple[Check, ...] = (
    window.token_in_address,
    user_feedback.early_success,
    event.string_form,
    follow_up.token_custody,
    follow_up.other_hosts,
    follow_up.not_played,
    user_feedback.without_opener,
)

#: The codes that follow from another one, and are not reported beside it.
CONSEQUENCES: Mapping[str, frozenset[str]] = {
    # What went wrong on the page itself comes before what followed from it.
    **dict.fromkeys(
        ("window-open-replaced", "unexpected-request", *page_causes.OF_CALLS),
        page_causes.OF_WINDOW | page_causes.OF_FOLLOW_UP | {"silent-hang", "false-cancel"},
    ),
    # A page without a handle, or with one that always reads closed, cannot know whether its window is open.
    "opener-detached": frozenset({"silent-hang", "false-cancel"}),
    # A page that has given up no longer listens.
    "false-cancel": frozenset({"event-ignored", "listener-missing"}),
}

_SEVERITIES = ("error", "warning", "info")


def judge(flow: Flow) -> list[Finding]:
    """Return all findings, the first broken link first: errors in the order of the flow, then warnings, then the rest.

    Where the page acted on something that it must not act on, the findings that follow from that are left out.
    """
    acceptances = list(acceptance.wrong_acceptance(flow))
    findings = acceptances or unplayed.without_consequences(flow, _broken_links(flow))
    causes = {found.code for found in findings}
    # A refused host that is the cause of an error is not told a second time, as a warning.
    beside = [found for found in _run(INDEPENDENT, flow) if found.code not in causes]
    if acceptances:
        # A page that a forgery led to say connected may have said so before the click.
        beside = [found for found in beside if found.code != "connected-beforehand"]
    return in_order([*findings, *beside])


def stopped_at(flow: Flow) -> str | None:
    """Return the route that is not played whose refusal explains why the flow stopped, as a line, or None."""
    if any(acceptance.wrong_acceptance(flow)):
        return None
    return unplayed.stop_line(flow, _broken_links(flow))


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in the order in which they are told: errors, warnings, and then the rest."""
    return sorted(findings, key=lambda found: _SEVERITIES.index(found.severity))


def _broken_links(flow: Flow) -> list[Finding]:
    return _without_consequences(_run(LINKS, flow))


def _without_consequences(findings: Sequence[Finding]) -> list[Finding]:
    consequences = {code for found in findings for code in CONSEQUENCES.get(found.code, ())}
    return [found for found in findings if found.code not in consequences]


def _run(checks: Sequence[Check], flow: Flow) -> list[Finding]:
    return [found for check in checks for found in check(flow)]
