"""Checks along the flow, from the click to what the user is told; the first that finds something is the broken link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from harness.checks.played import Played
from harness.events import Finding, ListenerChanged, OutcomeShown, RequestRefused, RequestSeen
from harness.findings import finding

Check = Callable[[Played], Iterator[Finding]]

#: Safari forgets a click after about this long, in seconds; Chromium after five.
ACTIVATION = 1.0

#: How many like calls after a refusal are too many.
STORM = 3

_REFUSALS = range(400, 500)


def window(played: Played) -> Iterator[Finding]:
    """Whether the click opened a window, and in time."""
    if not played.clicks:
        return
    if not played.asked and not played.popups:
        yield finding("window-not-opened", ["the control was clicked; no window.open, no link to a new window"])
    click = played.clicks[0].at
    for asked in played.asked:
        late = asked.at - click
        if not asked.active:
            yield finding("window-blocked", [f"window.open({asked.url}) was called without user activation"])
            return
        if late > ACTIVATION and len(played.clicks) == 1:
            yield finding("window-blocked", [f"window.open({asked.url}) was called {late:.1f} s after the click"])
            return


def start(played: Played) -> Iterator[Finding]:
    """Whether the window asked for start, with what start needs."""
    for request in played.starts:
        for code in ("start-path-unknown", "start-parameter-missing"):
            if code in request.problems:
                yield finding(code, [_line(request)])
                return
    if not played.starts and played.popups:
        strays = [_line(stray) for stray in played.strays if stray.headers.get("sec-fetch-dest") == "document"]
        shown = [document.url for popup in played.popups for document in played.documents(popup.window)]
        if strays or shown:
            yield finding("start-path-unknown", strays or [f"the window showed {url}" for url in shown])


def address(played: Played) -> Iterator[Finding]:
    """Whether a credential stood in an address."""
    leaking = [request for request in played.requests if "token-in-url" in request.problems]
    if leaking:
        yield finding("token-in-url", [_line(leaking[0])])


def opener(played: Played) -> Iterator[Finding]:
    """Whether the window kept its opener."""
    for popup in played.popups:
        documents = played.documents(popup.window)
        if documents and not documents[0].has_opener:
            features = [f"features: {asked.features}" for asked in played.asked if asked.features]
            yield finding("opener-detached", [f"no window.opener at {documents[0].url}", *features])
            return


def listening(played: Played) -> Iterator[Finding]:
    """Whether the genuine event was listened to, and acted on."""
    if not played.heard or played.follow_ups or played.strays:
        return
    event = played.heard[0]
    evidence = [f"event: {event.data}", f"origin: {event.origin}"]
    listeners = sum(
        change.change for change in played.of(ListenerChanged) if change.window == "app" and change.at <= event.at
    )
    if listeners <= 0:
        yield finding("listener-missing", evidence)
    elif not played.scenario.expect.follow_up:
        return
    elif played.reaction(event.at) is None:
        yield finding("event-ignored", evidence)
    else:
        yield finding("follow-up-missing", [*evidence, "the page changed after the event, and made no account GET"])


def follow_up(played: Played) -> Iterator[Finding]:
    """Whether the account GET is as the contract wants it."""
    strays = [stray for stray in played.strays if stray.headers.get("sec-fetch-dest") != "document"]
    if strays and not played.follow_ups:
        yield finding("follow-up-path-unknown", [_line(strays[0])])
    codes = (
        "follow-up-path-unknown",
        "follow-up-account-mismatch",
        "authorization-missing",
        "authorization-malformed",
        "version-missing",
        "version-unknown",
    )
    for code in codes:
        for request in played.follow_ups:
            if code in request.problems:
                yield finding(code, [_line(request), *(f"{name}: {value}" for name, value in request.headers.items())])
                break


def repetition(played: Played) -> Iterator[Finding]:
    """Whether a refused call was repeated again and again."""
    refused = Counter((request.method, request.url) for request in played.follow_ups if request.status in _REFUSALS)
    for (method, url), times in refused.items():
        if times > STORM:
            yield finding("retry-storm", [f"{times} times: {method} {url}"])


def custody(played: Played) -> Iterator[Finding]:
    """Whether the page's own script holds the token."""
    for request in played.follow_ups:
        if request.sent_by == "page" and "authorization" in request.headers:
            yield finding("token-in-browser", [_line(request)])
            return


def telling(played: Played) -> Iterator[Finding]:
    """Whether the user was told how it went."""
    connected = played.shown("connected")
    expects_connected = played.scenario.expect.outcome == "connected"
    if not expects_connected and connected is not None:
        empty = any(request.status == 200 for request in played.follow_ups)  # noqa: PLR2004 - HTTP's own word
        yield finding("empty-list-shown-as-connected" if empty else "failure-shown-as-success", _answers(played))
    moment = played.moment()
    if moment is None or played.told():
        return
    if played.reaction(moment) is None:
        yield finding("silent-hang", [*_answers(played), "nothing on the page changed after that"])
    elif expects_connected and not _refused(played):
        shown = [event.outcome for event in played.of(OutcomeShown) if event.visible]
        yield finding("connected-not-shown", [*_answers(played), *(f"visible: --{outcome}" for outcome in shown)])


def elsewhere(played: Played) -> Iterator[Finding]:
    """Whether anything asked for a host that is not part of the flow."""
    refused = sorted({f"{event.host}, asked by the {event.sent_by}" for event in played.of(RequestRefused)})
    if refused:
        yield finding("unexpected-request", refused)


#: In the order of the flow: what breaks first explains what comes after it.
CHECKS: tuple[Check, ...] = (
    window,
    start,
    address,
    opener,
    listening,
    follow_up,
    repetition,
    telling,
    custody,
    elsewhere,
)


def judge(played: Played) -> list[Finding]:
    """Give all findings, the first broken link first: errors in the order of the flow, then warnings, then the rest."""
    found = [told for check in CHECKS for told in check(played)]
    order = ("error", "warning", "info")
    return sorted(found, key=lambda told: order.index(told.severity))


def _refused(played: Played) -> bool:
    return any(request.problems for request in played.follow_ups)


def _answers(played: Played) -> list[str]:
    return [f"{_line(request)} answered {request.status}" for request in played.follow_ups or played.starts][-3:]


def _line(request: RequestSeen) -> str:
    return f"{request.method} {request.url} (sent by the {request.sent_by})"
