"""Several plays at once: how they are shared out, what an error does to the others, and what is played again alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.drivers.base import Driver, Footage, Stage, Target
from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.events import RunEnded, RunEvent, ScenarioEnded, ScenarioPostponed, ScenarioStarted
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import KnownFinding, Results
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.trials import Asker, Trials
from oauth_window_harness.run.turns import Slot, Slots, Turn, turns_of
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.commands import LONGEST
from tests.fake_driver import FakeDriver, FakeStage, Story
from tests.journals import FIXTURES, FLOW, receives, request, says, shows

TARGET = Target("http://app.test/", "button", "#connected", "#failed", 0.1)
DEAF = (*FLOW, *receives(2.0))
RIGHT = (*DEAF, request(2.1, "account", connectable_count=1), says(2.5, "Connected"), shows(2.6, "connected"))
#: Right, but for the token that the page sends itself.
WARNED = (
    *DEAF, request(2.1, "account", connectable_count=1, by_page=True, authorization="Bearer x"), says(2.5, "Connected"),
    shows(2.6, "connected"),
)  # fmt: skip
#: Right, and nobody can tell whose request its server's was.
DOUBTFUL = (*RIGHT, RequestUnattributed(at=2.2))
NAMES = ("account-200", "account-200-many-pages", "event-duplicate", "event-slow", "event-noise", "account-slow")


def slots(count: int) -> Slots:
    return Slots([Slot(number, TARGET) for number in range(count)])


def turns() -> list[Turn]:
    return turns_of(catalog.select(NAMES), 1)


# --- the slots --------------------------------------------------------------------------------------------------------


def test_as_many_are_played_at_once_as_there_are_slots() -> None:
    under_way, most = 0, 0

    async def play(_turn: Turn, _slot: Slot) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    assert not asyncio.run(slots(3).play(turns(), play))
    assert most == 3


def test_an_error_ends_the_other_plays_before_it_is_raised() -> None:
    ended: list[str] = []

    async def play(turn: Turn, slot: Slot) -> None:
        if slot.number == 1:
            raise UsageError("the page has no control")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(turn.scenario.name)

    with pytest.raises(UsageError):
        asyncio.run(slots(3).play(turns(), play))
    assert len(ended) == 2


def test_a_cancelled_run_ends_all_its_plays() -> None:
    ended: list[str] = []

    async def play(turn: Turn, _slot: Slot) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(turn.scenario.name)

    async def cancelled() -> None:
        task = asyncio.create_task(slots(4).play(turns(), play))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert len(ended) == 4


def test_where_plays_disturb_each_other_the_rest_is_left_for_later() -> None:
    shared = slots(2)
    begun: list[str] = []

    async def play(turn: Turn, _slot: Slot) -> None:
        begun.append(turn.scenario.name)
        shared.is_shared = True

    left = asyncio.run(shared.play(turns(), play))
    assert begun == list(NAMES[:1])
    assert [turn.scenario.name for turn in left] == list(NAMES[1:])


# --- the runner with several slots ------------------------------------------------------------------------------------


class SuspendingDriver(FakeDriver):
    """Lets the other plays go on before each of its own, as a browser does."""

    @asynccontextmanager
    async def stage(self, play: Play, target: Target, footage: Footage | None = None) -> AsyncIterator[Stage]:
        await asyncio.sleep(0)
        async with super().stage(play, target, footage) as stage:
            yield stage


def run(
    driver: FakeDriver, folder: Path, targets: Sequence[Target], names: Sequence[str] = NAMES, **further: Any
) -> Results:
    scenarios = catalog.select(names)
    typed: Driver = driver
    further = {"listeners": (), **further}
    runner = Runner(World(scenarios), typed, targets, ArtifactFolder(folder), "http://app.test/", **further)
    return asyncio.run(runner.run(scenarios))


def test_the_results_keep_the_order_of_the_scenarios(tmp_path: Path) -> None:
    results = run(FakeDriver({name: [RIGHT] for name in NAMES}), tmp_path, [TARGET] * 3)
    assert [result.name for result in results.scenarios] == list(NAMES)
    assert results.summary.passed == len(NAMES)


def test_a_play_in_which_a_request_may_be_of_another_is_played_again_alone(tmp_path: Path) -> None:
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-noise": [DOUBTFUL, RIGHT]})
    results = run(driver, tmp_path, [TARGET] * 3)
    assert driver.played.count("event-noise") == 2
    assert driver.played[-1] == "event-noise"
    assert results.summary.passed == len(NAMES)


def test_a_play_that_is_made_again_waits_for_it_in_between(tmp_path: Path) -> None:
    told: list[RunEvent] = []
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-noise": [DOUBTFUL, RIGHT]})
    run(driver, tmp_path, [TARGET] * 3, listeners=[told.append])
    of_one = [
        type(event)
        for event in told
        if (isinstance(event, ScenarioStarted | ScenarioPostponed) and event.scenario.name == "event-noise")
        or (isinstance(event, ScenarioEnded) and event.result.name == "event-noise")
    ]
    assert of_one == [ScenarioStarted, ScenarioPostponed, ScenarioStarted, ScenarioEnded]


def test_what_fails_where_a_server_is_shared_is_told_only_if_it_fails_alone_too(tmp_path: Path) -> None:
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-noise": [DEAF, RIGHT], "trial": [DEAF]})
    results = run(driver, tmp_path, [TARGET] * 3)
    assert driver.played.count("event-noise") == 2
    assert results.summary.failed == 0


def test_pages_with_a_server_each_share_nothing(tmp_path: Path) -> None:
    own = [Target(f"http://app-{number}.test/", "button", "#connected", "#failed", 0.1) for number in range(3)]
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-noise": [DEAF], "trial": [DEAF]})
    results = run(driver, tmp_path, own)
    assert driver.played.count("event-noise") == 1
    assert results.summary.failed == 1


def test_a_failure_that_has_to_be_shown_alone_ends_the_run_as_well(tmp_path: Path) -> None:
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-duplicate": [DEAF], "trial": [DEAF]})
    results = run(driver, tmp_path, [TARGET] * 2, ends_at_failure=True)
    assert [result.name for result in results.scenarios if result.verdict == "failed"] == ["event-duplicate"]


def test_after_the_first_failure_no_further_play_is_begun_where_that_was_asked_for(tmp_path: Path) -> None:
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-duplicate": [DEAF], "trial": [DEAF]})
    results = run(driver, tmp_path, [TARGET], ends_at_failure=True)
    *judged, four, five, six = results.scenarios
    assert [result.verdict for result in judged] == ["passed", "passed", "failed"]
    assert {(result.verdict, result.reason) for result in (four, five, six)} == {
        ("skipped", "the run ended at its first failure, as -x wants it")
    }
    assert len(driver.played) == len(judged) + driver.played.count("trial")


@pytest.mark.parametrize(
    ("further", "judged"),
    [
        ({"is_strict": True}, 3),
        ({}, len(NAMES)),
        (
            {
                "is_strict": True,
                "baseline": Baseline(known=(KnownFinding(scenario="event-duplicate", code="token-in-browser"),)),
            },
            len(NAMES),
        ),
    ],
    ids=["strict", "a warning fails nothing", "known"],
)
def test_a_warning_ends_the_run_only_where_it_fails_it(tmp_path: Path, further: dict[str, Any], judged: int) -> None:
    driver = FakeDriver({**{name: [RIGHT] for name in NAMES}, "event-duplicate": [WARNED]})
    results = run(driver, tmp_path, [TARGET], ends_at_failure=True, **further)
    assert results.scenarios[2].verdict == "warned"
    assert driver.played == list(NAMES[:judged])
    assert results.summary.skipped == len(NAMES) - judged


def test_what_was_not_confirmed_alone_when_the_run_ended_at_a_failure_is_broken_and_names_what_it_showed(
    tmp_path: Path,
) -> None:
    driver = SuspendingDriver({**{name: [DEAF] for name in NAMES}, NAMES[0]: [RIGHT], "trial": [DEAF]})
    results = run(driver, tmp_path, [TARGET] * 3, ends_at_failure=True)
    assert [result.name for result in results.scenarios] == list(NAMES)
    assert results.summary.failed == 1
    assert results.summary.skipped == 2
    (broken,) = {result.reason for result in results.scenarios if result.verdict == "broken"}
    assert broken == (
        "other plays may have disturbed it, and the run ended before it was played again alone; it showed event-ignored"
    )
    (cause,) = results.causes
    assert len(cause.scenarios) == 1  # what was not confirmed accuses nobody


def test_an_interruption_loses_no_play_that_waits_to_be_confirmed_alone(tmp_path: Path) -> None:
    """It is told with its journal, too, so that it has a diagram."""
    stories: dict[str, Sequence[Story]] = {name: [RIGHT] for name in (*NAMES, "trial")}
    stories |= {NAMES[1]: [DEAF, KeyboardInterrupt()], NAMES[2]: [DEAF], "trial": [DEAF]}
    told: list[RunEvent] = []
    with pytest.raises(KeyboardInterrupt):
        run(SuspendingDriver(stories), tmp_path, [TARGET] * 3, listeners=[told.append])
    last = told[-1]
    assert isinstance(last, RunEnded)
    assert [result.verdict for result in last.results.scenarios] == ["passed", "broken", "broken", *["passed"] * 3]
    ended = [event.result.name for event in told if isinstance(event, ScenarioEnded)]
    assert sorted(ended) == sorted(NAMES)


def test_where_the_first_failure_ends_the_run_a_doubt_is_cleared_before_the_rest_is_played_at_once_again(
    tmp_path: Path,
) -> None:
    driver = SuspendingDriver({**{name: [RIGHT] for name in NAMES}, NAMES[1]: [DOUBTFUL, RIGHT]})
    results = run(driver, tmp_path, [TARGET] * 2, ends_at_failure=True)
    assert results.summary.passed == len(NAMES)
    assert driver.played.index(NAMES[1], driver.played.index(NAMES[1]) + 1) < driver.played.index(NAMES[-1])


def test_what_had_nothing_beside_it_counts_as_played_alone(tmp_path: Path) -> None:
    driver = FakeDriver({"account-200": [RIGHT], "event-noise": [DEAF], "trial": [DEAF]})
    results = run(driver, tmp_path, [TARGET] * 2, ["account-200", "event-noise"])
    assert results.summary.failed == 1
    assert driver.played.count("event-noise") == 1


UNDERSCORE = FIXTURES.event("event-page-underscore").data
HEARS_UNDERSCORE = (
    *FLOW, *receives(2.0, UNDERSCORE), request(2.1, "account", connectable_count=1), says(2.5, "Connected"),
    shows(2.6, "connected"),
)  # fmt: skip


def test_a_trial_beside_others_accuses_nobody_until_one_alone_shows_the_same(tmp_path: Path) -> None:
    """Beside others the page seems to heed the other spelling alone, and alone it does not."""
    stories: dict[str, Sequence[Story]] = {name: [RIGHT] for name in NAMES}
    stories |= {"event-page-hyphen": [DEAF], "trial": [DEAF, HEARS_UNDERSCORE, DEAF]}
    driver = SuspendingDriver(stories)
    results = run(driver, tmp_path, [TARGET] * 3, [*NAMES, "event-page-hyphen"])
    last = results.scenarios[-1]
    assert (last.verdict, [found.code for found in last.findings]) == ("failed", ["event-ignored"])
    assert driver.played.count("event-page-hyphen") == 2


def test_trials_of_different_things_do_not_wait_for_each_other() -> None:
    played = Play(catalog.bundled_scenarios()["account-200"], FIXTURES, Journal(), Redactor())
    for event in DEAF:
        played.journal.add(event)
    playing = Playing(FakeStage(played, DEAF), played, TARGET)
    met, stages = asyncio.Barrier(2), list[str]()

    @asynccontextmanager
    async def stage(play: Play, _target: Target) -> AsyncIterator[Stage]:
        if len(stages) < met.parties:
            stages.append(play.scenario.name)
            await met.wait()
        yield FakeStage(play, DEAF)

    async def both() -> None:
        trials = Trials(lambda scenario, _slot: Play(scenario, FIXTURES, Journal(), Redactor()), stage)
        await asyncio.gather(
            trials.texts_while_open(Asker(TARGET, 0)),
            trials.explain(playing, judge(playing.flow()), Asker(TARGET, 1)),
        )

    asyncio.run(asyncio.wait_for(both(), LONGEST))


def test_where_the_app_has_ended_that_is_why_a_play_could_not_be_confirmed(tmp_path: Path) -> None:
    ended = AppUnreachableError("the app ended while its scenarios were played", where="", seen="exit code 7; bye")
    target = replace(TARGET, app_failure=lambda: ended)
    driver = SuspendingDriver({**{name: [DEAF] for name in NAMES}, NAMES[0]: [RIGHT], "trial": [DEAF]})
    results = run(driver, tmp_path, [target] * 3, ends_at_failure=True)
    (broken,) = {result.reason for result in results.scenarios if result.verdict == "broken"}
    assert broken == "the app ended while its scenarios were played: exit code 7; bye; it showed event-ignored"
