"""Checks of what went wrong on the page itself, before what followed: a window, or an account GET, that is missing.

A cause is told only where something is missing, and only if nothing plainer explains that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oauth_window_harness.checks import event, page_scripts, window
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.no_window import went_itself
from oauth_window_harness.checks.page_calls import (
    call_line,
    came_to_nothing,
    forbidden,
    is_to_service,
    log_lines,
    names,
    own_calls,
    place_of,
    refused_places,
    unique,
)
from oauth_window_harness.checks.page_errors import error_lines, uncaught
from oauth_window_harness.checks.page_scripts import of_policy, of_refusal, violations
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import RequestRefused
from oauth_window_harness.journal.page_events import PageAnswered

#: What follows from a window that something kept from being opened, or from being sent to start.
OF_WINDOW = frozenset({"window-not-opened", "start-not-asked", "window-closed-early"})
#: What follows from an account GET that something kept from being sent.
OF_FOLLOW_UP = frozenset({"follow-up-missing", "event-ignored", "listener-threw"})

#: The causes that lie in a call of the page's.
OF_CALLS = ("content-policy-blocked", "preflight-refused", "backend-unreachable")

#: The directives that block a call, a form or a frame.
_DIRECTIVES = ("connect-src", "form-action", "frame-src")


@dataclass(frozen=True)
class _Stop:
    """Where the flow stopped.

    Attributes:
        since: the moment of the last thing that went well: the click, or the event.
        account: the account that the page was told, or None before that.
        is_silent: whether the page did nothing that shows that it acted; then only a call that names the account can
            have been the next step.
    """

    since: float
    account: str | None = None
    is_silent: bool = False


def before_start(flow: Flow) -> Iterator[Finding]:
    """Check that nothing on the page kept the click from opening a window, and the window from going to start."""
    if not flow.clicks or went_itself(flow) is not None:
        return
    if any(flow.documents_beyond(popup.window) for popup in flow.popups):
        return  # a window came this far; what is missing is a later one
    broken = [*window.opening(flow), *window.early_close(flow), *window.start(flow)]
    if not OF_WINDOW.intersection(found.code for found in broken):
        return
    found = page_scripts.cause(flow) or _of_calls(flow, _Stop(flow.clicks[0].at))
    if found is not None:
        yield found


def before_follow_up(flow: Flow) -> Iterator[Finding]:
    """Check that nothing on the page kept the account GET from being sent after the event."""
    broken = {found.code for found in event.handling(flow)}
    if not flow.genuine_events or flow.follow_ups or not broken & OF_FOLLOW_UP:
        return  # what threw before the account GET came did not keep it from coming
    first = flow.genuine_events[0]
    if any(not error.rejection and error.listening for error in uncaught(flow, first.at)):
        return  # the listener itself threw
    found = _of_calls(flow, _Stop(first.at, rules.account_of(first.data), is_silent="event-ignored" in broken))
    if found is not None:
        yield found


def _of_calls(flow: Flow, stop: _Stop) -> Finding | None:
    checks: Sequence[Callable[[Flow, _Stop], Finding | None]] = (
        _refused_call,
        _refused_by_server,
        _policy,
        _mixed_content,
        _preflight,
        _backend,
    )
    return next((found for check in checks if (found := check(flow, stop)) is not None), None)


def _refused_call(flow: Flow, stop: _Stop) -> Finding | None:
    refused = refused_places(flow)
    calls = [call for call in _calls(flow, stop) if place_of(call.url) in refused]
    if stop.is_silent:
        calls = [call for call in calls if names(call, stop.account)]
    if not calls:
        return None
    lines = [f"{call_line(call)}; the gateway refused its host" for call in calls]
    return of_refusal([*lines, *error_lines(flow, stop.since)], [place_of(call.url) for call in calls])


def _refused_by_server(flow: Flow, stop: _Stop) -> Finding | None:
    refusals = [refusal for refusal in flow.all_of(RequestRefused) if refusal.sent_by == "server"]
    for call in _calls(flow, stop):
        asked = unique(refusal.host for refusal in refusals if call.asked_at <= refusal.at <= call.at)
        if asked and (names(call, stop.account) or (came_to_nothing(call) and not stop.is_silent)):
            lines = [f"the page's server asked for {host}, which the gateway refused" for host in asked]
            return of_refusal([*lines, call_line(call), *log_lines(flow)], asked)
    return None


def _policy(flow: Flow, stop: _Stop) -> Finding | None:
    found = [one for one in violations(flow) if one.directive in _DIRECTIVES and one.at >= stop.since]
    if stop.account is not None:
        named = {call.url for call in _calls(flow, stop) if names(call, stop.account)}
        found = [one for one in found if is_to_service(one.blocked) or one.blocked in named]
    return of_policy(flow, found) if found else None


def _mixed_content(flow: Flow, stop: _Stop) -> Finding | None:
    calls = [call for call in _calls(flow, stop) if "mixed-content" in call.failure.lower()]
    return finding("content-policy-blocked", unique(map(call_line, calls))) if calls else None


def _preflight(flow: Flow, stop: _Stop) -> Finding | None:
    for call in _calls(flow, stop):
        answer = forbidden(flow, call.url)
        is_next_step = names(call, stop.account) or not (is_to_service(call.url) or stop.is_silent)
        if call.status is None and answer is not None and answer.preflight and is_next_step:
            return finding("preflight-refused", [call_line(call), f"the browser: {answer.reason}"])
    if stop.account is None:
        return None
    asked = [
        made.url
        for made in flow.requests
        if made.endpoint == "preflight" and made.at >= stop.since and stop.account in made.url
    ]
    return (
        finding("preflight-refused", [f"OPTIONS {asked[0]} was answered, and no call came after it"]) if asked else None
    )


def _backend(flow: Flow, stop: _Stop) -> Finding | None:
    own = own_calls(flow)
    before = {(call.method, call.url) for call in own if call.asked_at < stop.since}
    calls = [call for call in own if call.asked_at >= stop.since and (call.method, call.url) not in before]
    named = [call for call in calls if names(call, stop.account)]
    # Where a call names the account, that one is the next step, and no other.
    steps = named or ([] if stop.is_silent else _possible_steps(calls, stop))
    failed = [call for call in steps if came_to_nothing(call)]
    if not failed or _threw_before(flow, stop, failed[0]):
        return None
    reasons = [forbidden(flow, call.url) for call in failed]
    lines = [f"the browser: {reason.reason}" for reason in reasons if reason is not None]
    return finding("backend-unreachable", unique([*map(call_line, failed), *lines, *log_lines(flow)]))


def _possible_steps(calls: Sequence[PageAnswered], stop: _Stop) -> list[PageAnswered]:
    """Return the calls for whose answer the page may have waited, so that the flow ended with them."""
    # After the event, the next step needs the account: a body without it is a count, or a line for a log.
    asked = [call for call in calls if stop.account is None or not call.sent]
    went_well = [call.asked_at for call in asked if not came_to_nothing(call)]
    # A page that goes on with another call, which is answered, has not waited for this one.
    return [call for call in asked if not any(at >= call.asked_at for at in went_well)]


def _threw_before(flow: Flow, stop: _Stop, call: PageAnswered) -> bool:
    """Return whether an error ended the page's script before a call had its answer, so that it was no answer's fault.

    A promise that was rejected may be that of the call itself.
    """
    return any(not error.rejection and error.at < call.at for error in uncaught(flow, stop.since))


def _calls(flow: Flow, stop: _Stop) -> list[PageAnswered]:
    return [call for call in flow.all_of(PageAnswered) if call.asked_at >= stop.since]
