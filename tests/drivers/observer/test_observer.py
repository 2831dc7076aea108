"""The observer observes only: whatever a page can find out is the same with and without it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import BrowserContext, async_playwright
from werkzeug import Request, Response

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.stage import BrowserStage
from oauth_window_harness.journal.events import (
    ListenersChanged,
    MessagePosted,
    MessageReceived,
    TextShown,
    WindowOpenCalled,
)
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.loopback import LoopbackServer
from tests.drivers.observer.plays import a_play, clicked

pytestmark = pytest.mark.browser

#: The page of one origin opens the other's, and both find out what they can.
OPENER = """<!doctype html><p id=out></p><button onclick="go()">open</button><div id=host></div><input id=field><script>
const seen = {};
const note = (name, value) => { seen[name] = value === undefined ? "undefined" : value; };
note("names", Object.keys(window).sort().join());
const playwrights = (name) => name.startsWith("__playwright"); // there wherever Playwright binds a function
note("own names", Object.getOwnPropertyNames(window).filter((name) => !playwrights(name)).sort().join());
note("binding", typeof window.__oauthWindow);
const target = EventTarget.prototype;
const functions = [[window, "open"], [target, "addEventListener"], [target, "removeEventListener"],
  [Element.prototype, "attachShadow"], [window, "postMessage"],
  [window, "setTimeout"], [window, "clearTimeout"], [window, "setInterval"], [window, "clearInterval"]];
for (const [of, name] of functions) {
  const keys = Object.keys(Object.getOwnPropertyDescriptor(of, name)).join();
  note(`function ${name}`, [typeof of[name], of[name].name, of[name].length, keys, "prototype" in of[name]]);
}
const message = MessageEvent.prototype;
const accessors = [[window, "opener"], [window, "onmessage"],
  [message, "source"], [message, "origin"], [message, "data"],
  [HTMLInputElement.prototype, "value"], [HTMLTextAreaElement.prototype, "value"]];
for (const [of, name] of accessors) {
  const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(of, name);
  note(`accessor ${name}`, [typeof get, typeof set, enumerable, configurable]);
}
note("own opener", window.opener);
const heard = [];
const listener = () => heard.push("a");
addEventListener("message", listener); addEventListener("message", listener);
window.addEventListener("message", { handleEvent() { heard.push("object"); } }, { once: true });
const property = () => heard.push("onmessage");
window.onmessage = property;
note("onmessage", window.onmessage === property);
const removed = () => heard.push("removed");
addEventListener("message", removed); removeEventListener("message", removed);
document.getElementById("field").value = "typed"; note("value", document.getElementById("field").value);
const ticks = [];
setTimeout((...given) => ticks.push(given), 1, "a", 2); setTimeout("ticks.push('text')", 2);
setTimeout(() => ticks.push("soon"));
clearTimeout(setTimeout(() => ticks.push("cleared"), 1));
const repeated = setInterval(() => { ticks.push("again"); if (ticks.length > 4) clearInterval(repeated); }, 3);
try { setTimeout.call({}, () => {}); } catch (error) { note("not a window's", error.name); }
try { addEventListener("message", 5); } catch (error) { note("bad listener", error.message); }
try { window.open("http://["); } catch (error) { note("bad address", error.name); }
note("shadow", document.getElementById("host").attachShadow({ mode: "closed" }) instanceof ShadowRoot);
const fromPopup = [];
addEventListener("message", (event) => {
  fromPopup.push([event.data.kind, event.origin, event.source === popup, event.isTrusted]);
  if (event.data.kind === "ready") popup.postMessage("to the popup", "*");
  if (event.data.kind === "done") {
    note("ticks", [...new Set(ticks.map(String))].sort().join());
    note("heard", heard); note("from popup", fromPopup); note("popup", event.data.seen);
    document.getElementById("out").textContent = JSON.stringify(seen);
  }
});
let popup;
function go() {
  popup = window.open("http://localhost:PORT/popup", "name", "popup,width=300,height=300");
  note("returned", [typeof popup, popup.closed]);
}
</script>"""

POPUP = """<!doctype html><p>popup</p><script>
const seen = {};
seen["same twice"] = opener === window.opener;
seen["null"] = opener === null;
seen["closed"] = opener.closed;
seen["length"] = opener.length;
seen["has postMessage"] = "postMessage" in opener;
seen["post"] = [typeof opener.postMessage, opener.postMessage.name, opener.postMessage === opener.postMessage];
for (const name of ["document", "origin", "name", "localStorage"]) {
  try { opener[name]; seen[name] = "read"; } catch (error) { seen[name] = error.name; }
}
try { opener.postMessage({ kind: "x" }, "no origin"); } catch (error) { seen["bad origin"] = error.name; }
try { opener.postMessage(() => {}, "*"); } catch (error) { seen["not cloneable"] = error.name; }
addEventListener("message", (event) => {
  seen["source is opener"] = event.source === window.opener;
  event.source.postMessage({ kind: "echo" }, event.origin);
  opener.postMessage({ kind: "by options" }, { targetOrigin: "*" });
  opener.postMessage({ kind: "wrong target" }, "https://elsewhere.test");
  const before = opener;
  window.opener = null; seen["cut"] = window.opener;
  before.postMessage({ kind: "done", seen }, "*");
});
opener.postMessage({ kind: "ready" }, "*");
</script>"""


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        text = POPUP if request.path == "/popup" else OPENER.replace("PORT", request.host.rpartition(":")[2])
        return Response(text, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


async def found_out(url: str, play: Play | None) -> dict[str, Any]:
    """Return what the two pages found out, with the observer where a play is given."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context: BrowserContext = await browser.new_context()
        if play is None:
            page = await context.new_page()
        else:
            stage = BrowserStage(context, play, Target(url, "button", None, None, 5))
            await stage.observe()
            page = context.pages[0]
        await page.goto(url)
        await page.click("button")
        await page.wait_for_function("document.getElementById('out').textContent !== ''", timeout=10_000)
        told: dict[str, Any] = json.loads(await page.text_content("#out") or "")
        if play is not None:
            await stage.drain()
        await browser.close()
        return told


