"""Checks of the event: whether it was posted to the page, whether the page listened, and whether it acted on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.checks import no_follow_up
from oauth_window_harness.checks.connection import is_told_by_list, list_verdict, lists_since_finish
from oauth_window_harness.checks.evidence import request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.list_fallback import (
    came_as_without_event,
    effect_before,
    is_rescued,
    list_in_place,
    reads_as_event,
)
from oauth_window_harness.checks.message_effects import (
    delivery_lines,
    first_effect,
    is_conclusive,
    reading_line,
    requests_naming,
)
from oauth_window_harness.checks.without_event import UNKNOWN
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import MessageReceived, ScriptThrew


@dataclass(frozen=True)
class Form:
    """A form in which the service is documented or was seen to post the event.

    Attributes:
        fixture: the event fixture that has it.
        code: the cause, where a page ignores it for the spelling of its ``page``.
        others: the fixtures with the other spelling, which the page may heed.
        alike: the fixtures with the same spelling and other fields.
    """

    fixture: str
    code: str
    others: tuple[str, ...]
    alike: tuple[str, ...] = ()


_HYPHEN = Form("event-page-hyphen", "page-hyphen-ignored", ("event-page-underscore", "event-seen"))
_UNDERSCORE = Form("event-page-underscore", "page-underscore-ignored", ("event-page-hyphen",), ("event-seen",))
_SEEN = Form("event-seen", "page-underscore-ignored", ("event-page-hyphen",), ("event-page-underscore",))


def form_of(data: Mapping[str, Any]) -> Form:
    """Return the form of a genuine event that is an object."""
    if data["page"] == rules.PAGE_HYPHEN:
        return _HYPHEN
    return _UNDERSCORE if "reconnectAccounts" in data else _SEEN


#: The causes that are told of a page that heeds another spelling.
SPELLINGS = frozenset({_HYPHEN.code, _UNDERSCORE.code})


def heeded_form(flow: Flow) -> str | None:
    """Return the fixture of the other spelling that the page heeds, where it ignored this play's; else None."""
    event = ignored_event(flow)
    return None if event is None else heeded(flow, event)


def handling(flow: Flow) -> Iterator[Finding]:
    """Check that the genuine event was delivered, received and acted on; report only the first link that broke."""
    if flow.is_from_new_window and not _followed_up(flow):
        return  # right or wrong, nobody knows: that the service does so was retold once
    asked = lists_since_finish(flow)
    if asked and not any(flow.listener_count(made.at) for made in asked):
        return  # it never listens, and learns of the connection from the list of accounts
    for link in (target_origin, listener, listener_error, effect, missing_follow_up):
        findings = list(link(flow))
        if findings:
            yield from findings
            return


def target_origin(flow: Flow) -> Iterator[Finding]:
    """Check that the finish page posted to the page's own origin, so that the browser delivered the event."""
    if flow.genuine_events or not flow.genuine_posts:
        return
    aimed = [post for post in flow.genuine_posts if post.target_origin != "*"]
    if aimed:
        yield finding(
            "target-origin-mismatch", [f"posted from {post.origin} to {post.target_origin}" for post in aimed]
        )


def listener(flow: Flow) -> Iterator[Finding]:
    """Check that the page had a message listener when the genuine event came, and had not learnt of it otherwise."""
    if not flow.genuine_events or _followed_up(flow):
        return
    event = flow.genuine_events[0]
    if is_told_by_list(flow, event.at):
        return
    account = rules.account_of(event.data) or ""
    if flow.listener_count(event.at) == 0 and not flow.properties_read(event) and not requests_naming(flow, account):
        yield finding("listener-missing", _evidence(event))


def listener_error(flow: Flow) -> Iterator[Finding]:
    """Check that no message listener raised an error that nothing caught."""
    errors = [event for event in flow.all_of(ScriptThrew) if event.window == "app" and event.listening]
    # A promise may be rejected for other reasons, so a rejection counts only if the event led to nothing.
    led_to_nothing = bool(flow.genuine_events) and (not _followed_up(flow) or is_rescued(flow))
    relevant = [event for event in errors if not event.rejection or led_to_nothing]
    if relevant:
        first = relevant[0]
        before = [message for message in flow.page_messages if message.at <= first.at]
        yield finding(
            "listener-threw",
            [f"error: {first.message}", *(f"on: {rules.as_json(before[-1].data)}" for _ in before[-1:])],
        )


