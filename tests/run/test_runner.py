"""The runner's verdicts, and what it tells its listeners, with a driver that plays what the test has written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError, HarnessError
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, RunStarted, ScenarioEnded, ScenarioStarted
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import KnownFinding, Results, summarize
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.session import exit_code
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.fake_driver import FakeDriver, Story
from tests.journals import FIXTURES, FLOW, receives, request, says, shows

GET = request(2.1, "account", connectable_count=1)
GENUINE = (*FLOW, *receives(2.0))
CONNECTED = (says(2.5, "Connected"), shows(2.6, "connected"))

#: The page does all that is wanted of it.
RIGHT = (*GENUINE, GET, *CONNECTED)
#: It does, and asks for the account with the token in its own hands.
REMARKED = (*GENUINE, request(2.1, "account", connectable_count=1, by_page=True, authorization="Bearer x"), *CONNECTED)
#: It hears the event and asks for nothing.
DEAF: Story = (*GENUINE,)

GONE = AppUnreachableError("the app does not answer", where="http://app.test/")
SCENARIOS = ("account-200", "event-page-hyphen")


def run(
    driver: FakeDriver,
    folder: Path,
    *names: str,
    listeners: Sequence[Listener] = (),
    known: Sequence[tuple[str, str]] = (),
    repeat: int = 1,
    ended: HarnessError | None = None,
    plays_all: bool = True,
) -> Results:
    """Return what comes of scenarios whose plays are written beforehand."""
    scenarios = catalog.select(names or SCENARIOS)
    target = Target("http://app.test/", "button", "#connected", "#failed", 0.1, lambda: ended)
    baseline = Baseline(known=tuple(KnownFinding(scenario=scenario, code=code) for scenario, code in known))
    typed: Driver = driver  # it keeps the protocol
    runner = Runner(
        World(scenarios), typed, [target], ArtifactFolder(folder), "http://app.test/", listeners, baseline=baseline,
        plays_all=plays_all,
    )  # fmt: skip
    return asyncio.run(runner.run(scenarios, repeat=repeat))


def driver(first: Story, *then: Story, trials: Sequence[Story] = (DEAF,)) -> FakeDriver:
    """Return a driver that plays a story in the first scenario, others in its next plays, and some as trials."""
    stories: Mapping[str, Sequence[Story]] = {"account-200": [first, *then], "event-page-hyphen": [RIGHT]}
    return FakeDriver({**stories, "trial": trials})


@pytest.mark.parametrize(
    ("story", "verdict", "codes"),
    [
        (RIGHT, "passed", []),
        (REMARKED, "warned", ["token-in-browser"]),
        (DEAF, "failed", ["event-ignored"]),
        ((*GENUINE, says(2.5, "Checking"), *CONNECTED), "failed", ["follow-up-missing"]),
    ],
)
def test_the_findings_make_the_verdict(tmp_path: Path, story: Story, verdict: str, codes: list[str]) -> None:
    first, second = run(driver(story), tmp_path).scenarios
    assert (first.verdict, [found.code for found in first.findings]) == (verdict, codes)
    assert first.reason is None
    assert [event.at_ms for event in first.events] == [2000]
    assert second.verdict == "passed"


def test_a_failed_play_leaves_its_picture_and_names_its_first_broken_link(tmp_path: Path) -> None:
    first, second = run(driver(DEAF), tmp_path).scenarios
    assert first.artifacts.screenshots == ("scenarios/account-200/page.png",)
    assert (first.first_broken_link or "").startswith("event-ignored: ")
    assert (second.artifacts.screenshots, second.first_broken_link) == ((), None)


def test_an_ignored_event_is_explained_by_a_trial_with_the_other_spelling(tmp_path: Path) -> None:
    underscore = FIXTURES.event("event-page-underscore").data
    hears_the_other = (*FLOW, *receives(2.0, underscore), GET, *CONNECTED)
    deaf = driver(DEAF, hears_the_other, trials=[DEAF, hears_the_other])
    (result,) = run(deaf, tmp_path, "account-200").scenarios
    assert [found.code for found in result.findings] == ["page-hyphen-ignored"]
    assert (result.verdict, result.reason) == ("warned", None)
    assert deaf.played == ["account-200", "trial", "trial", "account-200"]


def test_what_the_driver_is_unable_to_judge_is_skipped_with_its_reason_and_never_played(tmp_path: Path) -> None:
    fake = FakeDriver({"event-page-hyphen": [RIGHT]}, skip_reasons={"account-200": "it has no page"})
    results = run(fake, tmp_path)
    assert [(result.verdict, result.reason) for result in results.scenarios] == [
        ("skipped", "it has no page"),
        ("passed", None),
    ]
    assert fake.played == ["event-page-hyphen"]


def test_a_flow_that_stops_for_no_reason_that_was_seen_is_broken_and_not_passed(tmp_path: Path) -> None:
    results = run(driver(FLOW), tmp_path, "account-200")
    (result,) = results.scenarios
    assert (result.verdict, result.findings) == ("broken", ())
    assert "nothing that was seen says why" in (result.reason or "")
    assert exit_code(results) == 3


# --- an app that stops answering --------------------------------------------------------------------------------------


def test_an_app_that_answers_no_more_breaks_the_scenario_and_the_run_goes_on(tmp_path: Path) -> None:
    results = run(driver(RIGHT, GONE, RIGHT), tmp_path, "account-200", repeat=3)
    assert [result.verdict for result in results.scenarios] == ["passed", "broken", "passed"]
    assert results.scenarios[1].reason == str(GONE)
    assert exit_code(results) == 3


def test_a_page_that_crashes_is_broken_from_the_first_scenario_on_and_the_run_goes_to_its_end(tmp_path: Path) -> None:
    crashed = CannotJudgeError("the page under test crashed", where="http://app.test/")
    results = run(
        FakeDriver({"window-blocked": [crashed], "account-200": [crashed], "trial": [crashed]}),
        tmp_path,
        "account-200",
        "window-blocked",
    )
    assert [(result.verdict, result.reason) for result in results.scenarios] == [("broken", str(crashed))] * 2


def test_an_app_that_never_answered_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(AppUnreachableError, match="does not answer"):
        run(driver(GONE), tmp_path)


def test_an_app_that_was_started_and_has_ended_ends_the_run_with_what_is_known_of_its_end(tmp_path: Path) -> None:
    fate = AppUnreachableError("the app ended", where="http://app.test/", seen="exit code 4")
    with pytest.raises(AppUnreachableError, match="exit code 4"):
        run(driver(RIGHT, GONE), tmp_path, "account-200", repeat=2, ended=fate)


# --- what the listeners are told --------------------------------------------------------------------------------------


def kinds(told: Sequence[RunEvent]) -> list[str]:
    return [type(event).__name__ for event in told]


def test_the_listeners_are_told_of_the_run_of_each_play_and_of_the_end(tmp_path: Path) -> None:
    told: list[RunEvent] = []
    results = run(driver(RIGHT), tmp_path, listeners=[told.append])
    assert kinds(told) == ["RunStarted", *["ScenarioStarted", "ScenarioEnded"] * 2, "RunEnded"]
    assert told[0] == RunStarted("http://app.test/", "fake", "nothing 1.0", 2)
    assert told[-1] == RunEnded(results, ())
    assert not results.interrupted


def test_a_repeated_play_is_numbered_and_has_a_folder_of_its_own(tmp_path: Path) -> None:
    told: list[RunEvent] = []
    results = run(driver(RIGHT, DEAF), tmp_path, "account-200", repeat=2, listeners=[told.append])
    assert [(result.repeat, result.verdict) for result in results.scenarios] == [(1, "passed"), (2, "failed")]
    assert [event.repeat for event in told if isinstance(event, ScenarioStarted)] == [1, 2]
    assert sorted(file.name for file in (tmp_path / "scenarios").iterdir()) == ["account-200-1", "account-200-2"]


@pytest.mark.parametrize("stop", [asyncio.CancelledError(), KeyboardInterrupt(), GONE])
def test_an_interrupted_run_tells_its_listeners_of_the_results_so_far(tmp_path: Path, stop: BaseException) -> None:
    told: list[RunEvent] = []
    ended = AppUnreachableError("the app ended", where="http://app.test/")
    with pytest.raises(type(stop)):
        run(driver(RIGHT, stop), tmp_path, "account-200", repeat=3, listeners=[told.append], ended=ended)

    last = told[-1]
    assert isinstance(last, RunEnded)
    assert last.results.interrupted
    assert [result.verdict for result in last.results.scenarios] == ["passed"]
    assert last.results.summary == summarize(last.results.scenarios)
    assert kinds(told)[-2:] == ["ScenarioStarted", "RunEnded"]
    assert len([event for event in told if isinstance(event, ScenarioEnded)]) == 1


# --- the baseline -----------------------------------------------------------------------------------------------------


def test_what_the_baseline_knows_is_no_failure_in_junit_and_what_is_new_is(tmp_path: Path) -> None:
    folder = ArtifactFolder(tmp_path)
    known = [("account-200", "event-ignored")]
    results = run(driver(DEAF), tmp_path, known=known, listeners=[junit_report(folder)])

    suite = ET.parse(tmp_path / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "0")
    assert suite.find(".//failure") is None
    assert "event-ignored" in (suite.findtext("testcase/system-out") or "")
    assert (results.scenarios[0].verdict, exit_code(results)) == ("warned", 0)
    assert exit_code(results, strict=True) == 0

    results = run(driver(DEAF), tmp_path, known=[("account-200", "silent-hang")], listeners=[junit_report(folder)])
    suite = ET.parse(tmp_path / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "1"
    assert [failure.get("type") for failure in suite.iter("failure")] == ["event-ignored"]
    assert exit_code(results) == 1


def test_what_the_baseline_knows_and_no_longer_occurs_is_told_of_judged_scenarios_alone(tmp_path: Path) -> None:
    gone = ("account-200", "silent-hang")
    fake = FakeDriver({"account-200": [RIGHT]}, skip_reasons={"event-page-hyphen": "it has no page"})
    results = run(fake, tmp_path, known=[gone, ("event-page-hyphen", "event-ignored"), ("start-401", "silent-hang")])
    assert [(entry.scenario, entry.code) for entry in results.stale] == [gone]
