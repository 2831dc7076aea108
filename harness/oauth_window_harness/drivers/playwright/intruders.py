"""Makes intruders post to the page under test: from a frame in it, from another window, and from its own popup."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.popup_button import middle_of
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.popup import LATE
from oauth_window_harness.journal.events import MessageReceived
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.intrusion import PATH, Intrusion
from oauth_window_harness.scenario.model import NULL_ORIGIN

# Outside the body, so that no framework removes it.
_FRAME = """(url) => {
  const frame = document.createElement("iframe");
  frame.src = url;
  frame.hidden = true;
  document.documentElement.append(frame);
}"""
_NO_FRAMES = "(path) => document.querySelectorAll(`iframe[src*='${path}']`).forEach((frame) => frame.remove())"
_WINDOW = "(url) => { window.open(url, '_blank', 'popup,width=200,height=200'); }"
_POST = "(posts) => posts.forEach((data) => window.opener?.postMessage(data, '*'))"


class Intruders:
    """The intruders of one play. Each posts, and the page has received it before anything else happens."""

    def __init__(self, api: Api, recorder: Recorder, play: Play, patience: float) -> None:
        self._api = api
        self._recorder = recorder
        self._play = play
        self._patience = patience
        self._counts: Counter[str] = Counter()

    async def intrude(self, intrusion: Intrusion) -> None:
        """Make one intruder post; do nothing if its window is closed."""
        genuine = intrusion.origin == rules.ORIGIN
        # A popup's message may arrive before it is awaited; from the genuine origin the service's own events come too.
        count_before = self._message_count(intrusion) if genuine else self._counts[intrusion.origin]
        page = self._recorder.opener()
        with suppress(PlaywrightError):
            if intrusion.sender == "frame":
                await page.evaluate(_FRAME, intrusion.url)
                await self._await_messages(intrusion, count_before)
                await page.evaluate(_NO_FRAMES, PATH)
            elif intrusion.sender == "window":
                self._recorder.expect_intruder()
                window = await page.open(_WINDOW, intrusion.url, self._patience + LATE)
                await self._await_messages(intrusion, count_before)
                await window.close()
            elif opened := self._recorder.open_popups():
                await self._from_popup(self._api.window(opened[-1]), intrusion, count_before)
        self._counts[intrusion.origin] = self._message_count(intrusion)

    async def _from_popup(self, popup: Window, intrusion: Intrusion, count_before: int) -> None:
        if intrusion.origin == rules.ORIGIN:
            # The finish page itself posts once more.
            await popup.evaluate(_POST, self._play.forged_data(intrusion))
            await self._await_messages(intrusion, count_before)
            return
        onward = f'[data-testid="intruder-next"][data-intruder="{intrusion.number}"]'
        # The page is the stub's own: where the user would never come on from it, the browser is slow, and not the page.
        middle = await middle_of(popup, onward, time.monotonic() + self._patience + LATE)
        await self._await_messages(intrusion, count_before)
        # By the page's own link: a navigation by Playwright may move the window into another browsing context group.
        if middle is not None:
            await popup.click_at(middle)
        else:
            await popup.press(onward, self._patience)

    async def _await_messages(self, intrusion: Intrusion, before: int) -> None:
        wanted = before + len(intrusion.posts)
        await self._api.until(self._play.journal, lambda: self._message_count(intrusion) >= wanted, self._patience)

    def _message_count(self, intrusion: Intrusion) -> int:
        """Return how many messages the page has received from an intruder's origin."""
        origin = NULL_ORIGIN if intrusion.is_sandboxed else intrusion.origin
        received = self._play.journal.of(MessageReceived)
        return sum(event.window == "app" and event.origin == origin for event in received)
