"""The successful flow as a developer writes it today: pytest-playwright, and pytest-httpserver for what is not there.

`ci/bench` measures it. The page and the service are local origins without TLS: no name of the service's, no redirect
through Facebook, no check of what was asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer

ACCOUNT = "658a9b6833b91e0ecb8f3958"

#: The page under test: its button opens the window, and what the window posts leads to the account GET.
APP = """<!doctype html><title>Settings</title>
<button id="connect">Connect Facebook</button><p id="status"></p>
<script>
const service = "{service}";
document.getElementById("connect").addEventListener("click", () => window.open(service + "start", "connect", "popup"));
addEventListener("message", async (event) => {{
  if (event.origin + "/" !== service) return;
  const answer = await fetch(service + "accounts/" + event.data.accountId, {{ headers: {{ Version: "2021-07-28" }} }});
  const account = await answer.json();
  document.getElementById("status").textContent = "Connected: " + account.name;
}});
</script>"""

#: The window: a button, by which it posts the event and closes.
WINDOW = """<!doctype html><title>Log in</title>
<button id="continue">Continue</button>
<script>
document.getElementById("continue").addEventListener("click", () => {
  window.opener.postMessage({ actionType: "close", page: "social-media-posting", platform: "facebook",
    accountId: "658a9b6833b91e0ecb8f3958" }, "*");
  window.close();
});
</script>"""


@pytest.fixture(scope="session")
def service(make_httpserver: HTTPServer) -> HTTPServer:
    """The service: its window, and the account GET."""
    anywhere = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    make_httpserver.expect_request("/start").respond_with_data(WINDOW, content_type="text/html")
    account = make_httpserver.expect_request(f"/accounts/{ACCOUNT}", method="GET")
    account.respond_with_json({"id": ACCOUNT, "name": "A page"}, headers=anywhere)
    preflight = make_httpserver.expect_request(f"/accounts/{ACCOUNT}", method="OPTIONS")
    preflight.respond_with_data("", headers=anywhere)
    return make_httpserver


@pytest.fixture(scope="session")
def app(service: HTTPServer) -> Iterator[str]:
    """The address of the page under test."""
    with HTTPServer(threaded=True) as server:
        page = APP.format(service=service.url_for("/"))
        server.expect_request("/").respond_with_data(page, content_type="text/html")
        yield server.url_for("/")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The same browser program that the harness drives."""
    return {"executable_path": os.environ["BENCH_BROWSER"]}


@pytest.mark.parametrize("number", range(int(os.environ.get("BENCH_FLOWS", "1"))))
def test_connects(page: Page, app: str, service: HTTPServer, number: int) -> None:
    """A click, an approval, an event, a follow-up."""
    del number
    service.clear_log()
    page.goto(app)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Facebook").click()
    opened.value.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Connected: A page")).to_be_visible()
    requests = [(request.method, request.path) for request, _ in service.log]
    assert ("GET", f"/accounts/{ACCOUNT}") in requests
