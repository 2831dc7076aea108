"""The end of the report: what could not be judged or was skipped, the counts, the files, the command for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import get_args

from rich.text import Text

from oauth_window_harness.reports.phrases import (
    STRICT_WARNINGS,
    duration,
    endpoint_lines,
    names,
    one_line,
    show_trace,
    why_not_whole,
)
from oauth_window_harness.reports.terminal.lines import Lines
from oauth_window_harness.results.causes import failing_warnings
from oauth_window_harness.results.model import Results, ScenarioResult, Verdict

_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def print_unjudged(lines: Lines, results: Results, replay_command: Sequence[str]) -> None:
    """Print why scenarios are broken or were skipped, each reason once.

    Of those that rest on a cause, the cause tells how many they are.
    """
    told = {cause.code for cause in results.causes}
    for reason, plays in _by_reason(results, "broken").items():
        _print_reason(lines, "broken", plays, f"could not be judged: {reason}")
        lines.whole(Text.assemble("again: ", (shlex.join([*replay_command, plays[0].word]), "cyan")), 4)
    for reason, plays in _by_reason(results, "skipped").items():
        others = [play for play in plays if play.rests_on is None or play.rests_on.code not in told]
        if others:
            _print_reason(lines, "skipped", others, f"skipped: {reason}")


def print_summary(lines: Lines, results: Results) -> None:
    """Print stale entries of the baseline, whether the run came to its end, the counts and the time."""
    lines.blank()
    for entry in results.stale:
        text = f"stale in the baseline: {entry.scenario}: {entry.code} no longer occurs"
        lines.paragraph(Text(text, style="yellow"))
    for place, text in enumerate(endpoint_lines(results)):
        lines.paragraph(Text(text, style="yellow" if place else "dim"))
    if results.interrupted:
        lines.paragraph(Text(f"{why_not_whole(results)}; these are the results so far", style="magenta"))
    if failing_warnings(results):
        lines.paragraph(Text(STRICT_WARNINGS, style="red"))
    counts = [(verdict, getattr(results.summary, verdict)) for verdict in _VERDICTS]
    line = Text(", ").join(
        Text(f"{number} {verdict}", style=lines.mark(verdict)[1]) for verdict, number in counts if number
    )
    lines.paragraph(line.append(f" in {duration(results.duration_ms)}"))


def print_files(lines: Lines, results: Results, output: str, again: Sequence[str]) -> None:
    """Print where the reports are, and the commands that show the first trace and play the failures again."""
    lines.whole(Text(f"report: {output}/index.html, results.json, junit.xml, ctrf-report.json"))
    for trace in _traces(results)[:1]:
        lines.whole(Text.assemble("trace: ", (show_trace(output, trace), "cyan")))
    for reason in dict.fromkeys(result.artifacts.untraced for result in results.scenarios):
        if reason is not None:
            lines.whole(Text(f"no trace: {one_line(reason)}"))
    if results.summary.failed or failing_warnings(results):
        lines.whole(Text.assemble("again: ", (shlex.join([*again, "--last-failed"]), "cyan")))


def _traces(results: Results) -> list[str]:
    """Return the traces of what is not passed, in the order of the causes that their plays show; then the others."""
    kept = [
        (result.name, result.artifacts.trace)
        for result in results.scenarios
        if result.verdict != "passed" and result.artifacts.trace is not None
    ]
    by_cause = [trace for cause in results.causes for name, trace in kept if name in cause.scenarios]
    return list(dict.fromkeys([*by_cause, *(trace for _, trace in kept)]))


def print_kept(lines: Lines, output: str) -> None:
    """Print that nothing was written in the place of an earlier report."""
    lines.whole(Text(f"the report of an earlier run stays in {output}"))


def _by_reason(results: Results, verdict: Verdict) -> dict[str, list[ScenarioResult]]:
    reasons: dict[str, list[ScenarioResult]] = {}
    for result in results.scenarios:
        if result.verdict == verdict:
            reasons.setdefault(result.reason or "", []).append(result)
    return reasons


def _print_reason(lines: Lines, verdict: Verdict, plays: Sequence[ScenarioResult], text: str) -> None:
    mark, style = lines.mark(verdict)
    where = names([play.name for play in plays], lines.list_length)
    lines.blank()
    lines.paragraph(Text.assemble((f"{mark} {where}", f"bold {style}"), f"  {one_line(text)}"))
