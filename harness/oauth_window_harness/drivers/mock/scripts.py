"""The scripts of the stub's own pages: each carries as data what it does, and this does it.

What another page's script would do cannot be known without a browser, so it is not played.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_window_harness.drivers.mock.contexts import BrowsingContext, Tab
from oauth_window_harness.drivers.mock.navigation import Navigation
from oauth_window_harness.drivers.mock.windows import Windows

Script = Callable[[Windows, Tab | None, BrowsingContext, Any], None]


def run(windows: Windows, tab: Tab | None, context: BrowsingContext) -> None:
    """Run what the document of a window, or of a frame, says of itself."""
    document = context.document
    for name, script in _SCRIPTS.items():
        told = document.data(name)
        if told is not None:
            script(windows, tab, context, told)


def _finish(windows: Windows, tab: Tab | None, context: BrowsingContext, told: Any) -> None:
    document = context.document

    def end() -> None:
        if context.closed or context.document is not document:
            return  # its timers have gone with it
        for post in told["posts"]:
            windows.post(context, tab, post["data"], post["target_origin"])
        if told["closes"] and tab is not None:
            windows.tasks.soon(lambda: windows.close(tab, "script"))

    if told["delay_ms"] > 0:
        windows.tasks.later(told["delay_ms"] / 1000, end)
    else:
        end()


def _onward(windows: Windows, tab: Tab | None, context: BrowsingContext, told: Any) -> None:
    if tab is not None:
        windows.go(tab, Navigation.to(told, initiator=context.document.url))


def _intruder(windows: Windows, tab: Tab | None, context: BrowsingContext, told: Any) -> None:
    for data in told:
        windows.post(context, tab, data, "*")


_SCRIPTS: dict[str, Script] = {"finish": _finish, "onward": _onward, "intruder": _intruder}
