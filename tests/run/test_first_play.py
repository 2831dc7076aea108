"""The plain flow is played first, and what it shows spares the rest: broken links, a form that is not heeded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import CannotJudgeError
from oauth_window_harness.results.baseline import Baseline, write_baseline
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import KnownFinding, Results
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.session import exit_code
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.fake_driver import FakeDriver, Story
from tests.journals import FIXTURES, FLOW, calls_open, clicks, receives, request, says, shows

FOLLOW_UP = request(2.1, "account", connectable_count=1)
CONNECTED = (says(2.5, "Connected"), shows(2.6, "connected"))
RIGHT: Story = (*FLOW, *receives(2.0), FOLLOW_UP, *CONNECTED)
DEAF: Story = (*FLOW, *receives(2.0))
REFUSED = (request(2.1, "account", status=400, problems=("version-missing",)), says(2.5, "It failed"))
UNVERSIONED: Story = (*FLOW, *receives(2.0), *REFUSED)
STOPS: Story = FLOW
UNDERSCORE = FIXTURES.event("event-page-underscore").data
HEARS_UNDERSCORE: Story = (*FLOW, *receives(2.0, UNDERSCORE), FOLLOW_UP, *CONNECTED)

HEARS_HYPHEN = RIGHT


def run(driver: FakeDriver, folder: Path, *names: str, known: Sequence[KnownFinding] = (), repeat: int = 1) -> Results:
    scenarios = catalog.select(names)
    typed: Driver = driver
    target = Target("http://app.test/", "button", "#connected", "#failed", 0.1)
    runner = Runner(
        World(scenarios), typed, [target], ArtifactFolder(folder), "http://app.test/", (),
        baseline=Baseline(known=tuple(known)),
    )  # fmt: skip
    return asyncio.run(runner.run(scenarios, repeat=repeat))


def test_the_plain_flow_is_played_first_wherever_it_stands_and_the_results_keep_their_order(tmp_path: Path) -> None:
    driver = FakeDriver({"account-401": [RIGHT], "account-200": [RIGHT]})
    results = run(driver, tmp_path, "account-401", "account-200")
    assert driver.played == ["account-200", "account-401"]
    assert [result.name for result in results.scenarios] == ["account-401", "account-200"]


def test_what_leads_over_a_broken_link_is_skipped_and_rests_on_its_cause(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED]})
    results = run(driver, tmp_path, "account-200", "account-401", "account-403")
    first, *resting = results.scenarios
    assert [found.code for found in first.errors] == ["version-missing"]
    assert {(one.verdict, one.reason) for one in resting} == {
        ("skipped", "rests on version-missing, told of account-200")
    }
    assert driver.played == ["account-200"] * 2  # once more, before two are left out for it
    (cause,) = results.causes
    assert (cause.scenarios, cause.rest_on_it) == (("account-200",), ("account-401", "account-403"))


def test_nothing_rests_on_a_first_play_that_fails_once_and_not_again(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED, RIGHT], "account-401": [RIGHT]})
    results = run(driver, tmp_path, "account-200", "account-401")
    assert [result.verdict for result in results.scenarios] == ["failed", "passed"]
    assert driver.played == ["account-200", "account-200", "account-401"]
    assert results.scenarios[0].artifacts.screenshots == ("scenarios/account-200/page.png",)


def test_nothing_rests_on_a_first_play_that_breaks_at_another_link_the_next_time(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED, DEAF], "account-401": [RIGHT], "trial": [DEAF]})
    results = run(driver, tmp_path, "account-200", "account-401")
    assert [result.verdict for result in results.scenarios] == ["failed", "passed"]


def test_where_nothing_would_rest_on_it_the_first_play_is_played_once(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED], "window-closed-by-user": [RIGHT], "account-401": [RIGHT]})
    run(driver, tmp_path, "account-200", "window-closed-by-user")
    assert driver.played.count("account-200") == 1
    right = FakeDriver({"account-200": [RIGHT], "account-401": [RIGHT]})
    run(right, tmp_path, "account-200", "account-401")
    assert right.played == ["account-200", "account-401"]


def test_what_rests_names_what_broke_the_link_and_not_an_error_before_it(tmp_path: Path) -> None:
    """A browser would have blocked the window; here it opened, and the flow went on to where nobody listens."""
    unheard = (clicks(1.0), calls_open(1.001, active=False), *FLOW[4:], *receives(2.0))
    driver = FakeDriver({"account-200": [unheard]})
    first, resting = run(driver, tmp_path, "account-200", "account-401").scenarios
    assert [found.code for found in first.errors] == ["window-blocked", "listener-missing"]
    assert resting.reason == "rests on listener-missing, told of account-200"


def test_what_needs_nothing_of_a_broken_link_is_played(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED], "window-closed-by-user": [RIGHT], "event-none": [RIGHT]})
    run(driver, tmp_path, "account-200", "window-closed-by-user", "event-none")
    assert driver.played == ["account-200", "window-closed-by-user", "event-none"]


def test_what_leads_over_a_link_that_could_not_be_judged_is_skipped_with_that_reason(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [STOPS], "window-closed-by-user": [RIGHT]})
    first, resting, played = run(driver, tmp_path, "account-200", "account-401", "window-closed-by-user").scenarios
    assert first.verdict == "broken"
    assert resting.reason == "rests on account-200, which could not be judged at the link 'event heard'"
    assert played.verdict == "passed"


def test_others_rest_on_a_finding_that_the_baseline_knows(tmp_path: Path) -> None:
    known = [KnownFinding(scenario="account-200", code="version-missing")]
    first, resting = run(
        FakeDriver({"account-200": [UNVERSIONED]}), tmp_path, "account-200", "account-401", known=known
    ).scenarios
    assert (first.verdict, resting.verdict) == ("warned", "skipped")


def test_a_written_baseline_knows_a_cause_in_what_rests_on_it_too(tmp_path: Path) -> None:
    results = run(FakeDriver({"account-200": [UNVERSIONED]}), tmp_path, "account-200", "account-401")
    written = write_baseline(tmp_path / "known.json", results, Baseline())
    assert [(entry.scenario, entry.code) for entry in written.known] == [
        ("account-200", "version-missing"),
        ("account-401", "version-missing"),
    ]


def test_what_rests_is_known_with_all_that_the_first_play_showed(tmp_path: Path) -> None:
    """Played, it shows the error on the way to the broken link, too, which must not be new then."""
    unheard = (clicks(1.0), calls_open(1.001, active=False), *FLOW[4:], *receives(2.0))
    driver = FakeDriver({"account-200": [unheard], "account-401": [unheard]})
    results = run(driver, tmp_path / "report", "account-200", "account-401")
    written = write_baseline(tmp_path / "known.json", results, Baseline())
    (played,) = run(driver, tmp_path / "report", "account-401", known=written.known).scenarios
    assert (played.verdict, [found.known for found in played.findings]) == ("warned", [True, True])


def test_a_form_that_is_not_heeded_is_known_of_whichever_scenario_shows_it(tmp_path: Path) -> None:
    """It is told once, of what is played first, and that is another scenario where others are named."""
    known = [KnownFinding(scenario="account-200", code="page-underscore-ignored")]
    driver = FakeDriver({"event-page-underscore": [(*FLOW, *receives(2.0, UNDERSCORE))], "trial": [HEARS_HYPHEN]})
    (result,) = run(driver, tmp_path, "event-page-underscore", known=known).scenarios
    assert (result.verdict, [found.code for found in result.findings]) == ("warned", ["page-underscore-ignored"])


def test_nothing_rests_on_a_play_that_the_browser_took_with_it(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [CannotJudgeError("the browser ended")], "account-401": [RIGHT]})
    first, second = run(driver, tmp_path, "account-200", "account-401").scenarios
    assert (first.verdict, second.verdict) == ("broken", "passed")


def test_a_page_without_a_broken_link_is_played_whole(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [RIGHT], "account-401": [DEAF], "account-403": [DEAF], "trial": [DEAF]})
    run(driver, tmp_path, "account-200", "account-401", "account-403")
    assert {"account-401", "account-403"} <= set(driver.played)


def test_where_flakes_are_hunted_nothing_rests_on_one_play(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED, RIGHT], "account-401": [RIGHT]})
    results = run(driver, tmp_path, "account-200", "account-401", repeat=2)
    assert [result.verdict for result in results.scenarios] == ["failed", "passed", "passed", "passed"]


def test_a_form_that_is_not_heeded_is_told_of_each_plain_flow(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [DEAF, HEARS_UNDERSCORE], "trial": [DEAF, HEARS_UNDERSCORE]})
    results = run(driver, tmp_path, "account-200", repeat=3)
    assert [result.verdict for result in results.scenarios] == ["warned"] * 3
    # A warning fails a run only where it is to.
    assert (exit_code(results), exit_code(results, strict=True)) == (0, 1)


def test_whether_a_page_acts_on_a_forgery_does_not_rest_on_its_follow_up(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [UNVERSIONED], "forged-null-origin": [UNVERSIONED]})
    run(driver, tmp_path, "account-200", "forged-null-origin")
    assert driver.played == ["account-200", "forged-null-origin"]


def test_the_form_that_a_page_heeds_is_used_without_the_plain_flow_too(tmp_path: Path) -> None:
    unversioned = (*FLOW, *receives(2.0, UNDERSCORE), *REFUSED)
    driver = FakeDriver({"account-401": [DEAF, unversioned], "trial": [DEAF, HEARS_UNDERSCORE]})
    (result,) = run(driver, tmp_path, "account-401").scenarios
    assert [found.code for found in result.findings] == ["version-missing", "page-hyphen-ignored"]


@pytest.mark.parametrize("story", ["account-401", "event-without-account-id", "event-other-platform"])
def test_the_form_that_a_page_heeds_is_posted_wherever_the_form_is_not_the_subject(tmp_path: Path, story: str) -> None:
    driver = FakeDriver({"account-200": [DEAF, HEARS_UNDERSCORE], "trial": [DEAF, HEARS_UNDERSCORE], story: [RIGHT]})
    posted: dict[str, list[str]] = {}
    driver.on_stage = lambda play: posted.setdefault(play.scenario.name, []).append(play.events()[0].data["page"])
    first, *_ = run(driver, tmp_path, "account-200", story).scenarios
    assert [(found.code, found.severity) for found in first.findings] == [("page-hyphen-ignored", "warning")]
    assert posted["account-200"] == ["social-media-posting", "social_media_posting"]
    assert posted[story] == ["social_media_posting"]


@pytest.mark.parametrize(
    ("story", "page"),
    [("event-page-hyphen", "social-media-posting"), ("event-seen", "social_media_posting")],
)
def test_a_scenario_about_the_form_keeps_its_own(tmp_path: Path, story: str, page: str) -> None:
    driver = FakeDriver({"account-200": [DEAF, HEARS_UNDERSCORE], "trial": [DEAF, HEARS_UNDERSCORE], story: [RIGHT]})
    posted: dict[str, str] = {}
    driver.on_stage = lambda play: posted.update({play.scenario.name: play.events()[0].data["page"]})
    run(driver, tmp_path, "account-200", story)
    assert posted[story] == page


def test_the_next_mistake_of_a_page_that_heeds_another_form_is_told_in_the_same_run(tmp_path: Path) -> None:
    unversioned = (*FLOW, *receives(2.0, UNDERSCORE), *REFUSED)
    driver = FakeDriver({"account-200": [DEAF, unversioned], "trial": [DEAF, HEARS_UNDERSCORE]})
    first, resting = run(driver, tmp_path, "account-200", "account-401").scenarios
    assert [found.code for found in first.findings] == ["version-missing", "page-hyphen-ignored"]
    assert resting.reason == "rests on version-missing, told of account-200"
