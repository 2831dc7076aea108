"""One run from its options to its exit code: its world, its app, its driver and its results.

Most of what a run needs is imported while Playwright starts, which takes as long.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from oauth_window_harness.errors import ExitCode, HarnessError, UsageError
from oauth_window_harness.run.ending import Ending, masking
from oauth_window_harness.run.options import RunOptions

if TYPE_CHECKING:
    from oauth_window_harness.drivers.playwright.launch import Launch
    from oauth_window_harness.results.baseline import Baseline
    from oauth_window_harness.results.events import Listener
    from oauth_window_harness.results.folder import ArtifactFolder
    from oauth_window_harness.results.model import Results
    from oauth_window_harness.scenario.model import Scenario

#: The most plays at once, and the most that are chosen where the user names no number.
MOST_JOBS = 64
MOST_AUTO = 8


async def run(
    scenarios: Sequence[Scenario],
    options: RunOptions,
    folder: ArtifactFolder,
    listeners: Sequence[Listener],
    again: Sequence[str] = (),
    command: str = "",
) -> Results:
    """Play the scenarios, and return the results.

    However the run ends, the listeners get its end: also with the error that ends it.

    Args:
        scenarios: the scenarios to play.
        options: the options of the run.
        folder: the folder for the files of the run.
        listeners: are called with each event of the run.
        again: the command line that runs one scenario again, without the scenario's name.
        command: the command line as it was typed, without secrets.
    """
    ending = Ending(options, listeners, again, command)
    try:
        await _play(scenarios, options, folder, ending)
    except HarnessError as error:
        ending.tell(error)
        raise
    except BaseException:
        ending.interrupt()
        raise
    return ending.tell()


async def _play(scenarios: Sequence[Scenario], options: RunOptions, folder: ArtifactFolder, ending: Ending) -> None:
    async with _launch(options) as launch:
        from oauth_window_harness.run import drivers  # noqa: PLC0415
        from oauth_window_harness.run.target import app_of  # noqa: PLC0415

        drivers.check(options)
        at_once = plays_at_once(options, len(scenarios) * options.repeat)
        known = _baseline(options)
        with drivers.world_for(scenarios, options) as world:
            ending.redactor = world.redactor
            await drivers.begin(launch, world, options)
            from oauth_window_harness.run.runner import Runner  # noqa: PLC0415

            with masking(folder, world.redactor), app_of(world, options, at_once) as targets:
                async with drivers.driver_for(world, options, launch) as driver:
                    app = options.app or options.deliver or "reference"
                    runner = Runner(
                        world, driver, targets, folder, app, [ending.hear], ending.again, known,
                        plays_all=options.play_all, ends_at_failure=options.exitfirst,
                    )  # fmt: skip
                    results = await runner.run(scenarios, repeat=options.repeat)
    if options.write_baseline:
        from oauth_window_harness.results.baseline import BASELINE, write_baseline  # noqa: PLC0415

        write_baseline(options.baseline or BASELINE, results, known)


def plays_at_once(options: RunOptions, plays: int) -> int:
    """Return how many plays are played at once, of all that there are.

    Raises:
        UsageError: the number is none, or more than makes sense.
    """
    if options.jobs != "auto" and not (options.jobs.isdecimal() and 1 <= int(options.jobs) <= MOST_JOBS):
        raise UsageError(
            "the number of jobs cannot be used",
            where="--jobs",
            seen=options.jobs,
            todo=f"name a number from 1 to {MOST_JOBS}, or auto",
        )
    # Without a browser a play takes milliseconds of one core; and plays that a person watches come one by one.
    best = 1 if options.headed else min(MOST_AUTO, 2 * (os.cpu_count() or 1))
    wanted = best if options.jobs == "auto" else int(options.jobs)
    return 1 if options.driver == "mock" else max(1, min(wanted, plays))


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
