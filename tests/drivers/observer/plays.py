"""Plays for tests of the observer, whose scenario is the plain flow."""

from __future__ import annotations

import asyncio

from playwright.async_api import async_playwright
from werkzeug import Request, Response

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.redact import Redactor
from oauth_window_harness.resources import bundled
from oauth_window_harness.scenario import catalog


def a_play() -> Play:
    """Return a play of the plain flow."""
    scenario = catalog.bundled_scenarios()["account-200"]
    return Play(scenario, FixtureSet(bundled("contracts") / "facebook"), Journal(), Redactor())


def clicked(content: str, sheet: str = "") -> Play:
    """Return the play of a click on the button of a page.

    Args:
        content: the page; ``PORT`` stands for that of its server.
        sheet: the style sheet that its server has.
    """
    play = a_play()

    async def go(url: str) -> None:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            stage = BrowserStage(await browser.new_context(), play, Target(url, "button", None, None, 5))
            await stage.observe()
            await stage.load()
            await stage.take("click")
            await stage.drain()
            await browser.close()

    def answer(request: Request) -> Response:
        if request.path.endswith(".css"):
            return Response(sheet, content_type="text/css")
        return Response(content.replace("PORT", request.host.rpartition(":")[2]), content_type="text/html")

    with LoopbackServer(answer) as server:
        asyncio.run(go(f"http://127.0.0.1:{server.port}/"))
    return play
