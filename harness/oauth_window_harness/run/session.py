"""One run from its options to its exit code: its world, its app, its driver and its results."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.errors import ExitCode, HarnessError
from oauth_window_harness.results.baseline import BASELINE, Baseline, read_baseline, write_baseline
from oauth_window_harness.results.events import Listener
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run import drivers
from oauth_window_harness.run.ending import Ending
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.target import app_of
from oauth_window_harness.scenario.model import Scenario


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
    drivers.check(options)
    known = _baseline(options)
    with drivers.world_for(scenarios, options) as world:
        ending.redactor = world.redactor
        with app_of(world, options) as target:
            async with drivers.driver_for(world, options) as driver:
                app = options.app or options.deliver or "reference"
                runner = Runner(world, driver, target, folder, app, [ending.hear], ending.again, known)
                results = await runner.run(scenarios, repeat=options.repeat)
    if options.write_baseline:
        write_baseline(options.baseline or BASELINE, results, known)


def exit_code(results: Results, *, written: bool = False) -> ExitCode:
    """Return the exit code of a completed run; findings that were written into the baseline do not fail it."""
    if results.summary.failed and not written:
        return ExitCode.FOUND
    return ExitCode.ENVIRONMENT if results.summary.broken else ExitCode.HELD


def _baseline(options: RunOptions) -> Baseline:
    file = options.baseline or BASELINE
    if options.baseline is None and not options.write_baseline:
        return Baseline()
    if options.write_baseline and not file.exists():
        return Baseline()
    return read_baseline(file)
