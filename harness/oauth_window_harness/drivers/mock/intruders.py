"""Intruders in the mock's windows: a frame in the page, another window, and the popup after it has navigated away."""

from __future__ import annotations

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.mock.navigation import Navigation
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.intrusion import PATH, Intrusion

_NEXT = "intruder-next"


def intrude(windows: MockWindows, play: Play, intrusion: Intrusion) -> None:
    """Make one intruder post, and return when the page has received it; do nothing if the popup is closed."""
    if intrusion.sender == "frame":
        windows.frame(intrusion.url)
    elif intrusion.sender == "window":
        # Opened by the harness with the page as its opener: it needs no click, and uses up none.
        tab = windows.open(intrusion.url, recorded=False)
        windows.tasks.run()
        windows.close(tab, "script")
    else:
        _from_popup(windows, play, intrusion)
    windows.tasks.run()


def _from_popup(windows: MockWindows, play: Play, intrusion: Intrusion) -> None:
    windows.tasks.run()
    opened = windows.open_popups()
    if not opened:
        return
    popup = opened[-1]
    context = popup.context
    if intrusion.origin == rules.ORIGIN:
        # The finish page itself posts once more.
        for data in play.forged_data(intrusion):
            windows.post(context, popup, data, "*")
        return
    onward = context.document.link(_NEXT)
    if f"{PATH}?n={intrusion.number}&" in context.document.url and onward is not None:
        windows.navigate(popup, Navigation.to(onward, initiator=context.document.url))