def test_pages_find_the_same_with_and_without_the_observer(site: LoopbackServer) -> None:
    url = f"http://127.0.0.1:{site.port}/"
    plain = asyncio.run(found_out(url, None))
    observed = asyncio.run(found_out(url, a_play()))

    assert plain["from popup"][-1][0] == "done"  # the pages went all the way
    assert plain["ticks"] == "a,2,again,soon,text"
    assert observed == plain


#: Texts that change without a change of the document's own text, and listeners that are used up.
TELLING = """<!doctype html><h1>Settings</h1><textarea id=log readonly></textarea><iframe srcdoc="<p>idle"></iframe>
<p style="opacity: 0">transparent</p><p style="position: absolute; left: -999px">outside</p><p hidden>hidden</p>
<div style="display: contents">without a box</div><select><option>one<option selected>two</select>
<button onclick="go()">go</button><script>
function go() {
  document.getElementById("log").value = "in a field";
  frames[0].document.body.textContent = "in a frame";
  addEventListener("message", () => {}, { once: true });
  postMessage("first", "*"); postMessage("second", "*");
  setTimeout(() => { document.querySelector("h1").textContent = "after a second"; }, 900);
}
</script>"""


#: Shadow roots that no script attached, one in the other.
DECLARED = """<!doctype html><meta charset=utf-8><button onclick="go()">go</button>
<x-outer><template shadowrootmode=open><p>outer</p>
<x-inner><template shadowrootmode=open><p>inner</p></template></x-inner></template></x-outer><script>
function go() {
  const outer = document.querySelector("x-outer").shadowRoot;
  outer.querySelector("x-inner").shadowRoot.querySelector("p").textContent = "changed";
}
</script>"""


def test_declarative_shadow_roots_are_read_and_their_changes_are_seen() -> None:
    texts = [event.text.split() for event in clicked(DECLARED).journal.of(TextShown)]
    assert ["go", "outer", "inner"] in texts
    assert texts[-1] == ["go", "outer", "changed"]


