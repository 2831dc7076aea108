"""Runs the scripts of the stub's own pages, each of which carries as data what its script does.

The scripts of other pages are not run: without a browser nobody knows what they would do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_window_harness.drivers.mock.contexts import BrowsingContext, Tab
from oauth_window_harness.drivers.mock.navigation import Navigation
from oauth_window_harness.drivers.mock.windows import MockWindows

Script = Callable[[MockWindows, Tab | None, BrowsingContext, Any], None]


def run(windows: MockWindows, tab: Tab | None, context: BrowsingContext) -> None:
    """Run the scripts that the document of a window or of a frame carries as data."""
    document = context.document
    for name, script in _SCRIPTS.items():
        settings = document.data(name)
        if settings is not None:
            script(windows, tab, context, settings)


def _finish(windows: MockWindows, tab: Tab | None, context: BrowsingContext, settings: Any) -> None:
    document = context.document

    def end() -> None:
        if context.closed or context.document is not document:
            return  # the document has gone, and its timers with it
        if context.opener is None:
            return  # without an opener it stays open
        for post in settings["posts"]:
            windows.post(context, tab, post["data"], post["target_origin"])
        if settings["closes"] and tab is not None:
            windows.tasks.queue(lambda: windows.close(tab, "script"))

    if settings["delay_ms"] > 0:
        windows.tasks.start_timer(settings["delay_ms"] / 1000, end)
    else:
        end()


def _onward(windows: MockWindows, tab: Tab | None, context: BrowsingContext, settings: Any) -> None:
    if tab is not None:
        windows.go(tab, Navigation.to(settings, initiator=context.document.url))


def _intruder(windows: MockWindows, tab: Tab | None, context: BrowsingContext, settings: Any) -> None:
    for data in settings:
        windows.post(context, tab, data, "*")


_SCRIPTS: dict[str, Script] = {"finish": _finish, "onward": _onward, "intruder": _intruder}
