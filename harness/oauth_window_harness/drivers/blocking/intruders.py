"""Lets intruders post to a page that a test drives; what they do is that of `drivers.playwright.intruders`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from oauth_window_harness.drivers.playwright.intruders import FRAME, GENUINE, NO_FRAMES, POST, WINDOW, heard
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.intrusion import PATH, Intrusion


class Attacked(Protocol):
    """The windows that an intruder finds."""

    page: Page

    def open_popups(self) -> list[Page]:
        """Give the windows that are open."""

    def expect_intruder(self) -> None:
        """Say that the next window to open is none of the page's."""

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition over the journal holds."""


def intrude(windows: Attacked, play: Play, patience: float, intrusion: Intrusion, known: Counter[str]) -> None:
    """Let one intruder post, and return when the page has heard it; where the page lets it do so no more, at once.

    Args:
        windows: where it posts.
        play: whose intruder it is.
        patience: how long the page may take, in seconds.
        intrusion: what it does.
        known: how many messages of each origin earlier intruders have made heard; this one's are added.
    """
    # A popup's intruder may have been heard before it is waited for; the genuine origin posts of itself too.
    before = heard(play.journal, intrusion) if intrusion.origin == GENUINE else known[intrusion.origin]
    _post(windows, play, patience, intrusion, before)
    known[intrusion.origin] = heard(play.journal, intrusion)


def _post(windows: Attacked, play: Play, patience: float, intrusion: Intrusion, before: int) -> None:

    def until_heard() -> None:
        windows.until(lambda: heard(play.journal, intrusion) >= before + len(intrusion.posts), patience)

    with suppress(PlaywrightError):
        if intrusion.sender == "frame":
            windows.page.evaluate(FRAME, intrusion.url)
            until_heard()
            windows.page.evaluate(NO_FRAMES, PATH)
        elif intrusion.sender == "window":
            windows.expect_intruder()
            with windows.page.context.expect_page(timeout=patience * 1000) as opening:
                windows.page.evaluate(WINDOW, intrusion.url)
            until_heard()
            opening.value.close()
        elif windows.open_popups():
            popup = windows.open_popups()[-1]
            if intrusion.origin == GENUINE:
                popup.evaluate(POST, play.forged(intrusion))
                until_heard()
                return
            here = f"{PATH}?n={intrusion.number}&"
            popup.wait_for_url(lambda url: here in url, timeout=patience * 1000)
            onward = popup.get_by_test_id("intruder-next")
            onward.wait_for(timeout=patience * 1000)
            until_heard()
            onward.click(timeout=patience * 1000)
