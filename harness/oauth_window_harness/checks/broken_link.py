"""Judges a play: which link of the integration broke first, and what else was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from oauth_window_harness.checks import acceptance, event, follow_up, telling, window
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding

Check = Callable[[Flow], Iterator[Finding]]

#: In the order of the flow: what breaks first explains what comes after it.
LINKS: tuple[Check, ...] = (
    window.opened,
    window.in_time,
    window.closed_early,
    window.start,
    window.opener,
    window.returned,
    event.acted,
    follow_up.request,
    follow_up.repetition,
    follow_up.duplicates,
    telling.too_early,
    telling.success,
    telling.something,
)

#: What is wrong wherever the flow stops.
ASIDE: tuple[Check, ...] = (
    window.address,
    telling.beforehand,
    event.string_form,
    follow_up.custody,
    follow_up.elsewhere,
)

#: What follows from a broken link, and is not told a second time under another name.
CONSEQUENCES: Mapping[str, frozenset[str]] = {
    # A page without a handle, or with one that always reads closed, cannot know what becomes of its window.
    "opener-detached": frozenset({"silent-hang", "false-cancel"}),
    # A page that has given up listens no more.
    "false-cancel": frozenset({"event-ignored", "listener-missing"}),
}

_SEVERITIES = ("error", "warning", "info")


def judge(flow: Flow) -> list[Finding]:
    """Return all findings, the first broken link first: errors in the order of the flow, then warnings, then the rest.

    Where something was accepted that should not have been, what follows from it is left out.
    """
    accepted = list(acceptance.accepted(flow))
    along = accepted or _causes(_found(LINKS, flow))
    return sorted([*along, *_found(ASIDE, flow)], key=lambda told: _SEVERITIES.index(told.severity))


def first_broken_link(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that explains the failure, or None where nothing failed."""
    return next((found for found in findings if found.severity == "error"), None)


def _causes(findings: Sequence[Finding]) -> list[Finding]:
    follow = {code for found in findings for code in CONSEQUENCES.get(found.code, ())}
    return [found for found in findings if found.code not in follow]


def _found(checks: Sequence[Check], flow: Flow) -> list[Finding]:
    return [told for check in checks for told in check(flow)]
