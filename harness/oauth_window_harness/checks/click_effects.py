"""What a click on the control has caused, and whether the page heeded clicks at the time."""

from __future__ import annotations

import re

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded, LackSupplied
from oauth_window_harness.journal.events import (
    ListenersChanged,
    PageRequested,
    RequestSeen,
    ScriptThrew,
    WindowOpenCalled,
    WindowOpened,
)

#: An error that a later click may not raise: its handler calls what another script defines.
_LACK = re.compile(r"ReferenceError|TypeError: [\w$.]+ is not a function")


def click_had_effect(flow: Flow) -> bool:
    """Return whether the clicks have caused anything: a window, a request of a new kind, an error, a change.

    Where the last one ended in the error that something is not defined, what it did before that is not all.
    """
    return bool(flow.clicks) and (_asked_for_window(flow) or (_changed_something(flow) and not _lacks_something(flow)))


def click_threw(flow: Flow) -> bool:
    """Return whether the page has raised an error since the last click, and opened no window."""
    return bool(flow.clicks) and not _asked_for_window(flow) and bool(_errors_since(flow, flow.clicks[-1].at))


def handler_came_late(flow: Flow, by: float = float("inf")) -> bool:
    """Return whether the page began to heed clicks after the last one, and by a moment, and none has caused anything.

    A click that raised an error has come too early as well, if what it looked for may be there now.
    """
    if not flow.clicks or _asked_for_window(flow):
        return False
    signs = LackSupplied if _changed_something(flow) else ClickHandlerAdded | LackSupplied
    return any(flow.clicks[-1].at < event.at <= by for event in flow.events if isinstance(event, signs))


def _asked_for_window(flow: Flow) -> bool:
    clicked = flow.clicks[0].at  # the second one of a double click may have nothing left to do
    return any(event.at >= clicked for event in flow.events if isinstance(event, WindowOpenCalled | WindowOpened))


def _changed_something(flow: Flow) -> bool:
    clicked = flow.clicks[0].at
    if any(not _LACK.search(error.message) for error in _errors_since(flow, clicked)):
        return True
    if any(event.at >= clicked and event.count for event in flow.all_of(ListenersChanged)):
        return True
    # A page that asks its server all the time does so after a click, too.
    requests = [event for event in flow.events if isinstance(event, PageRequested | RequestSeen)]
    before = {(event.method, event.url) for event in requests if event.at < clicked}
    if any((event.method, event.url) not in before for event in requests if event.at >= clicked):
        return True
    return flow.first_reaction(clicked) is not None


def _lacks_something(flow: Flow) -> bool:
    return any(_LACK.search(error.message) for error in _errors_since(flow, flow.clicks[-1].at))


def _errors_since(flow: Flow, since: float) -> list[ScriptThrew]:
    """Return the errors since a moment, without those that the page had raised before any click as well."""
    errors = flow.all_of(ScriptThrew)
    always = {error.message for error in errors if error.at < flow.clicks[0].at}
    return [error for error in errors if error.at >= since and error.message not in always]
