"""Checks from the click to the finish page: whether the window opened, asked for start, and has its opener."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.checks import no_window
from oauth_window_harness.checks.connection import is_told_by_list
from oauth_window_harness.checks.evidence import header_lines, request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.contract import rules
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import (
    ControlDisabled,
    MessagePosted,
    OpenerPolicySeen,
    RequestRefused,
    WindowClosed,
)

#: The values of the page's own Cross-Origin-Opener-Policy that cut the opener of its windows (HTML Standard, §7.1.3).
_CUTTING = ("same-origin", "same-origin-plus-coep")

#: What may be wrong with a start request, in the order of precedence.
_START = ("start-path-unknown", "start-parameter-missing", "start-parameter-unknown")
#: What may also be wrong with one that a server makes, which can set headers.
_START_HEADERS = (
    "version-missing",
    "version-unknown",
    "authorization-missing",
    "authorization-malformed",
    "token-unknown",
)


def opening(flow: Flow) -> Iterator[Finding]:
    """Check that the click opened a window, and that the next click did so too after the user had closed it."""
    address = no_window.went_itself(flow)
    if address is not None:
        yield finding("window-not-opened", [f"the page itself went to {address}, instead of opening a window for it"])
        return
    if flow.clicks and not flow.open_calls and not flow.popups and not _start_failed(flow):
        if no_window.still_loading(flow):
            return  # nobody can say what the click would have done
        yield finding("window-not-opened", no_window.lines(flow))
        return
    closed = max((event.at for event in flow.all_of(WindowClosed) if event.by == "user"), default=float("inf"))
    again = [click for click in flow.clicks if click.at > closed]
    disabled = [event for event in flow.all_of(ControlDisabled) if event.at > closed]
    if disabled:
        yield finding("window-not-opened", ["after the user had closed the window, the control stayed disabled"])
    elif again and not any(event.at > closed for event in [*flow.open_calls, *flow.popups]):
        times = f"{len(again)} times" if len(again) > 1 else "once"
        yield finding("window-not-opened", [f"after the user had closed the window, the control was clicked {times}"])


def _start_failed(flow: Flow) -> bool:
    """Return whether a request for start was refused: a page whose server makes it then has nothing to open."""
    return bool(flow.unrouted_requests) or any(made.is_refused() for made in flow.starts)


def start(flow: Flow) -> Iterator[Finding]:
    """Check that start was requested, with the parameters and headers that it needs."""
    for code in (*_START, *_START_HEADERS):
        for request in flow.starts:
            if code in request.problems:
                yield _of_start(finding(code, [request_line(request), *header_lines(request)]))
                return
    if flow.other_starts:
        return  # another window of the service's, which is not played
    addresses = [document.url for popup in flow.popups for document in flow.documents_beyond(popup.window)]
    if flow.starts:
        yield from _empty_window(flow)
        return
    misrouted = [request_line(request) for request in flow.unrouted_requests]
    if not flow.popups and not misrouted:
        return
    refused = [f"{event.host} is not one of the service's hosts" for event in flow.all_of(RequestRefused)]
    if misrouted or addresses or refused:
        yield finding("start-path-unknown", misrouted or refused or [f"the window showed {url}" for url in addresses])
    else:
        yield finding("start-not-asked", [f"the window opened, and {_last_page(flow, flow.popups[-1].window)}"])


def _of_start(found: Finding) -> Finding:
    """Return a finding about a header, told of start."""
    return replace(found, message=found.message.replace("The follow-up", "Start", 1))


def _empty_window(flow: Flow) -> Iterator[Finding]:
    """Check that the last window did not stay empty, where start was asked: for it by a server, or for one before."""
    if not flow.popups:
        return
    last = flow.popups[-1]
    is_closed = any(event.window == last.window for event in flow.all_of(WindowClosed))
    if is_closed or flow.documents_beyond(last.window):
        return
    clicked = max((click.at for click in flow.clicks if click.at <= last.at), default=0.0)
    asked = [request for request in flow.starts if request.at >= clicked]
    if all(request.sent_by == "server" and not request.is_refused() for request in asked):
        lines = [f"{request_line(request)} answered {request.status}" for request in asked[:1]]
        yield finding("start-not-asked", [*lines, f"the window {_last_page(flow, last.window)}"])


def _last_page(flow: Flow, window: str) -> str:
    """Return what a window did that went no further than a page of the app's own."""
    shown = flow.documents(window)[-1:]
    return f"stayed at {shown[0].url}" if shown else "stayed empty"


