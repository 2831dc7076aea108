"""What the plugin does without pytest: the browser's arguments, the context's, the board, the waiting."""

from __future__ import annotations

import threading
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import CHROMIUM
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.errors import BrowserMissingError, UsageError
from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.captures import Account, CapturedEvent
from oauth_window_harness.journal.events import WindowOpened
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until_blocking
from oauth_window_harness.pytest.event_info import EventInfo
from oauth_window_harness.pytest.plugin import seconds
from oauth_window_harness.pytest.suite import Suite
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reports.board import board
from oauth_window_harness.resources import bundled
from oauth_window_harness.results.model import EventResult, RequestResult
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.scenario import catalog
from tests import worlds

FIXTURES = FixtureSet(bundled("contracts") / "facebook")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which Debian's two Chromiums are, and nothing else."""
    for name in ("chromium-headless-shell", "chromium"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(CHROMIUM.variable, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "own", "named", "program"),
    [
        ({}, False, None, "chromium-headless-shell"),
        ({"headless": False}, False, None, "chromium"),
        ({}, True, None, None),
        ({}, True, "chromium", "chromium"),
        ({"channel": "msedge"}, False, None, None),
        ({"executable_path": "/opt/mine"}, False, None, "/opt/mine"),
    ],
    ids=["from PATH", "headed", "Playwright's own", "named", "channel", "given"],
)
def test_the_browser_is_found_as_a_run_finds_it(
    programs: Path, given: dict[str, Any], own: bool, named: str | None, program: str | None
) -> None:
    own_build = str(programs / "chromium") if own else "/nowhere/chrome"

    arguments = browsers.launch_arguments(given, own_build=own_build, executable=named, fingerprint="abc=")

    found = arguments.get("executable_path")
    assert found == (str(programs / program) if program and "/" not in program else program)
    assert arguments["args"] == ["--ignore-certificate-errors-spki-list=abc="]
    assert arguments["ignore_default_args"] == ["--disable-popup-blocking"]


def test_what_a_suite_gives_to_the_browser_stays(programs: Path) -> None:
    given = {"args": ["--mute-audio"], "ignore_default_args": ["--hide-scrollbars"], "slow_mo": 5}
    arguments = browsers.launch_arguments(given, own_build="/nowhere", executable=None, fingerprint="abc=")
    assert arguments["args"][0] == "--mute-audio"
    assert arguments["ignore_default_args"] == ["--hide-scrollbars", "--disable-popup-blocking"]
    assert arguments["slow_mo"] == 5
    assert given["args"] == ["--mute-audio"]

    every = browsers.launch_arguments({"ignore_default_args": True}, own_build="", executable=None, fingerprint="")
    assert every["ignore_default_args"] is True


def test_a_machine_without_a_browser_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(CHROMIUM.variable, raising=False)
    with pytest.raises(BrowserMissingError):
        browsers.launch_arguments({}, own_build="/nowhere", executable=None, fingerprint="")


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "601", ""])
def test_a_patience_has_its_bounds(text: str) -> None:
    assert [seconds(good) for good in ("0.1", "5", "600")] == [0.1, 5.0, 600.0]
    with pytest.raises(ArgumentTypeError, match=r"is not between 0\.1 and 600 seconds"):
        seconds(text)


def test_a_context_goes_through_the_gateway_and_keeps_what_it_was_given() -> None:
    with Suite(RunOptions(), [catalog.bundled_scenarios()["account-200"]]) as suite:
        given = {"base_url": "http://shop.test:8000/", "locale": "de-DE", "proxy": None}
        arguments = suite.context_arguments(given)
        assert arguments["proxy"]["server"] == suite.world.gateway_url
        assert (arguments["locale"], arguments["base_url"]) == ("de-DE", "http://shop.test:8000/")
        passing = suite.world.gateway.routes
        assert passing.find("shop.test", 8000, tls=False) == ("shop.test", 8000)
        assert passing.find("localhost", 4321, tls=False) == ("localhost", 4321)
        assert passing.find("example.com", 443, tls=True) is None

        with pytest.raises(UsageError, match="has a proxy already"):
            suite.context_arguments({"proxy": {"server": "http://127.0.0.1:1"}})


