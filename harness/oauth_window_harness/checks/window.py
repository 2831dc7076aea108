"""Checks from the click to the finish page: was the window opened, did it ask for start, does it have its opener?"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.checks.evidence import headers, line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import (
    ControlDisabled,
    MessagePosted,
    OpenerPolicySeen,
    RequestRefused,
    WindowAsked,
    WindowClosed,
)
from oauth_window_harness.redact import MASK

#: Safari forgets a click after about this long, in seconds; Chromium after five.
ACTIVATION = 1.0

#: The page's own policies that cut the opener of the windows it opens (HTML Standard, §7.1.3).
_CUTTING = ("same-origin", "same-origin-plus-coep")

#: What may be wrong with a start request, the first cause first.
_START = ("start-path-unknown", "start-parameter-missing", "start-parameter-unknown")
#: And with one that a server makes, which can set headers.
_START_HEADERS = (
    "version-missing",
    "version-unknown",
    "authorization-missing",
    "authorization-malformed",
    "token-unknown",
)


def opened(flow: Flow) -> Iterator[Finding]:
    """Whether the click opened a window, and, where the user closed that, whether the next one did."""
    if flow.clicks and not flow.asked and not flow.popups and not _start_failed(flow):
        yield finding("window-not-opened", ["the control was clicked; no window.open, no link to a new window"])
        return
    closed = max((event.at for event in flow.all_of(WindowClosed) if event.by == "user"), default=float("inf"))
    again = [click for click in flow.clicks if click.at > closed]
    disabled = [event for event in flow.all_of(ControlDisabled) if event.at > closed]
    if disabled:
        yield finding("window-not-opened", ["after the user had closed the window, the control stayed disabled"])
    elif again and not any(event.at > closed for event in [*flow.asked, *flow.popups]):
        times = f"{len(again)} times" if len(again) > 1 else "once"
        yield finding("window-not-opened", [f"after the user had closed the window, the control was clicked {times}"])


def _start_failed(flow: Flow) -> bool:
    """Return whether start was asked for and refused, so that a page whose server asks has nothing to open."""
    return bool(flow.unknown) or any(made.is_refused() for made in flow.starts)


def in_time(flow: Flow) -> Iterator[Finding]:
    """Whether the window was asked for while the click was fresh."""
    for asked in flow.asked:
        if not asked.active:
            yield finding("window-blocked", [f"window.open({asked.url}) was called without user activation"])
            return
        late = _since_click(flow, asked)
        if late > ACTIVATION:
            yield finding("window-blocked", [f"window.open({asked.url}) was called {late:.1f} s after the click"])
            return


def _since_click(flow: Flow, asked: WindowAsked) -> float:
    return asked.at - max((click.at for click in flow.clicks if click.at <= asked.at), default=asked.at)


def start(flow: Flow) -> Iterator[Finding]:
    """Whether start was asked for, with what it needs."""
    for code in (*_START, *_START_HEADERS):
        for request in flow.starts:
            if code in request.problems:
                yield finding(code, [line(request), *headers(request)])
                return
    shown = [document.url for popup in flow.popups for document in flow.documents(popup.window)]
    if flow.starts:
        by_server = all(request.sent_by == "server" and not request.is_refused() for request in flow.starts)
        if by_server and flow.popups and not shown and not any(flow.all_of(WindowClosed)):
            evidence = [f"{line(flow.starts[0])} answered {flow.starts[0].status}", "the window stayed empty"]
            yield finding("start-not-asked", evidence)
        return
    wrong = [line(request) for request in flow.unknown]
    if not flow.popups and not wrong:
        return
    refused = [f"{event.host} is none of the service's hosts" for event in flow.all_of(RequestRefused)]
    if wrong or shown or refused:
        yield finding("start-path-unknown", wrong or refused or [f"the window showed {url}" for url in shown])
    else:
        yield finding("start-not-asked", ["the window opened, and stayed empty"])


def opener(flow: Flow) -> Iterator[Finding]:
    """Whether the page itself cut the window from its opener."""
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
    features = [asked.features for asked in flow.asked if _severs(asked.features)]
    policies = [seen for seen in flow.all_of(OpenerPolicySeen) if seen.window == "app" and seen.policy in _CUTTING]
    causes = [f"the window's features: {text}" for text in features]
    causes += [f"{seen.url} came with Cross-Origin-Opener-Policy: {seen.policy}" for seen in policies]
    if not causes:
        if flow.scenario.opener_is_cut():
            return  # the provider's doing
        causes = [
            "the page's script took it away (popup.opener = null)"
            if flow.asked
            else "the window was opened by a link or a form, without rel=opener"
        ]
    yield finding("opener-detached", [*causes, f"no window.opener at {cut.url}"])


def _severs(features: str) -> bool:
    names = {part.partition("=")[0].strip().lower() for part in features.split(",")}
    return bool(names & {"noopener", "noreferrer"})


def closed_early(flow: Flow) -> Iterator[Finding]:
    """Whether the page closed its window before the event was posted, though nothing had been refused."""
    if "approve" not in flow.scenario.user or _start_failed(flow):
        return
    closed = [event.by for event in flow.all_of(WindowClosed)]
    if not closed or "user" in closed:
        return
    if not flow.finishes:
        yield finding("window-closed-early", ["a script closed the window before the finish page was asked for"])
    elif flow.scenario.finish.posts and _could_post(flow) and not _posted(flow):
        yield finding("window-closed-early", ["a script closed the window at the finish page, before that had posted"])


def _could_post(flow: Flow) -> bool:
    """Return whether the finish page, which closes its window once it has posted, was there and had its opener."""
    finished = {_page(made.url) for made in flow.finishes if made.answer == "finished"}
    shown = [document for popup in flow.popups for document in flow.documents(popup.window)]
    return any(document.has_opener and _page(document.url) in finished for document in shown)


def _page(url: str) -> str:
    # Browsers and servers write a query in different ways.
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _posted(flow: Flow) -> bool:
    return any(flow.all_of(MessagePosted)) or any(event.source == "popup" for event in flow.received)


def returned(flow: Flow) -> Iterator[Finding]:
    """Whether the window came back from Facebook, where the user let it."""
    refused = [made for made in flow.requests if made.endpoint == "dialog" and made.is_refused()]
    if refused:
        yield finding("provider-not-returned", [f"{line(refused[0])} answered {refused[0].status}"])
        return
    if flow.finishes or not flow.starts or "approve" not in flow.scenario.user:
        return
    if any(flow.all_of(WindowClosed)):
        return
    shown = [document.url for popup in flow.popups for document in flow.documents(popup.window)]
    if shown and flow.starts[-1].status == HTTPStatus.FOUND:
        yield finding("provider-not-returned", [f"the window ended at {shown[-1]}"])


def address(flow: Flow) -> Iterator[Finding]:
    """Whether a credential stood in an address."""
    leaking = [line(request) for request in flow.requests if "token-in-url" in request.problems]
    # A fragment stays in the browser, and in its history; what was secret in it has been masked.
    leaking += [f"window.open({asked.url})" for asked in flow.asked if MASK in asked.url]
    if leaking:
        yield finding("token-in-url", leaking[:1])