def opener(flow: Flow) -> Iterator[Finding]:
    """Check that the page itself did not cut its window from the opener."""
    cut = next(
        (
            documents[0]
            for popup in flow.popups
            if (documents := flow.documents(popup.window)) and not documents[0].has_opener
        ),
        None,
    )
    if cut is None:
        return
    features = [call.features for call in flow.open_calls if severs(call.features)]
    # A page of the app's own in the window cuts it as well; what the service serves there is the scenario's doing.
    own = () if _is_on_the_way(cut.url) else (cut.url,)
    policies = [
        event
        for event in flow.all_of(OpenerPolicySeen)
        if event.policy in _CUTTING and (event.window == "app" or event.url in own)
    ]
    causes = [f"the window's features: {text}" for text in features]
    causes += [f"{event.url} came with Cross-Origin-Opener-Policy: {event.policy}" for event in policies]
    if not causes:
        if flow.scenario.opener_is_cut():
            return  # the provider or the finish page cut it
        causes = ["the window was opened by a link or a form, without rel=opener"]
        if flow.open_calls:
            causes = ["the page's script removed it (popup.opener = null)"]
            if own:
                causes = [
                    "the app's own page in the window removed it, by its script or its Cross-Origin-Opener-Policy"
                ]
    yield finding("opener-detached", [*causes, f"no window.opener at {cut.url}"])


def severs(features: str) -> bool:
    """Return whether the features of a window cut it from its opener."""
    names = {part.partition("=")[0].strip().lower() for part in features.split(",")}
    return bool(names & {"noopener", "noreferrer"})


def early_close(flow: Flow) -> Iterator[Finding]:
    """Check that the page did not close its window before the event was posted.

    It may where a request had been refused, and where the list of accounts had told it already: then it needs no event.
    """
    if "approve" not in flow.scenario.user or _start_failed(flow):
        return
    closed = list(flow.all_of(WindowClosed))
    if not closed or "user" in [event.by for event in closed]:
        return
    if is_told_by_list(flow, closed[0].at):
        return
    if not flow.finishes:
        yield finding("window-closed-early", ["a script closed the window before the finish page was requested"])
    elif flow.scenario.finish.posts and _could_post(flow) and not _posted(flow):
        yield finding("window-closed-early", ["a script closed the window at the finish page, before it had posted"])


def _could_post(flow: Flow) -> bool:
    """Return whether the window showed the finish page with its opener; that page closes it after posting."""
    finished = {_page(made.url) for made in flow.finishes if made.answer == "finished"}
    shown = [document for popup in flow.popups for document in flow.documents(popup.window)]
    return any(document.has_opener and _page(document.url) in finished for document in shown)


def _page(url: str) -> str:
    # Browsers and servers write a query in different ways.
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _posted(flow: Flow) -> bool:
    return any(flow.all_of(MessagePosted)) or any(event.source == "popup" for event in flow.page_messages)


def provider_return(flow: Flow) -> Iterator[Finding]:
    """Check that the page's own doing did not keep the window from coming back from Facebook.

    A window that is still at Facebook waits for its user: a step that was not taken is no fault of the page.
    """
    refused = [made for made in flow.requests if made.endpoint == "dialog" and made.is_refused()]
    if refused:
        yield finding("provider-not-returned", [f"{request_line(refused[0])} answered {refused[0].status}"])
        return
    if flow.finishes or not flow.starts or "approve" not in flow.scenario.user:
        return
    if any(flow.all_of(WindowClosed)):
        return
    addresses = [document.url for popup in flow.popups for document in flow.documents(popup.window)]
    if addresses and flow.starts[-1].status == HTTPStatus.FOUND and not _is_on_the_way(addresses[-1]):
        yield finding("provider-not-returned", [f"the window ended at {addresses[-1]}"])


def _is_on_the_way(address: str) -> bool:
    return urlsplit(address).hostname in (*rules.PRODUCTION_HOSTS, rules.LOCAL_FACEBOOK)


def token_in_address(flow: Flow) -> Iterator[Finding]:
    """Check that no address carries a credential."""
    leaking = [request_line(request) for request in flow.requests if "token-in-url" in request.problems]
    # A fragment reaches no server, but stays in the browser's history. A mask proves no token: a state is masked, too.
    leaking += [f"window.open({call.url})" for call in flow.open_calls if call.has_token or rules.holds_token(call.url)]
    if leaking:
        yield finding("token-in-url", leaking[:1])