def test_an_event_is_read_after_the_block_only() -> None:
    caught = EventInfo()
    with pytest.raises(UsageError, match="at the end of the block"):
        _ = caught.value
    caught.fill_in(CapturedEvent({"accountId": "abc", "page": "p"}, "https://services.leadconnectorhq.com", "popup"))
    assert (caught.value.account_id, caught.value.page) == ("abc", "p")
    assert CapturedEvent('{"accountId": "abc"}', "", "other").account_id == "abc"
    assert CapturedEvent("noise", "", "other").account_id is None


@pytest.mark.parametrize(
    ("name", "pages"), [("account-200", 1), ("account-200-no-pages", 0), ("account-401", 0), ("event-none", 1)]
)
def test_the_account_is_the_scenario_s(name: str, pages: int) -> None:
    play = Play(catalog.bundled_scenarios()[name], FIXTURES, Journal(), Redactor())
    account = Account.of_play(play)
    assert account.id == worlds.ACCOUNT
    assert len(account.pages) == pages


def test_the_board_shows_what_was_expected_beside_what_was_seen() -> None:
    scenario = catalog.bundled_scenarios()["account-401"]
    data = FIXTURES.event("event").data
    origin = worlds.SERVICE
    event = EventResult(data=data, origin=origin, source="popup", target_origin="https://a", delivered=False, at_ms=7)
    start = RequestResult(
        method="GET", url=f"{origin}{worlds.START}", headers={}, status=302, sent_by="page", at_ms=3,
        endpoint="start", answer="start-302",
    )  # fmt: skip
    findings = [finding("target-origin-mismatch", ["posted to https://a"]), finding("unexpected-request", ["cdn.test"])]

    told = board(scenario, [data], findings, [event], [start]).splitlines()

    assert told[1].startswith("first broken link: target-origin-mismatch  ")
    assert told[2] == "  seen: posted to https://a"
    assert any(line.startswith("warning: unexpected-request") for line in told)
    expected = told.index("events expected:")
    assert told[expected + 1].startswith('  ✗ {"actionType": "close"')
    assert "posted to https://a, and not delivered" in told[told.index("events seen:") + 1]
    wanted = told.index("requests expected:")
    assert [line[2] for line in told[wanted + 1 : wanted + 4]] == ["✓", "✗", "✗"]
    assert told[wanted + 3].endswith("account-401")
    assert (
        told[told.index("requests seen:") + 1] == f"      3 ms  302 start-302, to the page: GET {origin}{worlds.START}"
    )
    assert told[-1] == "  refused: cdn.test"


def test_a_board_of_nothing_says_so() -> None:
    told = board(catalog.bundled_scenarios()["window-blocked"], [], [], [], [])
    assert "first broken link: none that was seen" in told
    assert told.count("  none") == 4


def test_a_wait_without_an_event_loop_ends_with_what_happens_in_another_thread() -> None:
    journal = Journal()

    def holds() -> bool:
        return bool(journal.of(WindowOpened))

    assert until_blocking(journal, holds, 0.01) is False
    other = threading.Thread(target=lambda: journal.add(WindowOpened(at=1.0, window="popup-1")))
    other.start()
    assert until_blocking(journal, holds, worlds.LONGEST) is True
    other.join()


@pytest.mark.parametrize(
    ("told", "selector"),
    [
        ('{"kind": "clicked", "place": "body:nth-child(2) > a:nth-child(1)"}', "body:nth-child(2) > a:nth-child(1)"),
        ('{"kind": "clicked", "place": ""}', None),
        ('{"kind": "clicked"}', None),
        ('{"kind": "text", "place": "body"}', None),
        ('["clicked"]', None),
        ("{", None),
        (None, None),
    ],
)
def test_what_was_clicked_is_read_from_a_report_of_a_click_only(told: object, selector: str | None) -> None:
    assert script.clicked_selector(told) == (f"css=html > {selector}" if selector else None)
