"""Plays a thousand scenarios in one process without a browser, and prints their time and the memory of the process."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.reference.app import ReferenceApp
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

PLAYS = 1000
#: After so many plays everything that is loaded once, such as templates and fixtures, has been loaded.
WARM_UP = 100


def main() -> None:
    """Play the scenarios on the reference app, and print the figures."""
    scenarios = list(catalog.bundled_scenarios().values())
    options = RunOptions(driver="mock")
    with (
        tempfile.TemporaryDirectory() as folder,
        drivers.world_for(scenarios, options) as world,
        drivers.backend_client(world, options) as http,
        LoopbackServer(ReferenceApp(http, token="pit-00000000", location="here", user="me"), keep_alive=True) as server,
    ):
        world.let_pass(f"{LOOPBACK}:{server.port}")
        connect, connected, failed = (f"[data-testid={name}]" for name in ("connect", "connected", "failed"))
        target = Target(server.url_for("/"), connect, connected, failed, 5.0)
        asyncio.run(play(itertools.cycle(scenarios), world, options, target, Path(folder)))


async def play(stories: Iterator[Scenario], world: World, options: RunOptions, target: Target, folder: Path) -> None:
    """Play a hundred at a time, for a run keeps its results until its end."""
    milliseconds: list[float] = []
    async with drivers.driver_for(world, options) as driver:
        await play_each(list(itertools.islice(stories, WARM_UP)), world, driver, target, folder)
        before = megabytes()
        for _ in range(PLAYS // 100):
            milliseconds += await play_each(list(itertools.islice(stories, 100)), world, driver, target, folder)
    print(
        f"{PLAYS} scenarios without a browser, in one process: {sum(milliseconds) / 1000:.0f} s, "
        f"median {statistics.median(milliseconds):.1f} ms; memory {before:.1f} MB before, {megabytes():.1f} MB after"
    )


async def play_each(
    scenarios: Sequence[Scenario], world: World, driver: Driver, target: Target, folder: Path
) -> list[float]:
    """Return the milliseconds that each play takes."""
    milliseconds = []
    for scenario in scenarios:
        began = time.perf_counter()
        results = await Runner(world, driver, [target], ArtifactFolder(folder), "reference", ()).run([scenario])
        milliseconds.append((time.perf_counter() - began) * 1000)
        assert not results.summary.failed + results.summary.broken, results
    return milliseconds


def megabytes() -> float:
    """Return the resident memory of this process in megabytes; NaN where the system has no /proc."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
