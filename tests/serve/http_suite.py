"""Pages that are observed over HTTP alone, as a suite in any language does: no driver of the harness's own is used."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ProxySettings
from werkzeug import Request, Response

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import FIREFOX
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from tests.servers import Server, key_header
from tests.worlds import ACCOUNT

#: The page as an integrator writes it: what it heeds of the event, and the features of its window, are filled in.
PAGE = """<!doctype html>
<title>Settings</title>
<button id="help">Help</button> <button id="connect">Connect Facebook</button>
<p role="status">Not connected</p>
<script>
  const ORIGIN = "https://services.leadconnectorhq.com", OAUTH = `${ORIGIN}/social-media-posting/oauth`;
  const status = document.querySelector("[role=status]");
  let popup = null;
  document.querySelector("#connect").addEventListener("click", () => {
    if (%(opens)s) return;
    const start = `${OAUTH}/facebook/start?locationId=LOCATION&userId=u7RtY2kPq0LmN4sXv9Za`;
    popup = window.open(start, "connect", "%(features)s");
    status.textContent = popup ? "Connecting…" : "Please allow the window.";
  });
  window.addEventListener("message", async (event) => {
    if (event.origin !== ORIGIN || event.source !== popup || !(%(heeds)s)) return;
    const headers = { Authorization: "Bearer any-well-formed-token", Version: "2021-07-28" };
    const answer = await fetch(`${OAUTH}/facebook/accounts/${event.data.accountId}`, { headers });
    status.textContent = answer.ok ? "Connected" : "Could not connect. Please try again.";
  });
</script>"""

#: The data of the event that the finish page posts in the plain flow.
EVENT = {
    "actionType": "close", "page": "social-media-posting", "platform": "facebook", "placement": "placement",
    "accountId": ACCOUNT, "reconnectAccounts": ["658a9b6833b91e0ecb834acd", "efd2daa9b6833b91e0ecb8f3511"],
}  # fmt: skip

RIGHT = {"opens": "false", "features": "width=600", "heeds": 'event.data.actionType === "close"'}

#: Changes of the right page that plant a mistake in it, each with the code of its first broken link.
PLANTED = [
    ({"heeds": "event.data.kind === 'done'"}, "event-ignored"),
    ({"heeds": "event.data.page === 'social_media_posting'"}, "page-hyphen-ignored"),
    ({"features": "noopener,width=600"}, "opener-detached"),
    ({"heeds": "event.data.nested.page"}, "listener-threw"),
]


def page(**changes: str) -> str:
    """Return the page, with these changes of the right one."""
    return PAGE % {**RIGHT, **changes}


@contextmanager
def site(text: str, **headers: str) -> Iterator[str]:
    """Serve a page and yield its address."""

    def answer(_request: Request) -> Response:
        return Response(text, content_type="text/html; charset=utf-8", headers=headers)

    with LoopbackServer(answer) as server:
        yield f"http://{LOOPBACK}:{server.port}/"


class Suite:
    """One test of a suite that knows of nothing but HTTP: a context of a browser, under a key."""

    def __init__(self, server: Server, browser: Browser, key: str) -> None:
        self._server, self._key = server, key
        # That of a context is heeded in every engine; that of a launch is not in a stock Firefox.
        proxy: ProxySettings = {"server": server.ready.gateway, "bypass": "localhost,127.0.0.1"}
        self.context: BrowserContext = browser.new_context(
            ignore_https_errors=True, extra_http_headers=key_header(key), proxy=proxy
        )

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a call of the control API for the test's key."""
        return self._server.client.request(
            method, f"/__harness/{path}", headers=key_header(self._key), timeout=60, **options
        )

    def url(self, path: str) -> str:
        """Return the address of a call for the test's key."""
        return f"{self._server.ready.stub}/__harness/keys/{self._key}/__harness/{path}"

    def get(self, path: str) -> Any:
        """Return the answer of a call, which must go well, as JSON."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def play(self, scenario: str) -> httpx.Response:
        """Play a scenario from now on, the observer's part included."""
        return self.call("PUT", "scenario", params={"observer": "true"}, json={"name": scenario})

    def open(self, url: str, *, ahead: float = 0) -> Page:
        """Open a page that is observed, in a browser whose clock is ahead by so many seconds."""
        origin = 'Object.getOwnPropertyDescriptor(Performance.prototype, "timeOrigin").get.call(performance)'
        clock = f'Object.defineProperty(performance, "timeOrigin", {{ value: {origin} + {ahead * 1000} }});\n'
        self.context.add_init_script((clock if ahead else "") + self.call("GET", "observer.js").text)
        page = self.context.new_page()
        page.goto(url)
        return page


def batch(ticket: str, *rows: dict[str, Any], document: int = 1, number: int = 0, **fields: Any) -> bytes:
    """Return the body of a call with these reports, as the observer makes it; the document began at its second 1."""
    whole = {
        "document": f"{document:024x}", "number": number, "sent": time.time() * 1000, "ticket": ticket, "born": 1000.0,
        "url": "http://localhost/", "frame": False, "opener": False, "length": 1,
        "reports": [json.dumps(row) for row in rows], **fields,
    }  # fmt: skip
    return json.dumps(whole).encode()


def ticket_of(client: httpx.Client, key: str | None = None) -> str:
    """Return the ticket of the script that a server gives for a key."""
    text = client.get("/__harness/observer.js", headers=key_header(key)).text
    return str(json.loads(text[text.rindex("})(") + 3 : text.rindex(")")])["ticket"])


def connect(page: Page, control: str = "consent-approve") -> Page:
    """Click the button, and go through the window; return the window."""
    with page.expect_popup() as opened:
        page.click("#connect")
    opened.value.get_by_test_id(control).click()
    return opened.value


def launch(playwright: Playwright) -> Browser:
    """Launch a Chromium."""
    program = browsers.executable_of(None) or browsers.first_on_path(headed=False)
    return playwright.chromium.launch(executable_path=program)


def launch_firefox(playwright: Playwright) -> Browser:
    """Launch a Firefox."""
    own_build = playwright.firefox.executable_path
    arguments = browsers.launch_arguments({}, own_build=own_build, executable=None, fingerprint="", engine=FIREFOX)
    return playwright.firefox.launch(**arguments)
