"""Turns a journal and findings into a scenario's result: the verdict, and the events and requests of results.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from oauth_window_harness.checks.breaks import breaks_of
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.findings.mends import lines_of
from oauth_window_harness.journal.events import Event, MessagePosted, MessageReceived, RequestSeen
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.model import (
    EventResult,
    FindingResult,
    RequestResult,
    Verdict,
    errors_of,
)
from oauth_window_harness.results.place import PlaceResult


def verdict_of(findings: Sequence[FindingResult], broken: str | None, skipped: str | None) -> Verdict:
    """Return the verdict: any error fails; a play that could not be judged never passes.

    A finding of the baseline fails no scenario, but warns.
    """
    if skipped is not None:
        return "skipped"
    if errors_of(findings):
        return "failed"
    if broken is not None:
        return "broken"
    return "warned" if any(finding.severity != "info" for finding in findings) else "passed"


def findings_of(
    findings: Sequence[Finding],
    scenario: str,
    baseline: Baseline,
    broken_links: Mapping[str, BrokenLink] = MappingProxyType({}),
) -> tuple[FindingResult, ...]:
    """Return the findings of a scenario in the form of results.json; with the links that they break, by their codes."""
    return tuple(
        FindingResult(
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            evidence=finding.evidence,
            mend=finding.mend,
            clause=finding.clause,
            place=None if finding.place is None else PlaceResult(**asdict(finding.place)),
            lines=lines_of(finding.code),
            known=baseline.knows(scenario, finding.code),
            broken_link=broken_links.get(finding.code),
        )
        for finding in findings
    )


def broken_links_of(flow: Flow | None, findings: Sequence[Finding], journal: Journal) -> Mapping[str, BrokenLink]:
    """Return the link of the flow that each finding breaks, by its code; none where nothing was played."""
    breaks = breaks_of(flow, findings) if flow is not None else {}
    return {
        code: BrokenLink(
            link=found.link,
            at_ms=None if found.at is None else journal.milliseconds(found.at),
            missing=found.missing,
        )
        for code, found in breaks.items()
    }


def events_of(journal: Journal) -> tuple[EventResult, ...]:
    """Return the messages that the page received, each with the target origin that its sender named, in order.

    Include the messages that a window posted to its opener and that nobody received.
    """
    entries = journal.entries()
    unmatched = [event for event in entries if isinstance(event, MessagePosted)]
    rows: list[tuple[Event, EventResult]] = []
    for event in entries:
        if not isinstance(event, MessageReceived) or event.window != "app":
            continue
        posted = next((post for post in unmatched if post.data == event.data and post.origin == event.origin), None)
        if posted is not None:
            unmatched.remove(posted)
        row = EventResult(
            data=event.data,
            origin=event.origin,
            source=event.source,
            target_origin=posted.target_origin if posted else None,
            delivered=True,
            at_ms=journal.milliseconds(event.at),
        )
        rows.append((event, row))
    for post in unmatched:
        row = EventResult(
            data=post.data,
            origin=post.origin,
            source="popup",
            target_origin=post.target_origin,
            delivered=False,
            at_ms=journal.milliseconds(post.at),
        )
        rows.append((post, row))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0].at))


def requests_of(journal: Journal) -> tuple[RequestResult, ...]:
    """Return the requests that the stub answered."""
    return tuple(request_of(journal, request) for request in journal.of(RequestSeen))


def request_of(journal: Journal, request: RequestSeen) -> RequestResult:
    """Return one request in the form of results.json."""
    return RequestResult(
        method=request.method,
        url=request.url,
        headers=dict(request.headers),
        status=request.status,
        sent_by=request.sent_by,
        at_ms=journal.milliseconds(request.at),
        endpoint=request.endpoint,
        answer=request.answer,
    )
