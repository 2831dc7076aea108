"""Checks of the event: was it posted to the page, listened to, and acted on?"""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.acting import acted_after, acted_on, delivered, read_told
from oauth_window_harness.checks.played import Played
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import MessageReceived, ScriptThrew

#: The spellings of ``page``: what is told where one is ignored, and the event fixtures that have it and the other.
SPELLINGS = {
    rules.PAGE_HYPHEN: ("page-hyphen-ignored", "event-page-hyphen", "event-page-underscore"),
    rules.PAGE_UNDERSCORE: ("page-underscore-ignored", "event-page-underscore", "event-page-hyphen"),
}


def acted(played: Played) -> Iterator[Finding]:
    """Whether the genuine event was delivered, heard and acted on; the first of its links that broke is told."""
    for link in (target, listening, throwing, heeding, follow_up_missing):
        found = list(link(played))
        if found:
            yield from found
            return


def target(played: Played) -> Iterator[Finding]:
    """Whether the finish page posted to the page's own origin, so that the browser delivered it."""
    if played.heard or not played.posted:
        return
    aimed = [post for post in played.posted if post.target_origin != "*"]
    if aimed:
        yield finding(
            "target-origin-mismatch", [f"posted from {post.origin} to {post.target_origin}" for post in aimed]
        )


def listening(played: Played) -> Iterator[Finding]:
    """Whether anything listened when the genuine event came."""
    if not played.heard or _followed_up(played):
        return
    event = played.heard[0]
    account = rules.account_of(event.data) or ""
    if played.listeners(event.at) == 0 and not played.read_of(event) and not acted_on(played, account):
        yield finding("listener-missing", _evidence(event))


def throwing(played: Played) -> Iterator[Finding]:
    """Whether a listener raised an error that nothing caught."""
    threw = [event for event in played.all_of(ScriptThrew) if event.window == "app" and event.listening]
    # A promise may be rejected for other reasons, so it tells only where the event led to nothing.
    telling = [event for event in threw if not event.rejection or (played.heard and not _followed_up(played))]
    if telling:
        first = telling[0]
        before = [message for message in played.received if message.at <= first.at]
        yield finding(
            "listener-threw",
            [f"error: {first.message}", *(f"on: {rules.written(before[-1].data)}" for _ in before[-1:])],
        )


def heeding(played: Played) -> Iterator[Finding]:
    """Whether the genuine event, heard, was acted on."""
    event = ignored(played)
    if event is None:
        return
    evidence = [*_evidence(event), read_told(played, event)]
    if isinstance(event.data, str):
        yield finding("event-ignored", [*evidence, "its data is a JSON string, as in the recording"])
        return
    code, same, other = SPELLINGS[event.data["page"]]
    if same in played.heeded:
        yield finding("event-ignored", [*evidence, "in a plain flow, the same event was acted on"])
    elif other in played.heeded:
        yield finding(code, [*evidence, f"the same event with the page of {other!r} was acted on"])
    else:
        yield finding("event-ignored", evidence)


def ignored(played: Played) -> MessageReceived | None:
    """Give the genuine event that was heard and not acted on, or None."""
    if not played.heard or _followed_up(played) or not played.scenario.expect.follow_up:
        return None
    event = played.heard[0]
    return event if acted_after(played, event) is None else None


def follow_up_missing(played: Played) -> Iterator[Finding]:
    """Whether an event that was acted on led to the account GET."""
    if not played.heard or _followed_up(played) or not played.scenario.expect.follow_up:
        return
    event = played.heard[0]
    if acted_after(played, event) is not None:
        yield finding(
            "follow-up-missing",
            [*_evidence(event), *delivered(played), "the page acted on the event, and no account GET came"],
        )


def string_form(played: Played) -> Iterator[Finding]:
    """Whether the JSON-string form is acted on, where it was posted."""
    for data in played.posts:
        account = rules.account_of(data)
        if not isinstance(data, str) or account is None:
            continue
        was_heard = any(event.data == data for event in played.received)
        if was_heard and not acted_on(played, account):
            yield finding("event-string-ignored", [f"event: {rules.written(data)}"])


def _followed_up(played: Played) -> bool:
    return bool(played.follow_ups or played.strays)


def _evidence(event: MessageReceived) -> list[str]:
    return [f"event: {rules.written(event.data)}", f"origin: {event.origin}"]
