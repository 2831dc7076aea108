"""Checks of what the page must not act on: forgeries, other platforms' events, events without an account.

What follows from a message that was wrongly accepted is not reported again under another code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from oauth_window_harness.checks.connection import is_known, is_listed
from oauth_window_harness.checks.event import form_of
from oauth_window_harness.checks.evidence import outcome_lines, request_line
from oauth_window_harness.checks.flow import PLATFORM, Flow
from oauth_window_harness.checks.message_effects import reading_line, requests_naming
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import MessageReceived, OutcomeShown, PageRequested, WindowClosed
from oauth_window_harness.scenario.intrusion import Intrusion

#: What a page may take for an account: an id in a message that is no event.
_ID = re.compile(r"[\w-]{12,}")


def wrong_acceptance(flow: Flow) -> Iterator[Finding]:
    """Check that the page acted on nothing that it must not act on; yield at most one finding, the worst."""
    for check in (_forgery, _noise, _forgery_given_up_on, _other_platform, _missing_account):
        found = check(flow)
        if found is not None:
            yield found
            return


def _forgery(flow: Flow) -> Finding | None:
    lines_by_code: dict[str, list[str]] = {}
    for account, intrusion in flow.intruders.items():
        lines = requests_naming(flow, account) or _reaction_lines(flow, account)
        if lines:
            evidence = [*_message_lines(flow, account, intrusion), *lines]
            lines_by_code.setdefault(_code(flow, intrusion), []).extend(evidence)
    worst = next((code for code in _WORST_FIRST if code in lines_by_code), None)
    return finding(worst, lines_by_code[worst]) if worst is not None else None


#: A page that accepts messages of any origin accepts lookalikes too; only the plainest cause is reported.
_WORST_FIRST = ("origin-unchecked", "origin-check-weak", "source-unchecked", "late-event-acted-on")


def _code(flow: Flow, intrusion: Intrusion) -> str:
    if intrusion.origin == rules.ORIGIN:
        # After the flow has ended nothing may be acted on, whoever sends it.
        return "late-event-acted-on" if _is_late(intrusion) else "source-unchecked"
    is_weak = _looks_alike(intrusion.origin) and _plain_forgeries_were_heard(flow)
    return "origin-check-weak" if is_weak else "origin-unchecked"


def _plain_forgeries_were_heard(flow: Flow) -> bool:
    """Return whether a listener was told the forgeries of the plainly foreign origins: only so were they refused."""
    plain = [account for account, intrusion in flow.intruders.items() if not _looks_alike(intrusion.origin)]
    messages = [message for account in plain if (message := _message_naming(flow, account)) is not None]
    heard = [message for message in messages if flow.listener_count(message.at) or flow.properties_read(message)]
    return bool(heard) or not messages


def _is_late(intrusion: Intrusion) -> bool:
    return intrusion.when == "after-end"


def _looks_alike(origin: str) -> bool:
    return origin == "null" or rules.DOMAIN in origin


def _message_lines(flow: Flow, account: str, intrusion: Intrusion) -> list[str]:
    message = _message_naming(flow, account)
    where = {"frame": "a frame in the page", "window": "another window", "popup": "the popup"}[intrusion.sender]
    lines = [f"a forged event from {intrusion.origin}, posted by {where}, with the accountId {account}"]
    return [*lines, reading_line(flow, message)] if message else lines


def _message_naming(flow: Flow, account: str) -> MessageReceived | None:
    return next((event for event in flow.page_messages if rules.account_of(event.data) == account), None)


def _reaction_lines(flow: Flow, account: str) -> list[str]:
    """Return what the page did about this forgery without a request, before the genuine event came."""
    for at, line, needs_reading in _unprompted_changes(flow):
        forgeries = [event for event in flow.page_messages if rules.account_of(event.data) in flow.intruders]
        last = [event for event in forgeries if event.at <= at][-1:]
        if not last or rules.account_of(last[0].data) != account:
            continue
        # Pages give up for other reasons too, so the page must at least have read the forged data.
        if not needs_reading or "data" in flow.properties_read(last[0]):
            return [line]
    return []


def _unprompted_changes(flow: Flow) -> Iterator[tuple[float, str, bool]]:
    """Yield each change that nothing genuine led to.

    A change is its moment, its line of evidence, and whether it counts only if the page read the forged data.
    """
    genuine = min((event.at for event in [*flow.genuine_events, *flow.genuine_posts]), default=float("inf"))
    first_call = min((made.at for made in [*flow.follow_ups, *flow.forged_follow_ups]), default=float("inf"))
    # A forgery may be accepted before the click, too.
    connected = next((one for one in flow.all_of(OutcomeShown) if one.outcome == "connected" and one.visible), None)
    if connected is not None and connected.at < min(genuine, first_call) and not is_known(flow, connected.at):
        line = "the page said connected before the genuine event came"
        yield connected.at, "; ".join([line, *outcome_lines(connected)]), False
    until = min(genuine, first_call, flow.first_closed_read(0))
    failed = flow.outcome_shown("failed")
    if failed is not None and failed.at < until and flow.window_is_open(failed.at):
        line = "the page then said failed, while the window was open"
        yield failed.at, "; ".join([line, *outcome_lines(failed)]), True
    closed = next((event.at for event in flow.all_of(WindowClosed) if event.by == "script"), float("inf"))
    if closed < min([until, *(made.at for made in flow.finishes)]):
        yield closed, "the page then closed its window", True


def _noise(flow: Flow) -> Finding | None:
    """Return the finding of a message that is no event at all, and led to more than that the page shows it."""
    genuine = min((event.at for event in flow.genuine_events), default=float("inf"))
    for message in flow.page_messages:
        if _resembles_event(message.data):
            continue
        lines = [line for id_ in _ids_of(flow, message) for line in requests_naming(flow, id_)]
        lines = lines or _outcome_lines(flow, message, genuine) or _given_up_lines(flow, message, genuine)
        if lines:
            where = "posted by the popup" if message.source == "popup" else "which the popup has not posted"
            message_line = f"message: {rules.as_json(message.data)}, from {message.origin}, {where}"
            return finding("message-unchecked", [message_line, reading_line(flow, message), *lines])
    return None


def _forgery_given_up_on(flow: Flow) -> Finding | None:
    """Return the finding of a forgery that the page refused, and over which it gave up the connection."""
    genuine = min((event.at for event in flow.genuine_events), default=float("inf"))
    for account, intrusion in flow.intruders.items():
        message = _message_naming(flow, account)
        lines = _given_up_lines(flow, message, genuine) if message is not None else []
        if lines:
            return finding("message-unchecked", [*_message_lines(flow, account, intrusion), *lines])
    return None


def _resembles_event(data: Any) -> bool:
    return rules.account_of(data) is not None or rules.fields_of(data).get("actionType") == "close"


def _ids_of(flow: Flow, message: MessageReceived) -> list[str]:
    """Return the values of a message that a later request can be told by: those that no request needs in any case.

    The words of the service's own addresses, and the location, the user and the account of this flow, stand in requests
    whatever the message says; so does what a request had named before the message came.
    """
    values = [value for value in rules.fields_of(message.data).values() if isinstance(value, str)]
    needed = [*(start.url for start in flow.starts), *(rules.as_json(event.data) for event in flow.genuine_events)]
    needed += [made.url for made in flow.requests if made.at <= message.at]
    needed += [f"{made.url} {made.body}" for made in flow.all_of(PageRequested) if made.at <= message.at]
    return [value for value in values if _ID.fullmatch(value) and not any(value in one for one in needed)]


def _outcome_lines(flow: Flow, message: MessageReceived, genuine: float) -> list[str]:
    """Return a line if the page, upon a message whose data it read, said connected before any event had come."""
    shown = flow.outcome_shown("connected", message.at)
    first_call = min((made.at for made in flow.follow_ups), default=float("inf"))
    if shown is None or shown.at > min(genuine, first_call) or "data" not in flow.properties_read(message):
        return []
    return ["the page said connected before the genuine event came", *outcome_lines(shown)]


def _given_up_lines(flow: Flow, message: MessageReceived, genuine: float) -> list[str]:
    """Return a line if the page, upon a message whose data it read, gave up: it read nothing of the event that came.

    Pages give up for other reasons too: the window must be open, and the same event be acted on in another play, or
    the page have said failed.
    """
    if flow.follow_ups or "data" not in flow.properties_read(message) or genuine == float("inf"):
        return []
    if any(flow.properties_read(event) for event in flow.genuine_events):
        return []
    elsewhere = any(
        form_of(data).fixture in flow.acted_on_elsewhere for data in map(_data, flow.genuine_events) if data
    )
    change = flow.first_reaction(message.at) if elsewhere else flow.outcome_shown("failed", message.at)
    if change is None or change.at > min(genuine, flow.first_closed_read(0)) or not flow.window_is_open(change.at):
        return []
    others = [event for event in flow.page_messages if message.at < event.at <= change.at]
    # Of several forgeries each is as good a cause as the others.
    alike = rules.account_of(message.data) in flow.intruders
    if any(_resembles_event(event.data) for event in others if not alike):
        return []
    shown = outcome_lines(change) if isinstance(change, OutcomeShown) else []
    return ["the page then changed what it shows, and read nothing of the event that came after that", *shown]


def _data(event: MessageReceived) -> dict[str, Any]:
    return event.data if isinstance(event.data, dict) else {}


def _other_platform(flow: Flow) -> Finding | None:
    for data in flow.posts:
        fields = rules.fields_of(data)
        account = rules.account_of(data)
        if account is None or fields.get("platform") in (None, PLATFORM):
            continue
        lines = requests_naming(flow, account) or _success_lines(flow, account)
        if lines:
            return finding("platform-unchecked", [f"event: {rules.as_json(data)}", *lines])
    return None


def _success_lines(flow: Flow, account: str) -> list[str]:
    """Return a line if the page said connected after another platform's event and before the genuine one."""
    message, shown = _message_naming(flow, account), flow.outcome_shown("connected")
    genuine = min((event.at for event in flow.genuine_events), default=float("inf"))
    if message is None or shown is None or not message.at < shown.at < genuine or is_known(flow, shown.at):
        return []
    return ["the page said connected before the genuine event came", *outcome_lines(shown)]


def _missing_account(flow: Flow) -> Finding | None:
    message = next((event for event in flow.page_messages if _lacks_account(event.data)), None)
    if message is None or any(rules.account_of(data) for data in flow.posts):
        return None
    followed = [request for request in [*flow.follow_ups, *flow.misdirected_follow_ups] if request.at > message.at]
    # Of an account that the list had named before, the page did not learn from the event.
    after = [request for request in followed if not is_listed(flow, request.at)]
    lines = [request_line(request) for request in after]
    shown = flow.outcome_shown("connected", message.at)
    if not lines and shown is not None and not is_known(flow, shown.at):
        lines = ["the page says connected", *outcome_lines(flow.last_shown("connected"))]
    return finding("account-id-missing-accepted", [f"event: {rules.as_json(message.data)}", *lines]) if lines else None


def _lacks_account(data: Any) -> bool:
    return rules.fields_of(data).get("actionType") == "close" and rules.account_of(data) is None
