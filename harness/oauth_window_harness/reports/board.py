"""The board of a play: what was expected beside what was seen, and the first broken link."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, first_broken_link
from oauth_window_harness.results.model import EventResult, FindingResult, RequestResult
from oauth_window_harness.scenario.model import Scenario

#: The length of the longest line, in characters, and the number of lines of one kind that are shown.
_LONGEST = 240
_MOST = 20

#: The answer of start that sends the window on to Facebook.
_REDIRECT = "start-302"


def board(
    scenario: Scenario,
    posts: Sequence[Any],
    findings: Sequence[Finding | FindingResult],
    events: Sequence[EventResult],
    requests: Sequence[RequestResult],
) -> str:
    """Return the board as plain text.

    Args:
        scenario: the one that was played.
        posts: the data of each event that the finish page posts.
        findings: the first broken link first.
        events: the messages that the page received, and those that were posted and not delivered.
        requests: those that the stub answered.
    """
    lines = [f"scenario: {scenario.name}  {scenario.title}", *_findings(findings), ""]
    lines += ["events expected:", *_rows(_expected_events(scenario, posts, events))]
    lines += ["events seen:", *_rows(_seen_events(events)), ""]
    lines += ["requests expected:", *_rows(_expected_requests(scenario, requests))]
    lines += ["requests seen:", *_rows(_seen_requests(requests))]
    refused = [finding for finding in findings if finding.code == "unexpected-request"]
    lines += [f"  refused: {line}" for finding in refused for line in finding.evidence]
    return "\n".join(line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…" for line in lines)


def _findings(findings: Sequence[Finding | FindingResult]) -> Iterator[str]:
    first = first_broken_link(findings)
    if first is None:
        yield "first broken link: none that was seen"
    for finding in findings:
        head = "first broken link" if finding is first else finding.severity
        yield f"{head}: {finding.code}  {finding.message}"
        yield from (f"  seen: {line}" for line in finding.evidence)
        yield from (f"  at:   {place}" for place in [finding.place] if place is not None)
        yield f"  mend: {finding.mend}"
        if finding.clause:
            yield f"  by:   {finding.clause}"


def _rows(lines: Iterator[str]) -> list[str]:
    rows = [f"  {line}" for line in lines]
    left = len(rows) - _MOST
    return [*rows[:_MOST], *([f"  … and {left} more"] if left > 0 else [])] or ["  none"]


def _expected_events(scenario: Scenario, posts: Sequence[Any], events: Sequence[EventResult]) -> Iterator[str]:
    received = [event.data for event in events if event.delivered]
    for data in posts if "approve" in scenario.user else []:
        yield f"{_mark(data in received)} {_compact(data)}"


def _seen_events(events: Sequence[EventResult]) -> Iterator[str]:
    for event in events:
        delivered = "" if event.delivered else f", posted to {event.target_origin}, and not delivered"
        sender = "the popup" if event.source == "popup" else "another window"
        yield f"{event.at_ms:>5} ms  from {event.origin}, {sender}{delivered}: {_compact(event.data)}"


def _expected_requests(scenario: Scenario, requests: Sequence[RequestResult]) -> Iterator[str]:
    if scenario.blocked:
        return
    made = {request.endpoint for request in requests}
    answered = {(request.endpoint, request.answer.partition(",")[0]) for request in requests}
    start, follow_up = scenario.answers.start, ", ".join(scenario.answers.account)
    yield f"{_mark(('start', start) in answered)} GET {rules.START_PATH}  {start}"
    if "approve" in scenario.user and start == _REDIRECT and not scenario.provider.error:
        yield f"{_mark('finish' in made)} GET {rules.FINISH_PATH}"
    if scenario.expect.follow_up:
        seen = any(("account", answer) in answered for answer in scenario.answers.account)
        yield f"{_mark(seen)} GET {rules.ACCOUNT_PATHS[-1]}  {follow_up}"


def _seen_requests(requests: Sequence[RequestResult]) -> Iterator[str]:
    for request in requests:
        answer = f"{request.status or 'no answer'} {request.answer}, to the {request.sent_by}"
        yield f"{request.at_ms:>5} ms  {answer}: {request.method} {request.url}"


def _mark(is_there: bool) -> str:
    return "✓" if is_there else "✗"


def _compact(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)
