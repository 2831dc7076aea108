"""What first showed a cause is played once more for its trace, and nothing of that playing counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run import footage_folders, retakes
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.fake_driver import FakeDriver, Story
from tests.journals import FLOW, receives, request, says, shows

GENUINE = (*FLOW, *receives(2.0))
CONNECTED = (says(2.5, "Connected"), shows(2.6, "connected"))
RIGHT = (*GENUINE, request(2.1, "account", connectable_count=1), *CONNECTED)
SILENT = (*GENUINE, says(2.5, "Checking"), *CONNECTED)
DEAF: Story = (*GENUINE,)
GONE = AppUnreachableError("the app does not answer", where="http://app.test/")
NAMES = ("account-200", "event-page-hyphen")


def play(folder: Path, *stories: Story, **further: Any) -> tuple[Results, FakeDriver]:
    """Return what comes of the first scenario's stories, while the second goes right, and the driver."""
    driver = FakeDriver({NAMES[0]: stories, NAMES[1]: [RIGHT], "trial": [DEAF]}, keeps_footage=True)
    typed: Driver = driver
    scenarios = catalog.select(NAMES)
    target = Target("http://app.test/", "button", "#connected", "#failed", 0.1)
    further = {"plays_all": True, **further}
    runner = Runner(World(scenarios), typed, [target], ArtifactFolder(folder), "app", (), **further)
    return asyncio.run(runner.run(scenarios)), driver


def plays_of(driver: FakeDriver) -> list[str]:
    return [name for name in driver.played if name != "trial"]


def test_the_play_that_failed_has_a_trace_and_keeps_its_verdict(tmp_path: Path) -> None:
    results, driver = play(tmp_path, SILENT, SILENT)
    first, second = results.scenarios
    assert plays_of(driver) == [NAMES[0], NAMES[1], NAMES[0]]
    assert (first.verdict, second.verdict) == ("failed", "passed")
    assert first.artifacts.trace == "scenarios/account-200/trace.zip"
    assert first.artifacts.screenshots == ("scenarios/account-200/page.png", "scenarios/account-200/popup.png")
    assert (first.artifacts.trace_shows, first.artifacts.untraced) == (None, None)
    assert (second.artifacts.trace, second.artifacts.screenshots) == (None, ())
    assert not any(footage.folder.exists() for footage in driver.footage)


@pytest.mark.parametrize(("again", "shows"), [(RIGHT, ()), (DEAF, ("event-ignored",))])
def test_a_playing_that_shows_something_else_changes_nothing_and_is_told(
    tmp_path: Path, again: Story, shows: Sequence[str]
) -> None:
    results, _ = play(tmp_path, SILENT, again)
    first, _ = results.scenarios
    assert (first.verdict, [found.code for found in first.findings]) == ("failed", ["follow-up-missing"])
    assert (first.artifacts.trace is not None, first.artifacts.trace_shows) == (True, tuple(shows))


def test_a_playing_that_cannot_be_made_leaves_the_reason_and_the_verdict(tmp_path: Path) -> None:
    results, _ = play(tmp_path, SILENT, GONE)
    first, _ = results.scenarios
    assert (first.verdict, first.artifacts.trace) == ("failed", None)
    assert (first.artifacts.untraced or "").startswith("the scenario could not be played once more: the app does not")
    assert not results.interrupted


@pytest.mark.parametrize(
    ("stories", "further"),
    [
        ([RIGHT], {}),
        ([SILENT], {"kept": "none"}),
        ([SILENT], {"ends_at_failure": True}),
    ],
)
def test_nothing_is_played_once_more_where_nothing_is_to_be_kept(
    tmp_path: Path, stories: Sequence[Story], further: dict[str, Any]
) -> None:
    results, driver = play(tmp_path, *stories, **further)
    assert driver.played.count(NAMES[0]) == 1
    assert [result.artifacts.trace for result in results.scenarios] == [None, None]
    pictures = [result.artifacts.screenshots for result in results.scenarios]
    assert pictures[0] == (() if further.get("kept") == "none" or not further else ("scenarios/account-200/page.png",))


def test_where_all_is_kept_each_play_has_its_own_trace_and_is_played_once(tmp_path: Path) -> None:
    results, driver = play(tmp_path, SILENT, kept="all")
    assert plays_of(driver) == list(NAMES)
    assert [result.artifacts.trace for result in results.scenarios] == [f"scenarios/{name}/trace.zip" for name in NAMES]
    assert all(len(result.artifacts.screenshots) == 2 for result in results.scenarios)


def test_no_more_causes_are_played_once_more_than_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retakes, "MOST", 0)
    results, driver = play(tmp_path, SILENT)
    assert plays_of(driver) == list(NAMES)
    assert results.scenarios[0].artifacts.trace is None


def test_an_interruption_while_it_is_played_once_more_leaves_whole_results(tmp_path: Path) -> None:
    ended: list[Results] = []
    driver = FakeDriver(
        {NAMES[0]: [SILENT, KeyboardInterrupt()], NAMES[1]: [RIGHT], "trial": [DEAF]}, keeps_footage=True
    )
    typed: Driver = driver
    scenarios = catalog.select(NAMES)
    target = Target("http://app.test/", "button", "#connected", "#failed", 0.1)
    listeners = [lambda event: ended.append(event.results) if hasattr(event, "results") else None]
    runner = Runner(World(scenarios), typed, [target], ArtifactFolder(tmp_path), "app", listeners, plays_all=True)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(runner.run(scenarios))
    (results,) = ended
    assert (results.interrupted, [one.verdict for one in results.scenarios]) == (False, ["failed", "passed"])


def test_a_process_that_ends_at_once_deletes_what_is_not_masked() -> None:
    with footage_folders.footage_folder() as folder:
        assert folder is not None
        (folder / "trace.zip").write_bytes(b"a secret")
        footage_folders.delete_all()
        assert not folder.exists()


def test_a_play_that_took_long_is_not_played_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retakes, "LONGEST", -1)
    results, driver = play(tmp_path, SILENT, SILENT)
    assert plays_of(driver) == list(NAMES)
    assert "--artifacts all" in (results.scenarios[0].artifacts.untraced or "")
