"""Where in the page's own scripts a finding lies: the stacks that show it, the plainest first.

A place is told only where what the page did there is what the finding is about: a wrong one is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_errors import error_line, uncaught
from oauth_window_harness.checks.window import severs
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.events import ClosedRead, MessageRead, MessageReceived, WindowOpenCalled
from oauth_window_harness.journal.scripts import CallMade, CloseCalled, ListenerAdded, LocationSet, Stack

_Places = Callable[[Flow, Finding], Iterator[Stack]]


def stacks_of(found: Finding, flow: Flow) -> list[Stack]:
    """Return the stacks that show where a finding lies, the plainest first; none where no script of the page's did it.

    The first is to be taken that leads into the user's own code.
    """
    return [stack for places in _PLACES.get(found.code, ()) for stack in places(flow, found) if stack]


# --- errors ---------------------------------------------------------------------------------------------------------


def _errors(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield where the errors were thrown that the finding quotes."""
    quoted = {line.removeprefix("uncaught ") for line in found.evidence}
    return (error.stack for error in uncaught(flow) if error_line(error).removeprefix("uncaught ") in quoted)


def _errors_without_window(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield where errors were thrown after the page was given no window."""
    blocked = min((call.at for call in flow.open_calls if not call.returned), default=float("inf"))
    return (error.stack for error in uncaught(flow, blocked))


# --- the window -----------------------------------------------------------------------------------------------------


def _opening(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield the call of ``window.open``: that which the finding names, else the first since the click."""
    clicked = min((click.at for click in flow.clicks), default=0.0)
    named = [call for call in flow.open_calls if call.url and _is_named(call.url, found)]
    yield from (call.stack for call in [*named, *(call for call in flow.open_calls if call.at >= clicked)])


def _address(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield where the page named to a window the address that the finding names; ``location.href = …`` is not seen."""
    named: list[LocationSet | WindowOpenCalled] = [*flow.all_of(LocationSet), *flow.open_calls]
    yield from (one.stack for one in named if one.window == "app" and _is_at(one.url, found))


def _severing(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield the call whose features cut the opener; where something else did, no line of a script says so."""
    return (call.stack for call in flow.open_calls if severs(call.features))


def _blocked_opening(flow: Flow, _found: Finding) -> Iterator[Stack]:
    return (call.stack for call in flow.open_calls if not call.returned)


def _closing(flow: Flow, _found: Finding) -> Iterator[Stack]:
    return (call.stack for call in flow.all_of(CloseCalled) if call.window == "app")


def _closed_reads(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield where the page read that its window is closed, the first time first."""
    return (read.stack for read in flow.all_of(ClosedRead) if read.closed and read.window == "app")


def _closed_reads_alone(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield the same where nothing else could tell the page the outcome: no follow-up was made."""
    if not (flow.follow_ups or flow.misdirected_follow_ups or flow.lists):
        yield from _closed_reads(flow, found)


def _opening_alone(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield the call of ``window.open`` where nothing followed it: no follow-up was made."""
    if not (flow.follow_ups or flow.misdirected_follow_ups or flow.lists):
        yield from _opening(flow, found)


# --- requests -------------------------------------------------------------------------------------------------------


def _call(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield the first call of an address that the finding names."""
    return (call.stack for call in flow.all_of(CallMade) if _is_named(call.url, found))


def _last_call(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield the last call of an address that the finding names: the one too many."""
    return (call.stack for call in reversed(flow.all_of(CallMade)) if _is_named(call.url, found))


def _call_of_host(flow: Flow, found: Finding) -> Iterator[Stack]:
    hosts = {line.partition(", requested by the page")[0] for line in found.evidence}
    return (call.stack for call in flow.all_of(CallMade) if _host_of(call.url) in _with(hosts))


def _call_behind(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield the page's call to its own server by which that was led to make the follow-up, if it can be no other."""
    made = next((one for one in flow.follow_ups if one.sent_by == "server"), None)
    heard = min((event.at for event in flow.genuine_events), default=float("inf"))
    if made is not None:
        hosts = {urlsplit(document.url).netloc for document in flow.documents("app")}
        calls = [call for call in flow.all_of(CallMade) if heard <= call.at <= made.at and _host_of(call.url) in hosts]
        yield from (call.stack for call in calls if len(calls) == 1)


def _host_of(url: str) -> str:
    return re.split(r"[/?#]", url.partition("://")[2])[0]


def _with(hosts: Iterable[str]) -> set[str]:
    """Return hosts as they stand in an address: without the port that a scheme has by itself, too."""
    return {name for host in hosts for name in (host, host.removesuffix(":443"), host.removesuffix(":80"))}


def _is_at(url: str, found: Finding) -> bool:
    """Return whether the finding names an address, or its host: browsers and servers write a query differently."""
    try:
        parts = urlsplit(url)
    except ValueError:  # whatever the page has written there
        return False
    host, place = parts.hostname, f"//{parts.netloc}{parts.path}"
    return bool(host) and any(place in line or line.startswith((f"{host}:", f"{host} ")) for line in found.evidence)


def _is_named(url: str, found: Finding) -> bool:
    named = re.compile(rf"(?<![\w/]){re.escape(url)}(?=$|[\s,;)])")
    return any(named.search(line) for line in found.evidence)


# --- messages -------------------------------------------------------------------------------------------------------


def _listener(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield where the page added its listener, the last one first."""
    return (added.stack for added in reversed(flow.all_of(ListenerAdded)) if added.window == "app")


def _piled_up(flow: Flow, _found: Finding) -> Iterator[Stack]:
    """Yield where the page added a listener again, beside the one from before, by which it acts twice."""
    added = Counter(one.stack for one in flow.all_of(ListenerAdded) if one.window == "app")
    heard = min((event.at for event in flow.genuine_events), default=0.0)
    return (stack for stack, times in added.items() if times > 1 and flow.listener_count(heard) > 1)


def _last_reads(flow: Flow, found: Finding) -> Iterator[Stack]:
    """Yield what the page read last of the event: there it turned away from it."""
    return (reading.stack for one in _message_reads(flow, found) for reading in reversed(one.readings))


def _reads_of(*names: str) -> _Places:
    """Return what yields where the page read something of the message; where it did not, its first read of it."""

    def places(flow: Flow, found: Finding) -> Iterator[Stack]:
        for one in _message_reads(flow, found):
            for name in names:
                yield from (reading.stack for reading in one.readings if reading.name == name)
            yield from (reading.stack for reading in one.readings)

    return places


def _message_reads(flow: Flow, found: Finding) -> Iterator[MessageRead]:
    """Yield the reads of the message that the finding is about: the one that it quotes, else the genuine event."""
    quoted = [message for message in flow.page_messages if _is_quoted(message, found)]
    for message in quoted[:1] or flow.genuine_events[:1]:
        read = flow.reads_of(message)
        if read is not None:
            yield read


def _is_quoted(message: MessageReceived, found: Finding) -> bool:
    account = rules.account_of(message.data)
    text = rules.as_json(message.data)
    if account is not None and any(account in line for line in found.evidence):
        return True
    return any(f"{word}: {text}" in line for word in ("message", "event", "on") for line in found.evidence)


#: Where the findings of each code may lie, the plainest first. Those of the others lie in no line of a script.
_PLACES: Mapping[str, Sequence[_Places]] = {
    "window-not-opened": (_errors, _call),
    "window-blocked": (_opening,),
    "window-opened-late": (_opening,),
    "window-blocked-unhandled": (_errors_without_window, _blocked_opening),
    "start-not-asked": (_errors, _call, _opening),
    "start-path-unknown": (_address,),
    "start-parameter-missing": (_address,),
    "start-parameter-unknown": (_address,),
    "opener-detached": (_severing,),
    "window-closed-early": (_closing,),
    "provider-not-returned": (_address,),
    "token-in-url": (_address, _call),
    "content-policy-blocked": (_call,),
    "preflight-refused": (_call,),
    "backend-unreachable": (_call,),
    "unexpected-request": (_call, _call_of_host),
    "listener-missing": (_listener, _opening),
    "listener-threw": (_errors,),
    "page-hyphen-ignored": (_reads_of("data.page"), _listener),
    "page-underscore-ignored": (_reads_of("data.page"), _listener),
    "event-string-ignored": (_last_reads, _listener),
    "event-ignored": (_last_reads, _listener),
    "origin-unchecked": (_reads_of(),),
    "origin-check-weak": (_reads_of("origin"),),
    "source-unchecked": (_reads_of("source", "origin"),),
    "late-event-acted-on": (_reads_of(),),
    "message-unchecked": (_reads_of(),),
    "platform-unchecked": (_reads_of("data.platform", "data.actionType", "data.type"),),
    "account-id-missing-accepted": (_last_reads,),
    "follow-up-missing": (_errors, _call, _last_reads),
    "duplicate-acted-on": (_piled_up, _last_call, _call_behind),
    "retry-storm": (_last_call,),
    "silent-hang": (_errors, _call, _call_behind, _closed_reads_alone, _opening_alone),
    "failure-shown-as-success": (_call, _call_behind, _closed_reads_alone),
    "empty-list-shown-as-connected": (_call, _call_behind),
    "connected-not-shown": (_errors, _call, _call_behind),
    "false-cancel": (_closed_reads,),
    **dict.fromkeys(
        (
            "follow-up-path-unknown",
            "follow-up-account-mismatch",
            "follow-up-location-mismatch",
            "authorization-missing",
            "authorization-malformed",
            "authorization-undocumented",
            "token-unknown",
            "token-in-browser",
            "version-missing",
            "version-unknown",
            "not-played-here",
        ),
        (_call,),
    ),
}
