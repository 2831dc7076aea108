"""Checks of the event: was it posted to the page, listened to, and acted on?"""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.message_effects import acted_after, acted_on, delivered, read_told
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import MessageReceived, ScriptThrew

#: The spellings of ``page``: what is told where one is ignored, and the event fixtures that have it and the other.
SPELLINGS = {
    rules.PAGE_HYPHEN: ("page-hyphen-ignored", "event-page-hyphen", "event-page-underscore"),
    rules.PAGE_UNDERSCORE: ("page-underscore-ignored", "event-page-underscore", "event-page-hyphen"),
}


def acted(flow: Flow) -> Iterator[Finding]:
    """Whether the genuine event was delivered, heard and acted on; the first of its links that broke is told."""
    for link in (target, listening, throwing, heeding, follow_up_missing):
        found = list(link(flow))
        if found:
            yield from found
            return


def target(flow: Flow) -> Iterator[Finding]:
    """Whether the finish page posted to the page's own origin, so that the browser delivered it."""
    if flow.heard or not flow.posted:
        return
    aimed = [post for post in flow.posted if post.target_origin != "*"]
    if aimed:
        yield finding(
            "target-origin-mismatch", [f"posted from {post.origin} to {post.target_origin}" for post in aimed]
        )


def listening(flow: Flow) -> Iterator[Finding]:
    """Whether anything listened when the genuine event came."""
    if not flow.heard or _followed_up(flow):
        return
    event = flow.heard[0]
    account = rules.account_of(event.data) or ""
    if flow.listeners(event.at) == 0 and not flow.read_of(event) and not acted_on(flow, account):
        yield finding("listener-missing", _evidence(event))


def throwing(flow: Flow) -> Iterator[Finding]:
    """Whether a listener raised an error that nothing caught."""
    threw = [event for event in flow.all_of(ScriptThrew) if event.window == "app" and event.listening]
    # A promise may be rejected for other reasons, so it tells only where the event led to nothing.
    telling = [event for event in threw if not event.rejection or (flow.heard and not _followed_up(flow))]
    if telling:
        first = telling[0]
        before = [message for message in flow.received if message.at <= first.at]
        yield finding(
            "listener-threw",
            [f"error: {first.message}", *(f"on: {rules.written(before[-1].data)}" for _ in before[-1:])],
        )


def heeding(flow: Flow) -> Iterator[Finding]:
    """Whether the genuine event, heard, was acted on."""
    event = ignored(flow)
    if event is None:
        return
    evidence = [*_evidence(event), read_told(flow, event)]
    if isinstance(event.data, str):
        yield finding("event-ignored", [*evidence, "its data is a JSON string, as in the recording"])
        return
    code, same, other = SPELLINGS[event.data["page"]]
    if same in flow.heeded:
        yield finding("event-ignored", [*evidence, "in a plain flow, the same event was acted on"])
    elif other in flow.heeded:
        yield finding(code, [*evidence, f"the same event with the page of {other!r} was acted on"])
    else:
        yield finding("event-ignored", evidence)


def ignored(flow: Flow) -> MessageReceived | None:
    """Return the genuine event that was heard and not acted on, or None."""
    if not flow.heard or _followed_up(flow) or not flow.scenario.expect.follow_up:
        return None
    event = flow.heard[0]
    return event if acted_after(flow, event) is None else None


def follow_up_missing(flow: Flow) -> Iterator[Finding]:
    """Whether an event that was acted on led to the account GET."""
    if not flow.heard or _followed_up(flow) or not flow.scenario.expect.follow_up:
        return
    event = flow.heard[0]
    if acted_after(flow, event) is not None:
        yield finding(
            "follow-up-missing",
            [*_evidence(event), *delivered(flow), "the page acted on the event, and no account GET came"],
        )


def string_form(flow: Flow) -> Iterator[Finding]:
    """Whether the JSON-string form is acted on, where it was posted."""
    for data in flow.posts:
        account = rules.account_of(data)
        if not isinstance(data, str) or account is None:
            continue
        was_heard = any(event.data == data for event in flow.received)
        if was_heard and not acted_on(flow, account):
            yield finding("event-string-ignored", [f"event: {rules.written(data)}"])


def _followed_up(flow: Flow) -> bool:
    return bool(flow.follow_ups or flow.strays)


def _evidence(event: MessageReceived) -> list[str]:
    return [f"event: {rules.written(event.data)}", f"origin: {event.origin}"]
