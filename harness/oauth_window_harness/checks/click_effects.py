"""What a click on the control has caused, and whether the page heeded clicks at the time."""

from __future__ import annotations

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded
from oauth_window_harness.journal.events import (
    ListenersChanged,
    PageRequested,
    RequestSeen,
    ScriptThrew,
    WindowOpenCalled,
    WindowOpened,
)

_EFFECTS = (WindowOpenCalled, WindowOpened, ScriptThrew)


def click_had_effect(flow: Flow) -> bool:
    """Return whether the clicks have caused anything: a window, a request of a new kind, an error, a change."""
    if not flow.clicks:
        return False
    clicked = flow.clicks[0].at  # the second one of a double click may have nothing left to do
    if any(event.at >= clicked for event in flow.events if isinstance(event, _EFFECTS)):
        return True
    if any(event.at >= clicked and event.count for event in flow.all_of(ListenersChanged)):
        return True
    # A page that asks its server all the time does so after a click, too.
    requests = [event for event in flow.events if isinstance(event, PageRequested | RequestSeen)]
    before = {(event.method, event.url) for event in requests if event.at < clicked}
    if any((event.method, event.url) not in before for event in requests if event.at >= clicked):
        return True
    return flow.first_reaction(clicked) is not None


def handler_came_late(flow: Flow) -> bool:
    """Return whether the page began to heed clicks after the last one, and none has caused anything."""
    if not flow.clicks or click_had_effect(flow):
        return False
    return any(event.at > flow.clicks[-1].at for event in flow.all_of(ClickHandlerAdded))
