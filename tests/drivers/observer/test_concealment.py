"""What the observer puts in place of the browser's functions looks like them, and does the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from werkzeug import Response

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer.script import ReportAddress, suite_script
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.network.loopback import LoopbackServer
from tests.drivers.observer.plays import a_play

pytestmark = pytest.mark.browser

#: Returns how each property of each global, of its prototype, and of the window looks.
LOOKS = """() => {
  const found = {};
  const text = (one) => typeof one !== "function" ? typeof one
    : [one.name, one.length, "prototype" in one, Function.prototype.toString.call(one)].join();
  const note = (path, owner) => {
    for (const key of Reflect.ownKeys(owner).map(String)) {
      if (key.startsWith("__") || key.startsWith("Symbol(")) continue; // what Playwright puts there
      const { value, get, set, enumerable, configurable, writable } = Object.getOwnPropertyDescriptor(owner, key);
      found[`${path}.${key}`] = [text(value), text(get), text(set), enumerable, configurable, writable].join(" ");
    }
  };
  note("window", window);
  for (const name of Object.getOwnPropertyNames(window)) {
    const { value } = Object.getOwnPropertyDescriptor(window, name);
    if (name.startsWith("__") || !value || typeof value !== "function" && typeof value !== "object") continue;
    if (typeof value === "function" || /^[A-Z]/.test(name)) note(name, value);
    if (!value.prototype) continue;
    note(`${name}.prototype`, value.prototype);
    found[`${name} is its constructor`] = value.prototype.constructor === value;
  }
  return found;
}"""

#: Returns what comes of the functions, used as pages may use them.
DOES = """async () => {
  const found = {}, order = [];
  const fails = (name, work) => {
    try { work(); found[name] = "done"; } catch (error) { found[name] = `${error.name}: ${error.message}`; }
  };
  fails("no handler", () => setTimeout());
  fails("no window", () => setTimeout.call({}, () => {}));
  fails("no frame", () => requestAnimationFrame("text"));
  fails("no new", () => Worker("/none"));
  fails("bad address", () => new WebSocket("http://["));
  fails("no method", () => new window.setTimeout(() => {}));
  fails("no animation", () => Element.prototype.animate.call(window, []));
  fails("no signal", () => AbortSignal.timeout(-1));
  fails("no function", () => Function.prototype.toString.call({}));
  class Own extends WebSocket {
    constructor() { super(`ws://${location.host}/`); }
  }
  const own = new Own();
  found.own = [own instanceof Own, own instanceof WebSocket, own.constructor === Own, String(own), WebSocket.OPEN];
  found.reader = [new FileReader().constructor === FileReader, FileReader.prototype.constructor === FileReader];
  found.kinds = [typeof setTimeout(() => {}), typeof requestIdleCallback(() => {})];
  clearInterval(setTimeout(() => order.push("cleared"), 1));
  clearTimeout(setInterval(() => order.push("cleared"), 1));
  clearTimeout(String(setTimeout(() => order.push("cleared"), 1)));
  cancelAnimationFrame(requestAnimationFrame(() => order.push("cancelled")));
  cancelIdleCallback(requestIdleCallback(() => order.push("cancelled")));
  window.order = order;
  setTimeout("order.push('text')", 20);
  setTimeout(function (...given) { order.push(["function", this === window, given.join()]); }, 20, 1, 2);
  setTimeout({ toString: () => "order.push('object')" }, 20);
  setTimeout(() => order.push("last"), 20);
  Promise.resolve().then(() => order.push("at once"));
  const caught = new Promise((done) => { window.onerror = (message) => { done(message); return true; }; });
  setTimeout(() => { throw new Error("thrown"); }, 1);
  found.thrown = await caught;
  const framed = (done) => requestAnimationFrame(function (at) { done([this === window, typeof at]); });
  found.frame = await new Promise(framed);
  found.idle = await new Promise((done) => requestIdleCallback((deadline) => done(String(deadline))));
  found.task = await scheduler.postTask(() => "its result");
  found.refused = await scheduler.postTask(() => { throw new Error("no"); }).catch((error) => error.message);
  await new Promise((done) => setTimeout(done, 60));
  found.order = order;
  return found;
}"""


async def seen(url: str, script: str, by: str) -> Any:
    """Return what a script returns in a page that nobody observes, or a driver, or a suite by itself."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context()
        if by == "suite":
            origin = url.rstrip("/")
            address = ReportAddress(origin, origin, (), "/reports", "a-ticket")
            await context.add_init_script(suite_script(blocked=False, address=address))
        if by == "driver":
            stage = BrowserStage(context, a_play(), Target(url, "button", None, None, 5))
            await stage.observe()
        page: Page = context.pages[0] if by == "driver" else await context.new_page()
        await page.goto(url)
        found = await page.evaluate(script)
        await browser.close()
        return found


@pytest.mark.parametrize("script", [LOOKS, DOES], ids=["looks", "does"])
def test_the_browsers_functions_are_the_same_to_a_page(script: str) -> None:
    with LoopbackServer(lambda _request: Response("<button>x</button>", content_type="text/html")) as server:
        url = f"http://127.0.0.1:{server.port}/"
        plain, driver, suite = (asyncio.run(seen(url, script, by)) for by in ("nobody", "driver", "suite"))
    assert driver == plain
    assert suite == plain
    assert plain
