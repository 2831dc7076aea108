"""What the runner makes of a driver that cannot go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from oauth_window_harness.drivers.base import Browser, Stage, Target
from oauth_window_harness.errors import CannotJudgeError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World


class _CrashingStage:
    """A page that does not live to be clicked."""

    async def load(self) -> None:
        raise CannotJudgeError("the page under test crashed", where="http://app.test/")

    async def picture(self, file: Path) -> None:
        """Nothing to see."""


class _CrashingDriver:
    name = "crashing"
    browser = Browser("none", "1")

    def unable(self, _scenario: Scenario) -> str | None:
        return None

    @asynccontextmanager
    async def stage(self, _play: Play, _target: Target) -> AsyncIterator[Stage]:
        yield cast("Stage", _CrashingStage())


def test_a_page_that_crashes_is_broken_from_the_first_scenario_on_and_the_run_goes_to_its_end(tmp_path: Path) -> None:
    scenarios = catalog.select(["account-200", "window-blocked"])

    async def run(world: World) -> Results:
        target = Target("http://app.test/", "#connect", None, None, 0.1)
        runner = Runner(world, _CrashingDriver(), target, ArtifactFolder(tmp_path), "http://app.test/", ())
        return await runner.run(scenarios)

    with World(scenarios) as world:
        results = asyncio.run(run(world))
    assert [result.verdict for result in results.scenarios] == ["broken", "broken"]
    assert all("the page under test crashed" in (result.reason or "") for result in results.scenarios)
