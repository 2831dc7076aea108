"""What the observer tells of a page on which something went wrong: the page itself notices nothing of that."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import async_playwright
from werkzeug import Request, Response

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.journal.page_events import (
    ControlsShown,
    OpenReplaced,
    PageAnswered,
    PolicyViolated,
    ScriptNotLoaded,
)
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.loopback import LoopbackServer
from tests.drivers.observer.plays import a_play

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><button id=go>go</button><button id=more disabled>More</button>
<dialog id=ask><p>Who are you?</p><button>Continue</button></dialog><p id=out></p>
<script src="/lost.js"></script><script type="module" src="/lost.mjs"></script><script async src="/count.js"></script>
<script>
const shim = () => null;
window.open = shim;
const told = {};
document.getElementById("go").onclick = async () => {
  const { enumerable } = Object.getOwnPropertyDescriptor(window, "open");
  told.same = [open === shim, window.open === shim, window.open(), enumerable, "open" in window];
  const other = () => 5;
  window.open = other;
  told.other = [window.open === other, open(), "value" in Object.getOwnPropertyDescriptor(window, "open")];
  document.getElementById("more").disabled = false;
  document.getElementById("ask").show();
  told.blocked = await fetch("http://elsewhere.test/").catch((error) => error.name);
  told.missing = (await fetch("/api", { method: "POST", body: "what was sent" })).status;
  told.plain = await (await fetch("/plain")).json();
  told.secret = await (await fetch("/secret")).json();
  document.getElementById("out").textContent = JSON.stringify(told);
};
</script>"""


ANSWERS = {"/plain": '{"ok": false}', "/secret": '{"access_token": "no shape"}'}


def answer(request: Request) -> Response:
    if request.path in ANSWERS:
        return Response(ANSWERS[request.path], content_type="application/json")
    if request.path != "/":
        return Response("there is no such route", 404)
    policy = {"Content-Security-Policy": "connect-src 'self'", "Content-Security-Policy-Report-Only": "img-src 'none'"}
    return Response(PAGE, content_type="text/html", headers=policy)


async def found_out(url: str, play: Play | None) -> dict[str, Any]:
    """Return what the page found out, with the observer where a play is given."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context()
        if play is not None:
            stage = BrowserStage(context, play, Target(url, "#go", None, None, 5))
            await stage.observe()
        page = context.pages[0] if play is not None else await context.new_page()
        await page.goto(url)
        await page.click("#go")
        await page.wait_for_function("document.getElementById('out').textContent !== ''", timeout=10_000)
        told: dict[str, Any] = json.loads(await page.text_content("#out") or "")
        if play is not None:
            await stage.drain()
        await browser.close()
        return told


def test_what_went_wrong_is_told_and_the_page_sees_its_own_functions() -> None:
    play = a_play()
    with LoopbackServer(answer) as server:
        url = f"http://127.0.0.1:{server.port}/"
        plain = asyncio.run(found_out(url, None))
        observed = asyncio.run(found_out(url, play))

    assert observed == plain
    assert plain["same"][:2] == [True, True]
    assert [event.used for event in play.journal.of(OpenReplaced)] == [False, True]
    lost = {(event.url.rpartition("/")[2], event.module, event.awaited) for event in play.journal.of(ScriptNotLoaded)}
    assert lost == {("lost.js", False, True), ("lost.mjs", True, True), ("count.js", False, False)}
    (violated,) = play.journal.of(PolicyViolated)
    assert (violated.directive, violated.blocked) == ("connect-src", "http://elsewhere.test/")
    calls = {event.url.rpartition("/")[2]: event for event in play.journal.of(PageAnswered) if event.status is not None}
    answered = calls.pop("api")
    # What went well is quoted too, as it may say that it did not; but where it may hold a secret.
    well = {name: (event.status, event.text) for name, event in calls.items()}
    assert well == {"plain": (200, '{"ok": false}'), "secret": (200, "")}
    assert (answered.method, answered.status, answered.sent) == ("POST", 404, "what was sent")
    assert answered.text == "there is no such route"
    first, *_, last = play.journal.of(ControlsShown)
    assert [one.selector for one in first.controls] == ["#go"]
    assert [one.selector for one in last.controls] == ["#go", "#more", 'button:has-text("Continue")']
    assert last.dialogs == ("Who are you?",)
