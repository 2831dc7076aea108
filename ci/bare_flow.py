"""The successful flow as a bare script of Playwright's, on the harness's three TLS origins; `ci/bench` measures it.

Stub, gateway and app are those of the harness. The script only takes the user's steps: it observes nothing, waits for
no reaction but the one that it names, and judges nothing. The argument is the number of flows.
"""

from __future__ import annotations

import os
import ssl
import sys

import httpx
from playwright.sync_api import Browser, expect, sync_playwright

from oauth_window_harness.drivers.engines import CHROMIUM
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.reference.app import ReferenceApp
from oauth_window_harness.run.drivers import LATENCY
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World


def main() -> None:
    """Play the flows in one browser."""
    with World((), StubRules(latency=LATENCY)) as world:
        world.begin(catalog.bundled_scenarios()["account-200"])
        trust = ssl.create_default_context(cadata=world.authority.pem().decode())
        with httpx.Client(proxy=world.server_gateway_url, verify=trust) as http:
            app = ReferenceApp(http, token="pit-00000000", location="location", user="user")
            with LoopbackServer(app) as server, sync_playwright() as playwright:
                world.let_pass(f"127.0.0.1:{server.port}")
                browser = playwright.chromium.launch(
                    executable_path=os.environ["BENCH_BROWSER"],
                    args=[str(CHROMIUM.fingerprint_flag).format(world.authority.fingerprint())],
                )
                for _ in range(int(sys.argv[1])):
                    play(browser, world.gateway_url, server.url_for("/"))
                browser.close()


def play(browser: Browser, gateway: str, app: str) -> None:
    """A click, an approval, an event, a follow-up."""
    context = browser.new_context(proxy={"server": gateway})
    page = context.new_page()
    page.goto(app)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Facebook").click()
    opened.value.get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("connected")).to_be_visible()
    context.close()


if __name__ == "__main__":
    main()
