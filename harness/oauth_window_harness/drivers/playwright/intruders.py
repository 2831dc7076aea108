"""Lets intruders post to the page under test: from a frame in it, from another window, and from its own popup."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.watch import Watch
from oauth_window_harness.journal.events import MessageReceived
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until
from oauth_window_harness.scenario.intrusion import PATH, Intrusion
from oauth_window_harness.scenario.model import NULL_ORIGIN

# Outside the body, where no framework looks after what stands there.
FRAME = """(url) => {
  const frame = document.createElement("iframe");
  frame.src = url;
  frame.hidden = true;
  document.documentElement.append(frame);
}"""
NO_FRAMES = "(path) => document.querySelectorAll(`iframe[src*='${path}']`).forEach((frame) => frame.remove())"
WINDOW = "(url) => { window.open(url, '_blank', 'popup,width=200,height=200'); }"
GENUINE = f"https://{rules.LEADCONNECTOR}"
POST = "(posts) => posts.forEach((data) => window.opener?.postMessage(data, '*'))"


class Intruders:
    """The intruders of one play. Each posts, and the page is seen to have heard it before anything else happens."""

    def __init__(self, watch: Watch, play: Play, target: Target) -> None:
        self._watch = watch
        self._play = play
        self._patience = target.patience
        self._known: Counter[str] = Counter()

    async def intrude(self, intrusion: Intrusion) -> None:
        """Let one intruder post; where the page lets it do so no more, nothing happens."""
        genuine = intrusion.origin == GENUINE
        # A popup's intruder may have been heard before it is waited for; the genuine origin posts of itself too.
        heard_before = heard(self._play.journal, intrusion) if genuine else self._known[intrusion.origin]
        with suppress(PlaywrightError):
            if intrusion.sender == "frame":
                await self._watch.page.evaluate(FRAME, intrusion.url)
                await self._until_heard(intrusion, heard_before)
                await self._watch.page.evaluate(NO_FRAMES, PATH)
            elif intrusion.sender == "window":
                await self._window(intrusion, heard_before)
            else:
                await self._popup(intrusion, heard_before)
        self._known[intrusion.origin] = heard(self._play.journal, intrusion)

    async def _window(self, intrusion: Intrusion, heard_before: int) -> None:
        page = self._watch.page
        self._watch.expect_intruder()
        async with page.context.expect_page(timeout=self._patience * 1000) as opening:
            await page.evaluate(WINDOW, intrusion.url)
        window = await opening.value
        await self._until_heard(intrusion, heard_before)
        await window.close()

    async def _popup(self, intrusion: Intrusion, heard_before: int) -> None:
        opened = self._watch.open_popups()
        if not opened:
            return
        popup = opened[-1]
        if intrusion.origin == GENUINE:
            # The finish page itself posts once more.
            await popup.evaluate(POST, self._play.forged(intrusion))
            await self._until_heard(intrusion, heard_before)
            return
        await self._onward(popup, intrusion, heard_before)

    async def _onward(self, popup: Page, intrusion: Intrusion, heard_before: int) -> None:
        here = f"{PATH}?n={intrusion.number}&"
        await popup.wait_for_url(lambda url: here in url, timeout=self._patience * 1000)
        onward = popup.get_by_test_id("intruder-next")
        await onward.wait_for(timeout=self._patience * 1000)
        await self._until_heard(intrusion, heard_before)
        # By the page's own link: a navigation from outside may put the window into another group.
        await onward.click(timeout=self._patience * 1000)

    async def _until_heard(self, intrusion: Intrusion, before: int) -> None:
        wanted = before + len(intrusion.posts)
        await until(self._play.journal, lambda: heard(self._play.journal, intrusion) >= wanted, self._patience)


def heard(journal: Journal, intrusion: Intrusion) -> int:
    """Give how many messages the page has heard from an intruder's origin."""
    origin = NULL_ORIGIN if intrusion.sandboxed else intrusion.origin
    return sum(event.window == "app" and event.origin == origin for event in journal.of(MessageReceived))
