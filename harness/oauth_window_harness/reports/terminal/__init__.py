"""The report in the terminal: how the run goes on, then what is to be mended, and the summary."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from oauth_window_harness.reports.terminal.causes import print_causes
from oauth_window_harness.reports.terminal.engines import print_engines
from oauth_window_harness.reports.terminal.lines import Lines
from oauth_window_harness.reports.terminal.progress import Progress
from oauth_window_harness.reports.terminal.summary import print_files, print_kept, print_summary, print_unjudged
from oauth_window_harness.results.events import (
    Listener,
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
    ScenarioPostponed,
    ScenarioStarted,
)
from oauth_window_harness.results.model import Results


def terminal_report(console: Console, output: str) -> Listener:
    """Return a listener that prints how the run goes; it prints at once that the run is about to start.

    Args:
        console: where to print it.
        output: the report folder, which is named at the end.
    """
    lines = Lines(console)
    progress = Progress(lines)

    def listen(event: RunEvent) -> None:
        match event:
            case RunStarted():
                progress.begin(event)
            case ScenarioStarted():
                progress.add(event)
            case ScenarioPostponed():
                progress.postpone(event)
            case ScenarioEnded(result=result):
                progress.remove(result)
            case RunEnded(keeps_earlier=True):
                progress.stop()
                print_kept(lines, output)
            case RunEnded(results=results, replay_command=again):
                progress.stop()
                _print_end(lines, results, output, again)

    return listen


def print_merged(console: Console, results: Results, output: str, again: Sequence[str]) -> None:
    """Print what is to be mended in merged results, and their summary."""
    _print_end(Lines(console), results, output, again)


def _print_end(lines: Lines, results: Results, output: str, again: Sequence[str]) -> None:
    if results.scenarios:  # else the error is printed elsewhere, and nothing was played
        print_engines(lines, results)
        print_causes(lines, results)
        print_unjudged(lines, results, again)
        print_summary(lines, results)
    print_files(lines, results, output, again)
