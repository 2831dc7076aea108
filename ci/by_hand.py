"""The successful flow as one would write it with pytest-playwright alone; `ci/bench` measures it.

Stub, gateway and app, which a hand-written test would have to supply itself, are those of the harness.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.reference.app import ReferenceApp
from oauth_window_harness.run.drivers import LATENCY
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Stub and gateway."""
    with World((), StubRules(latency=LATENCY)) as world:
        world.begin(catalog.bundled_scenarios()["account-200"])
        yield world


@pytest.fixture(scope="session")
def app(world: World) -> Iterator[str]:
    """The page under test."""
    trust = ssl.create_default_context(cadata=world.authority.pem().decode())
    with httpx.Client(proxy=world.server_gateway_url, verify=trust) as http:
        backend = ReferenceApp(http, token="pit-00000000", location="location", user="user")
        with LoopbackServer(backend) as server:
            world.let_pass(f"127.0.0.1:{server.port}")
            yield server.url_for("/")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The same browser program that the harness drives."""
    return {"executable_path": os.environ["BENCH_BROWSER"]}


@pytest.fixture(scope="session")
def browser_context_args(world: World) -> dict[str, Any]:
    """A context whose requests all go through the gateway."""
    return {"proxy": {"server": world.gateway_url}, "ignore_https_errors": True}


@pytest.mark.parametrize("number", range(int(os.environ.get("BENCH_FLOWS", "1"))))
def test_connects(page: Page, app: str, number: int) -> None:
    """A click, an approval, an event, a follow-up."""
    del number
    page.add_init_script("window.addEventListener('message', (event) => (window.seen ??= []).push(event.data))")
    page.goto(app)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Facebook").click()
    opened.value.get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("connected")).to_be_visible()
    assert page.evaluate("window.seen")[0]["accountId"] == "658a9b6833b91e0ecb8f3958"