#: Text that CSS makes: by an attribute, in a nested rule and in a shadow root; what nobody sees is none.
GENERATED = """<!doctype html><meta charset=utf-8><style>
#status::after { content: "Nothing yet"; }
#status[data-state=bad]::after { content: "That did " "not \\201cwork\\201d"; }
@media all { #named { &::before { content: attr(data-text); } } }
#hidden::after { content: "hidden"; } #clear::after { content: "clear"; opacity: 0; } #none::after { content: none; }
button::before, *::after { content: ""; }
</style><button onclick="shown.dataset.state = 'bad'; named.dataset.text = 'named'">go</button>
<p id=status></p><p id=named></p><p id=hidden hidden></p><p id=clear></p><p id=none></p>
<x-inner><template shadowrootmode=open><style>p::after { content: "inner"; }</style><p></p></template></x-inner><script>
const [shown, named] = ["status", "named"].map((id) => document.getElementById(id));
</script>"""


def test_text_that_only_css_makes_is_read_and_its_changes_are_seen() -> None:
    texts = [event.text.splitlines() for event in clicked(GENERATED).journal.of(TextShown)]
    assert ["go", "Nothing yet", "inner"] in texts
    assert texts[-1] == ["go", "named", "That did not \u201cwork\u201d", "inner"]


#: What CSS writes near an element that has changed, and in one that has come; an icon is none of it.
FOREIGN = """<!doctype html><meta charset=utf-8><link rel=stylesheet href="http://localhost:PORT/sheet.css">
<button onclick="go()">go</button><p id=status></p><i>icon</i><script>
function go() {
  document.getElementById("status").className = "bad";
  document.body.append(Object.assign(document.createElement("p"), { className: "come" }));
}
</script>"""
SHEET = """
.bad::after { content: "That did not work"; } .bad + i::before { content: "\\e900"; }
.come::before { content: "Try again"; } .come::after { content: none; }
"""


def test_text_that_another_origins_sheet_makes_is_read_where_something_has_changed() -> None:
    texts = [event.text.splitlines() for event in clicked(FOREIGN, SHEET).journal.of(TextShown)]
    assert texts[-1] == ["go", "icon", "Try again", "That did not work"]


def test_what_fields_and_frames_show_is_read_and_what_is_near_is_waited_for() -> None:
    play = clicked(TELLING)

    # A timer of less than a second belongs to what the page does.
    lines = [line.strip() for line in play.journal.of(TextShown)[-1].text.splitlines()]
    assert lines == ["after a second", "without a box", "go", "in a field", "two", "in a frame"]
    # A listener for one message is gone before the next one.
    second = next(event for event in play.journal.of(MessageReceived) if event.data == "second")
    assert [event.count for event in play.journal.of(ListenersChanged) if event.at <= second.at] == [1, 0]


def test_the_observer_sees_what_passed_between_the_windows(site: LoopbackServer) -> None:
    play = a_play()
    asyncio.run(found_out(f"http://127.0.0.1:{site.port}/", play))

    journal, popup = play.journal, f"http://localhost:{site.port}"
    posted = [(event.data["kind"], event.target_origin, event.origin) for event in journal.of(MessagePosted)]
    assert posted == [
        ("ready", "*", popup),
        ("echo", f"http://127.0.0.1:{site.port}", popup),
        ("by options", "*", popup),
        ("wrong target", "https://elsewhere.test", popup),
        ("done", "*", popup),
    ]
    received = [
        (event.data["kind"], event.origin, event.source)
        for event in journal.of(MessageReceived)
        if event.window == "app"
    ]
    assert received == [(kind, popup, "popup") for kind in ("ready", "echo", "by options", "done")]
    (asked,) = [event for event in journal.of(WindowOpenCalled) if event.url != "http://["]
    assert (asked.url, asked.target, asked.features) == (f"{popup}/popup", "name", "popup,width=300,height=300")
    assert (asked.active, asked.returned) == (True, True)
    assert max(event.count for event in journal.of(ListenersChanged) if event.window == "app") > 0
    assert "done" in journal.of(TextShown)[-1].text
