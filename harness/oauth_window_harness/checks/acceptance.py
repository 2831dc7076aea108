"""Checks of what the page must not act on: forgeries, other platforms' events, events without an account.

What follows from something that was wrongly accepted is not told a second time under another name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oauth_window_harness.checks.evidence import line
from oauth_window_harness.checks.flow import PLATFORM, Flow
from oauth_window_harness.checks.message_effects import acted_on, read_told
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import MessageReceived, WindowClosed
from oauth_window_harness.scenario.intrusion import Intrusion


def accepted(flow: Flow) -> Iterator[Finding]:
    """Yield at most one finding: the worst thing that was accepted."""
    for check in (_forgery, _other_platform, _without_account):
        found = check(flow)
        if found is not None:
            yield found
            return


def _forgery(flow: Flow) -> Finding | None:
    caused: dict[str, list[str]] = {}
    for account, intrusion in flow.intruders.items():
        lines = acted_on(flow, account) or _reacted(flow, account)
        if lines:
            caused.setdefault(_code(intrusion), []).extend([*_told(flow, account, intrusion), *lines])
    worst = next((code for code in _WORST_FIRST if code in caused), None)
    return finding(worst, caused[worst]) if worst is not None else None


#: A page that hears anybody hears lookalikes too; the plainest cause is told.
_WORST_FIRST = ("origin-unchecked", "origin-check-weak", "source-unchecked", "late-event-acted-on")


def _code(intrusion: Intrusion) -> str:
    if intrusion.origin == rules.ORIGIN:
        # After the flow has ended nothing may be acted on, whoever sends it.
        return "late-event-acted-on" if _is_late(intrusion) else "source-unchecked"
    return "origin-check-weak" if _looks_alike(intrusion.origin) else "origin-unchecked"


def _is_late(intrusion: Intrusion) -> bool:
    return intrusion.when == "after-end"


def _looks_alike(origin: str) -> bool:
    return origin == "null" or rules.DOMAIN in origin


def _told(flow: Flow, account: str, intrusion: Intrusion) -> list[str]:
    message = _message(flow, account)
    where = {"frame": "a frame in the page", "window": "another window", "popup": "the popup"}[intrusion.sender]
    lines = [f"a forged event from {intrusion.origin}, posted by {where}, with the accountId {account}"]
    return [*lines, read_told(flow, message)] if message else lines


def _message(flow: Flow, account: str) -> MessageReceived | None:
    return next((event for event in flow.received if rules.account_of(event.data) == account), None)


def _reacted(flow: Flow, account: str) -> list[str]:
    """Return what the page made of this forgery without asking anybody, before the genuine event was there."""
    for at, shown, needs_reading in _unprompted(flow):
        forged = [event for event in flow.received if rules.account_of(event.data) in flow.intruders]
        last = [event for event in forged if event.at <= at][-1:]
        if not last or rules.account_of(last[0].data) != account:
            continue
        # Pages give up for other reasons too, so those must at least have looked at what was forged.
        if not needs_reading or "data" in flow.read_of(last[0]):
            return [shown]
    return []


def _unprompted(flow: Flow) -> Iterator[tuple[float, str, bool]]:
    """Yield what nothing genuine has led to: when, what, and whether it tells only of a page that read the message."""
    genuine = min((event.at for event in [*flow.heard, *flow.posted]), default=float("inf"))
    asked = min((made.at for made in [*flow.follow_ups, *flow.intruding]), default=float("inf"))
    connected = flow.shown("connected")
    if connected is not None and connected.at < min(genuine, asked):
        yield connected.at, "the page said connected before the genuine event came", False
    until = min(genuine, asked, flow.first_closed_read(0))
    failed = flow.shown("failed")
    if failed is not None and failed.at < until and flow.window_is_open(failed.at):
        yield failed.at, "the page said failed upon that, while the window was open", True
    closed = next((event.at for event in flow.all_of(WindowClosed) if event.by == "script"), float("inf"))
    if closed < min([until, *(made.at for made in flow.finishes)]):
        yield closed, "the page closed its window upon that", True


def _other_platform(flow: Flow) -> Finding | None:
    for data in flow.posts:
        fields = rules.fields_of(data)
        account = rules.account_of(data)
        if account is None or fields.get("platform") in (None, PLATFORM):
            continue
        lines = acted_on(flow, account) or _said_connected(flow, account)
        if lines:
            return finding("platform-unchecked", [f"event: {rules.written(data)}", *lines])
    return None


def _said_connected(flow: Flow, account: str) -> list[str]:
    """Return whether the page said connected upon another platform's event, before the genuine one came."""
    message, shown = _message(flow, account), flow.shown("connected")
    genuine = min((event.at for event in flow.heard), default=float("inf"))
    if message is None or shown is None or not message.at < shown.at < genuine:
        return []
    return ["the page said connected before the genuine event came"]


def _without_account(flow: Flow) -> Finding | None:
    message = next((event for event in flow.received if _names_nobody(event.data)), None)
    if message is None or any(rules.account_of(data) for data in flow.posts):
        return None
    after = [request for request in [*flow.follow_ups, *flow.strays] if request.at > message.at]
    lines = [line(request) for request in after]
    if not lines and flow.shown("connected", message.at) is not None:
        lines = ["the page says connected"]
    return finding("account-id-missing-accepted", [f"event: {rules.written(message.data)}", *lines]) if lines else None


def _names_nobody(data: Any) -> bool:
    return rules.fields_of(data).get("actionType") == "close" and rules.account_of(data) is None
