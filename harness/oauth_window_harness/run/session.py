"""One run from its options to its exit code: its world, its app, its driver and its results.

Most of what a run needs is imported while Playwright starts, which takes as long.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from oauth_window_harness.errors import ExitCode
from oauth_window_harness.run.options import RunOptions

if TYPE_CHECKING:
    from oauth_window_harness.drivers.playwright.launch import Launch
    from oauth_window_harness.results.baseline import Baseline
    from oauth_window_harness.results.events import Listener
    from oauth_window_harness.results.folder import ArtifactFolder
    from oauth_window_harness.results.model import Results
    from oauth_window_harness.scenario.model import Scenario


async def run(
    scenarios: Sequence[Scenario],
    options: RunOptions,
    folder: ArtifactFolder,
    listeners: Sequence[Listener],
    again: Sequence[str] = (),
) -> Results:
    """Play the scenarios, and return the results.

    Args:
        scenarios: the scenarios to play.
        options: the options of the run.
        folder: the folder for the files of the run.
        listeners: are called with each event of the run.
        again: the command line that runs one scenario again, without the scenario's name.
    """
    async with _launch(options) as launch:
        from oauth_window_harness.run import drivers  # noqa: PLC0415
        from oauth_window_harness.run.target import app_of  # noqa: PLC0415

        drivers.check(options)
        known = _baseline(options)
        with drivers.world_for(scenarios, options) as world:
            await drivers.begin(launch, world, options)
            from oauth_window_harness.run.runner import Runner  # noqa: PLC0415

            with app_of(world, options) as target:
                async with drivers.driver_for(world, options, launch) as driver:
                    app = options.app or options.deliver or "reference"
                    runner = Runner(world, driver, target, folder, app, listeners, again, known)
                    results = await runner.run(scenarios, repeat=options.repeat)
    if options.write_baseline:
        from oauth_window_harness.results.baseline import BASELINE, write_baseline  # noqa: PLC0415

        write_baseline(options.baseline or BASELINE, results, known)
    return results


def exit_code(results: Results, *, written: bool = False) -> ExitCode:
    """Return the exit code of a completed run; findings that were written into the baseline do not fail it."""
    if results.summary.failed and not written:
        return ExitCode.FOUND
    return ExitCode.ENVIRONMENT if results.summary.broken else ExitCode.HELD


@asynccontextmanager
async def _launch(options: RunOptions) -> AsyncIterator[Launch | None]:
    """Start Playwright, if the driver needs it; it ends with the run."""
    if options.driver == "mock":
        yield None
        return
    from oauth_window_harness.drivers.playwright.launch import Launch  # noqa: PLC0415

    async with Launch() as launch:
        yield launch


def _baseline(options: RunOptions) -> Baseline:
    from oauth_window_harness.results.baseline import BASELINE, Baseline, read_baseline  # noqa: PLC0415

    file = options.baseline or BASELINE
    if options.baseline is None and not options.write_baseline:
        return Baseline()
    if options.write_baseline and not file.exists():
        return Baseline()
    return read_baseline(file)
