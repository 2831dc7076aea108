"""Several plays at once: how they are shared out, what an error does to the others, and what is played again alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.turns import Slot, Slots, Turn, turns_of
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.fake_driver import FakeDriver
from tests.journals import FLOW, receives, request, says, shows

TARGET = Target("http://app.test/", "button", "#connected", "#failed", 0.1)
DEAF = (*FLOW, *receives(2.0))
RIGHT = (*DEAF, request(2.1, "account", connectable_count=1), says(2.5, "Connected"), shows(2.6, "connected"))
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


def run(
    driver: FakeDriver, folder: Path, targets: Sequence[Target], names: Sequence[str] = NAMES, **further: bool
) -> Results:
    scenarios = catalog.select(names)
    typed: Driver = driver
    runner = Runner(World(scenarios), typed, targets, ArtifactFolder(folder), "http://app.test/", (), **further)  # type: ignore[arg-type]
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
    assert [result.verdict for result in results.scenarios] == ["passed", "passed", "failed"]
