"""One run from its options to its exit code: its world, its app, its driver and its results.

Most of what a run needs is imported while Playwright starts, which takes as long.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oauth_window_harness.drivers.engines import CHROMIUM, ENGINES
from oauth_window_harness.errors import ExitCode, HarnessError, UsageError
from oauth_window_harness.run.ending import Ending, masking
from oauth_window_harness.run.options import MOST_JOBS, RunOptions

if TYPE_CHECKING:
    from oauth_window_harness.drivers.playwright.launch import Launch
    from oauth_window_harness.results.baseline import Baseline
    from oauth_window_harness.results.events import Listener
    from oauth_window_harness.results.folder import ArtifactFolder
    from oauth_window_harness.results.model import Results
    from oauth_window_harness.run.app_process import AppProcess
    from oauth_window_harness.run.shard import Part
    from oauth_window_harness.scenario.model import Scenario
    from oauth_window_harness.stub.world import World

#: A number as it is typed; Python would also read other alphabets' digits.
_DIGITS = re.compile(r"[0-9]+")

#: The most plays at once that are chosen where the user names no number.
MOST_AUTO = 8


async def run(
    scenarios: Sequence[Scenario],
    options: RunOptions,
    folder: ArtifactFolder,
    listeners: Sequence[Listener],
    again: Sequence[str] = (),
    command: str = "",
    files: Mapping[str, str] = {},
    part: Part | None = None,
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
        files: the files of the scenarios that are the user's own, by the scenarios' names.
        part: the part of a run that these scenarios are; None where they are the whole.

    Raises:
        HarnessError: an error has ended the run, or a report could not be written.
    """
    shard = part.shard if part is not None else None
    if options.sarif is not None:
        from oauth_window_harness.reports.findings_sarif import sarif_report  # noqa: PLC0415

        listeners = [*listeners, sarif_report(options.sarif)]
    ending = Ending(options, listeners, folder, again, command, shard=shard)
    try:
        await _play(_Plays(scenarios, options, folder, ending, files, part))
    except HarnessError as error:
        ending.tell(error)
        raise
    except BaseException:
        ending.interrupt()
        raise
    results = ending.tell()
    ending.check_written()
    return results


@dataclass(frozen=True)
class _Plays:
    """What is played, in each engine the same."""

    scenarios: Sequence[Scenario]
    options: RunOptions
    folder: ArtifactFolder
    ending: Ending
    files: Mapping[str, str]
    part: Part | None


async def _play(plays: _Plays) -> None:
    """Play in each engine, one after another; the world and ``--app-command`` are started once."""
    scenarios, options, ending = plays.scenarios, plays.options, plays.ending
    async with _launch(options) as launch:
        from oauth_window_harness.run import drivers  # noqa: PLC0415
        from oauth_window_harness.run.target import started_app  # noqa: PLC0415

        drivers.check(options)
        check_jobs(options)
        known = _baseline(options)
        ending.engines, ending.absent = await drivers.engines_of(options, launch)
        first = ending.engines[0]
        with drivers.world_for(scenarios, options) as world:
            ending.redactor = world.redactor
            await drivers.begin(launch, world, replace(options, browser=first))
            with masking(plays.folder, world.redactor):
                async with started_app(world, options) as process:
                    for engine in ending.engines:
                        if engine != first:
                            await drivers.begin(launch, world, replace(options, browser=engine))
                        results = await _play_in(engine, plays, launch, world, process, known)
                        if options.exitfirst and _fails(results, strict=options.is_strict):
                            break
    if options.write_baseline:
        from oauth_window_harness.results.baseline import BASELINE, write_baseline  # noqa: PLC0415

        write_baseline(options.baseline or BASELINE, ending.results(), known)


async def _play_in(
    engine: str, plays: _Plays, launch: Launch | None, world: World, process: AppProcess | None, known: Baseline
) -> Results:
    """Play all scenarios in one engine; the accounts are new ones, and so is the reference app."""
    from oauth_window_harness.run import drivers  # noqa: PLC0415
    from oauth_window_harness.run.runner import Runner  # noqa: PLC0415
    from oauth_window_harness.run.target import app_of  # noqa: PLC0415

    scenarios, options, ending, part = plays.scenarios, plays.options, plays.ending, plays.part
    own = replace(options, browser=engine)
    at_once = plays_at_once(own, len(scenarios) * options.repeat)
    with app_of(world, own, at_once, process) as targets:
        async with drivers.driver_for(world, own, launch) as driver:
            app = world.redactor.text(options.app or options.deliver or "reference")
            runner = Runner(
                world, driver, targets, plays.folder, app, [ending.hear], ending.again, known,
                plays_all=options.play_all, ends_at_failure=options.exitfirst, is_strict=options.is_strict,
                files=plays.files, engine=engine if options.browser != engine else None, kept=options.artifacts,
            )  # fmt: skip
            once = part.borrowed if part is not None else ()
            return await runner.run(scenarios, repeat=options.repeat, once=once)


def plays_at_once(options: RunOptions, plays: int) -> int:
    """Return how many plays are played at once, of all that there are."""
    # Without a browser a play takes milliseconds of one core; and plays that a person watches come one by one.
    per_core = ENGINES.get(options.browser, CHROMIUM).plays_per_core
    # How many cores another machine has cannot be seen from here: each endpoint counts as two.
    cores = 2 * len(options.endpoint) if options.endpoint else os.cpu_count() or 1
    best = 1 if options.headed else min(MOST_AUTO, per_core * cores)
    wanted = best if options.jobs == "auto" else int(options.jobs)
    return 1 if options.driver == "mock" else max(1, min(wanted, plays))


def check_jobs(options: RunOptions) -> None:
    """Check the number of plays at once.

    Raises:
        UsageError: it is none, or more than makes sense.
    """
    if options.jobs != "auto" and not (_DIGITS.fullmatch(options.jobs) and 1 <= int(options.jobs) <= MOST_JOBS):
        raise UsageError(
            "the number of jobs cannot be used",
            where="--jobs",
            seen=options.jobs,
            todo=f"name a number from 1 to {MOST_JOBS}, or auto",
        )


def exit_code(results: Results, *, written: bool = False, strict: bool = False) -> ExitCode:
    """Return the exit code of a completed run; findings that were written into the baseline do not fail it.

    Args:
        results: the results.
        written: whether what was found has been written into the baseline.
        strict: whether a warning that the baseline does not know fails the run, too.
    """
    if _fails(results, strict=strict) and not written:
        return ExitCode.FOUND
    return ExitCode.ENVIRONMENT if results.summary.broken else ExitCode.HELD


def _fails(results: Results, *, strict: bool) -> bool:
    from oauth_window_harness.results.causes import fails_run  # noqa: PLC0415

    return any(fails_run(play, strict=strict) for play in results.scenarios)


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
