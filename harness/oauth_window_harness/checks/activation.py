"""Checks that the window is opened within the user activation of the click, as browsers demand it."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_calls import time_for_start
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import WindowOpenCalled

#: For how long after a click a window may be opened, in seconds: Safari's limit, about; Chromium's is five.
ACTIVATION = 1.0


def activation(flow: Flow) -> Iterator[Finding]:
    """Check that window.open was called within the click's user activation, and tell whether it was in its task."""
    calls = [call for call in flow.open_calls if not reuses_window(flow, call) and not _repeats(flow, call)]
    for call in calls:
        if not call.active:
            yield finding("window-blocked", [f"window.open({call.url}) was called without user activation"])
            return
        delay = _since_click(flow, call)
        if delay - time_for_start(flow, call.at - delay, call.at) > ACTIVATION:
            yield finding("window-blocked", [f"window.open({call.url}) was called {delay:.1f} s after the click"])
            return
    late = [call for call in calls if not call.in_click]
    if late and flow.clicks:
        delay = _since_click(flow, late[0])
        yield finding("window-opened-late", [f"window.open({late[0].url}) was called {delay:.1f} s after the click"])


def reuses_window(flow: Flow, call: WindowOpenCalled) -> bool:
    """Return whether a call of window.open navigates a window that is open already, which no browser blocks."""
    name = call.target.lower()
    if name in ("_self", "_parent", "_top"):
        return True
    if not name or name.startswith("_"):
        return False
    earlier = [one for one in flow.open_calls if one.at < call.at and one.target == call.target and one.returned]
    return bool(earlier) and flow.window_is_open(call.at)


def _repeats(flow: Flow, call: WindowOpenCalled) -> bool:
    """Return whether the click's own task has opened a window for the same address already, a moment ago.

    Each window takes the browser a moment, so that the hundredth comes late; the flow can go on in the first.
    """
    is_within = call.active and call.in_click
    return is_within and any(
        one.in_click and one.returned and one.url == call.url and _click_of(flow, one) == _click_of(flow, call)
        for one in flow.open_calls
        if one.at < call.at
    )


def _click_of(flow: Flow, call: WindowOpenCalled) -> float | None:
    return max((click.at for click in flow.clicks if click.at <= call.at), default=None)


def _since_click(flow: Flow, call: WindowOpenCalled) -> float:
    clicked = _click_of(flow, call)
    return 0.0 if clicked is None else call.at - clicked
