"""The diagnosis over HTTP: a suite that uses only the control API and an init script is told the first broken link."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.serve.http_suite import PLANTED, Suite, connect, launch, page, site
from tests.servers import Server
from tests.worlds import ACCOUNT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()


@pytest.fixture
def suite(server: Server, browser: Browser) -> Iterator[Suite]:
    suite = Suite(server, browser, f"test-{uuid.uuid4()}")
    yield suite
    suite.context.close()


def test_a_right_page_is_accused_of_nothing(suite: Suite) -> None:
    with site(page()) as url:
        connect(suite.open(url))
        found = suite.get("first-broken-link")
        assert found == {"observed": True, "unjudged": None, "first_broken_link": None}
        assert suite.get("follow-up")["status"] == 200
        (event,) = suite.get("events?patience=5")["events"]
    assert (event["data"]["accountId"], event["source"], event["delivered"]) == (ACCOUNT, "popup", True)


@pytest.mark.parametrize(
    ("scenario", "controls"),
    [
        ("account-401", ["consent-approve"]),
        ("event-page-underscore", ["consent-approve"]),
        ("facebook-login-first", ["login-submit", "consent-approve"]),
        ("account-slow", ["consent-approve"]),
    ],
)
def test_a_right_page_is_accused_of_nothing_in_other_scenarios(
    suite: Suite, scenario: str, controls: list[str]
) -> None:
    with site(page()) as url:
        assert suite.play(scenario).status_code == 200
        first, *further = controls
        popup = connect(suite.open(url), first)
        for control in further:
            popup.get_by_test_id(control).click()
        findings = suite.get("findings")["findings"]
    assert [one["code"] for one in findings if one["severity"] == "error"] == []


@pytest.mark.parametrize(("changes", "code"), PLANTED)
def test_the_first_broken_link_of_a_planted_page_is_named(suite: Suite, changes: dict[str, str], code: str) -> None:
    with site(page(**changes)) as url:
        connect(suite.open(url))
        found = suite.get("first-broken-link?patience=1")
    assert (found["first_broken_link"]["code"], found["unjudged"]) == (code, None)


def test_a_finding_has_its_place_in_the_file_of_the_project(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page(heeds="event.data.kind === 'done'")
    line = 1 + next(number for number, one in enumerate(text.splitlines()) if "event.data.kind" in one)
    with site(text) as url:
        connect(suite.open(url))
        outside = suite.get("first-broken-link?patience=1")["first_broken_link"]["place"]
        (tmp_path / "settings.html").write_text(text)
        monkeypatch.chdir(tmp_path)
        inside = suite.get("first-broken-link?patience=1")["first_broken_link"]["place"]
    assert (outside["file"], outside["line"]) == (url, line)
    assert (inside["file"], inside["line"]) == ("settings.html", line)


@pytest.mark.parametrize("ahead", [2 * 3600, -2 * 3600])
@pytest.mark.parametrize(
    ("heeds", "code"), [('event.data.actionType === "close"', None), ("event.data.kind === 'done'", "event-ignored")]
)
def test_a_browser_whose_clock_is_two_hours_off_is_judged_as_any_other(
    suite: Suite, ahead: int, heeds: str, code: str | None
) -> None:
    with site(page(heeds=heeds)) as url:
        connect(suite.open(url, ahead=ahead))
        found = suite.get("first-broken-link?patience=1")
    first = found["first_broken_link"]
    assert (first and first["code"], found["unjudged"], found["observed"]) == (code, None, True)


def test_a_policy_of_the_pages_own_that_cuts_the_window_is_the_cause_that_is_named(suite: Suite) -> None:
    with site(page(), **{"Cross-Origin-Opener-Policy": "same-origin"}) as url:
        connect(suite.open(url))
        found = suite.get("first-broken-link?patience=1")["first_broken_link"]
    assert found["code"] == "opener-detached"
    assert found["evidence"][0].endswith("came with Cross-Origin-Opener-Policy: same-origin")


@pytest.mark.parametrize("scenario", ["coop-provider-same-origin", "coop-finish-same-origin"])
def test_a_policy_of_the_scenarios_is_no_fault_of_the_page(suite: Suite, scenario: str) -> None:
    with site(page()) as url:
        assert suite.play(scenario).status_code == 200
        connect(suite.open(url))
        findings = suite.get("findings?patience=1")["findings"]
    assert "opener-detached" not in [one["code"] for one in findings]


def test_a_click_of_which_nothing_came_is_judged_only_where_the_suite_says_that_it_was_on_the_control(
    suite: Suite,
) -> None:
    with site(page(opens="true")) as url:
        shown = suite.open(url)
        shown.click("#help")
        shown.click("#connect")
        assert suite.get("first-broken-link?patience=1")["first_broken_link"] is None
        found = suite.get("first-broken-link?patience=1&clicked=true")["first_broken_link"]
    assert found["code"] == "window-not-opened"


def test_what_is_missing_is_not_told_of_a_page_that_the_test_has_closed(suite: Suite) -> None:
    with site(page(heeds="false")) as url:
        shown = suite.open(url)
        connect(shown)
        suite.get("events?patience=5")
        shown.close()
        found = suite.get("findings?patience=30")
    assert found["findings"] == []
    assert "ask while it is open" in found["unjudged"]


def test_the_observer_plays_a_blocked_window(suite: Suite) -> None:
    with site(page()) as url:
        assert suite.play("window-blocked").status_code == 200
        shown = suite.open(url)
        shown.click("#connect")
        assert shown.text_content("[role=status]") == "Please allow the window."
        assert suite.get("first-broken-link")["first_broken_link"] is None


def test_a_suite_may_take_the_reports_itself_and_pass_them_on_where_a_policy_forbids_the_page_to(suite: Suite) -> None:
    policy = "default-src 'self' 'unsafe-inline'; connect-src https://services.leadconnectorhq.com"
    suite.context.expose_binding(
        "__oauthWindow", lambda _source, text: suite.call("POST", "reports", content=text).raise_for_status() and None
    )
    with site(page(heeds="event.data.kind === 'done'"), **{"Content-Security-Policy": policy}) as url:
        connect(suite.open(url))
        # By Playwright's own request, during which its blocking API passes reports on.
        found = suite.context.request.get(suite.url("first-broken-link?patience=1")).json()
    assert found["first_broken_link"]["code"] == "event-ignored"


def test_without_an_observer_nothing_that_is_missing_is_told(suite: Suite) -> None:
    with site(page(heeds="false")) as url:
        shown = suite.context.new_page()
        shown.goto(url)
        connect(shown)
        found = suite.get("findings?patience=1")
    assert (found["observed"], found["findings"]) == (False, [])
    assert "no observer reported" in found["unjudged"]


def test_a_preflight_stands_under_the_key_of_its_request(suite: Suite) -> None:
    with site(page()) as url:
        connect(suite.open(url))
        suite.get("follow-up")
        rows = [(one["endpoint"], one["key"] is None) for one in suite.get("requests")["requests"]]
    assert ("preflight", False) in rows
    assert [row for row in rows if row[1]] == []