def effect(flow: Flow) -> Iterator[Finding]:
    """Check that the page acted on the genuine event that it received."""
    event = ignored_event(flow)
    if event is None:
        return
    evidence = [*_evidence(event), reading_line(flow, event)]
    beside = ["nothing came of it that does not come without the event, too"] if flow.without_event != UNKNOWN else []
    if (told := list_in_place(flow, event)) is not None:
        beside.append(f"the page learnt of the connection by {request_line(told)}, once its window had closed")
    if isinstance(event.data, str):
        yield finding("event-ignored", [*evidence, "its data is a JSON string, as in the recording", *beside])
        return
    form, elsewhere = form_of(event.data), flow.acted_on_elsewhere
    other = heeded(flow, event)
    alike = next((name for name in form.alike if name in elsewhere), None)
    if form.fixture in elsewhere:
        yield finding("event-ignored", [*evidence, "in a plain flow, the same event was acted on", *beside])
    elif alike is not None:
        fields = f"{alike}, which has the same spelling of page and other fields, was acted on"
        yield finding("event-ignored", [*evidence, fields, *beside])
    elif other is not None:
        yield finding(form.code, [*evidence, f"the same event with the page of {other!r} was acted on", *beside])
    else:
        yield finding("event-ignored", [*evidence, *beside])


def ignored_event(flow: Flow) -> MessageReceived | None:
    """Return the genuine event that the page received and did not act on, or None."""
    if not flow.genuine_events or not flow.scenario.expect.follow_up:
        return None
    event = flow.genuine_events[0]
    if is_rescued(flow):
        return event if _is_missed(flow, event) else None
    return event if not _learnt(flow) and first_effect(flow, event) is None else None


def event_is_lost(flow: Flow) -> bool:
    """Return whether the genuine event led to nothing that is seen: it was ignored, or the listener threw upon it."""
    return ignored_event(flow) is not None or (is_rescued(flow) and any(listener_error(flow)))


def _is_missed(flow: Flow, event: MessageReceived) -> bool:
    """Return whether a page that learnt by the list was to act on the event: it heeds another spelling, or read it.

    A page may learn of connections by the list alone, and listen to other messages. And one that asks for the list
    only when an event has come acts on it, however long it waits.
    """
    if not came_as_without_event(flow, event):
        return False
    return reads_as_event(flow, event) or heeded(flow, event) is not None


def heeded(flow: Flow, event: MessageReceived) -> str | None:
    """Return the fixture with another spelling of `page` than an event's on which this page acted, or None.

    None also for an event that is a JSON string: that, and not its spelling, is what sets it apart.
    """
    if isinstance(event.data, str):
        return None
    return next((name for name in form_of(event.data).others if name in flow.acted_on_elsewhere), None)


def is_doubtful(flow: Flow) -> bool:
    """Return whether all that shows that the page acted on the event is what it may do without the event, too."""
    if not flow.genuine_events or not flow.scenario.expect.follow_up:
        return False
    event = flow.genuine_events[0]
    told = list_in_place(flow, event)
    if _followed_up(flow) and told is None:
        return False
    found = effect_before(flow, event, told)
    return found is not None and not is_conclusive(found, event)


def missing_follow_up(flow: Flow) -> Iterator[Finding]:
    """Check that an event that the page acted on led to the account GET."""
    if not flow.genuine_events or _learnt(flow) or not flow.scenario.expect.follow_up:
        return
    if flow.lists_on_event:
        return  # it asks for the list instead; what it tells its user is judged by that
    event = flow.genuine_events[0]
    if first_effect(flow, event) is not None:
        yield finding(
            "follow-up-missing",
            [
                *_evidence(event),
                *delivery_lines(flow),
                "the page acted on the event, and no account GET came",
                *no_follow_up.lines(flow, event.at),
            ],
        )


def string_form(flow: Flow) -> Iterator[Finding]:
    """Check that the page acted on the event as a JSON string, where the scenario posts it so."""
    for data in flow.posts:
        account = rules.account_of(data)
        if not isinstance(data, str) or account is None:
            continue
        was_received = any(event.data == data for event in flow.page_messages)
        if was_received and not requests_naming(flow, account):
            yield finding("event-string-ignored", [f"event: {rules.as_json(data)}"])


def _followed_up(flow: Flow) -> bool:
    return bool(flow.follow_ups or flow.misdirected_follow_ups)


def _learnt(flow: Flow) -> bool:
    """Return whether the page learnt the outcome: by a follow-up, or by the list, and has told its user."""
    asked = list_verdict(flow) is not None or flow.lists_on_event
    return _followed_up(flow) or (bool(asked) and flow.user_is_told())


def _evidence(event: MessageReceived) -> list[str]:
    return [f"event: {rules.as_json(event.data)}", f"origin: {event.origin}"]
