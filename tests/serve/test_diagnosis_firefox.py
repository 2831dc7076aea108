"""The diagnosis over HTTP in Firefox: a suite is told what it is told in Chromium."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.engines import need_firefox
from tests.serve.http_suite import PLANTED, Suite, connect, launch_firefox, page, site
from tests.servers import Server
from tests.worlds import ACCOUNT

pytestmark = pytest.mark.browser

#: How long the page may take here, in seconds: a Firefox needs more of the machine, which these tests share.
PATIENCE = 5


@pytest.fixture(scope="module")
def firefox() -> Iterator[Browser]:
    need_firefox()
    with sync_playwright() as playwright:
        launched = launch_firefox(playwright)
        yield launched
        launched.close()


@pytest.fixture
def suite(server: Server, firefox: Browser) -> Iterator[Suite]:
    suite = Suite(server, firefox, f"test-{uuid.uuid4()}")
    yield suite
    suite.context.close()


@pytest.mark.parametrize("scenario", ["account-200", "account-400", "account-401", "account-422"])
def test_a_right_page_is_accused_of_nothing(suite: Suite, scenario: str) -> None:
    with site(page()) as url:
        assert suite.play(scenario).status_code == 200
        connect(suite.open(url))
        found = suite.get(f"findings?patience={PATIENCE}")
        errors = [one["code"] for one in found["findings"] if one["severity"] == "error"]
        assert (found["observed"], found["unjudged"], errors) == (True, None, [])
        assert suite.get("follow-up")["status"] == int(scenario.removeprefix("account-"))
        (event,) = suite.get(f"events?patience={PATIENCE}")["events"]
    assert (event["data"]["accountId"], event["source"], event["delivered"]) == (ACCOUNT, "popup", True)


@pytest.mark.parametrize(("changes", "code"), PLANTED)
def test_the_first_broken_link_of_a_planted_page_is_named(suite: Suite, changes: dict[str, str], code: str) -> None:
    with site(page(**changes)) as url:
        connect(suite.open(url))
        found = suite.get(f"first-broken-link?patience={PATIENCE}")
    assert (found["first_broken_link"]["code"], found["unjudged"]) == (code, None)


def test_a_click_of_which_nothing_came_is_judged_where_the_suite_says_that_it_was_on_the_control(suite: Suite) -> None:
    with site(page(opens="true")) as url:
        suite.open(url).click("#connect")
        found = suite.get(f"first-broken-link?patience={PATIENCE}&clicked=true")["first_broken_link"]
    assert found["code"] == "window-not-opened"


def test_the_observer_plays_a_blocked_window(suite: Suite) -> None:
    with site(page()) as url:
        assert suite.play("window-blocked").status_code == 200
        shown = suite.open(url)
        shown.click("#connect")
        assert shown.text_content("[role=status]") == "Please allow the window."
        assert suite.get(f"first-broken-link?patience={PATIENCE}")["first_broken_link"] is None
