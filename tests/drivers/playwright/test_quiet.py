"""A page is given up early only when nothing can come of it any more; whatever it reacts to, it is waited for."""

from __future__ import annotations

import asyncio
import fcntl
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.journal.events import RequestSeen, TextShown
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor, PageQuiet
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.redact import Redacted
from tests.drivers.observer.plays import a_play
from tests.drivers.playwright.late_pages import ASKING, REACTIONS, SILENT, answer

pytestmark = pytest.mark.browser

#: How long a page may take at most, in seconds: several are played at once, and no verdict depends on it.
PATIENCE = 30.0

#: How many pages are played at once.
AT_ONCE = 8


@asynccontextmanager
async def clicked(browser: Browser, url: str) -> AsyncIterator[tuple[BrowserStage, Play]]:
    """Yield the stage and the play of a page whose control was clicked."""
    play = a_play()
    stage = BrowserStage(await browser.new_context(), play, Target(url, "button", None, None, PATIENCE))
    try:
        await stage.observe()
        await stage.load()
        await stage.take("click")
        yield stage, play
    finally:
        await stage.close()


def reacted(play: Play) -> bool:
    return any("it reacted" in shown.text for shown in play.journal.of(TextShown))


async def outcomes(names: Mapping[str, str], by: Actor = "page") -> dict[str, str]:
    """Return what became of each page: ``reacted``, ``quiet``, or ``waited`` where the patience ended."""
    told: dict[str, str] = {}
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(browser: Browser, site: str, name: str) -> None:
        async with turns, clicked(browser, f"{site}/page?name={name}") as (stage, play):
            came = await stage.until(lambda: reacted(play), by=by)
            is_quiet = bool(play.journal.of(PageQuiet))
            told[name] = "reacted" if came else "quiet" if is_quiet else "waited"

    with LoopbackServer(answer) as server:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            await asyncio.gather(*(one(browser, f"http://localhost:{server.port}", name) for name in names))
            await browser.close()
    return told


@pytest.fixture(scope="module")
def told(run_folder: Path) -> dict[str, str]:
    """What became of each page; all are played once, at the same time, for all workers of the run."""
    with (run_folder / "quiet.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        found: dict[str, str] = json.loads(file.read() or "{}")
        if not found:
            found = asyncio.run(outcomes({**REACTIONS, **SILENT}))
            json.dump(found, file)
        return found


@pytest.mark.parametrize("name", REACTIONS)
def test_a_late_reaction_is_waited_for(told: dict[str, str], name: str) -> None:
    assert told[name] == "reacted"


@pytest.mark.parametrize("name", SILENT)
def test_a_page_of_which_nothing_comes_is_quiet(told: dict[str, str], name: str) -> None:
    assert told[name] == "quiet"


@pytest.mark.parametrize(("by", "then"), [("page", "quiet"), ("app", "waited")])
def test_what_a_server_was_told_it_may_still_act_upon(monkeypatch: pytest.MonkeyPatch, by: Actor, then: str) -> None:
    monkeypatch.setattr(f"{__name__}.PATIENCE", 3.0)
    assert asyncio.run(outcomes(ASKING, by)) == dict.fromkeys(ASKING, then)


def test_a_server_that_asks_the_service_may_ask_again() -> None:
    async def go() -> list[PageQuiet]:
        with LoopbackServer(answer) as server:
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                async with clicked(browser, f"http://localhost:{server.port}/page?name=nothing") as (stage, play):
                    now = play.clock.now()
                    made = RequestSeen(
                        at=now, answered_at=now, method="GET", url=Redacted("https://services.leadconnectorhq.com/"),
                        headers={}, endpoint="accounts", status=200, sent_by="server",
                    )  # fmt: skip
                    play.journal.add(made)
                    await stage.until(lambda: False, -PATIENCE + 2, by="app")
                    return play.journal.of(PageQuiet)

    assert asyncio.run(go()) == []
