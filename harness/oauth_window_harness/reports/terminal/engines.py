"""What differs between the engines: told first, before what is to be mended."""

from __future__ import annotations

from rich.text import Text

from oauth_window_harness.reports.phrases import count, engine_verdict, engines_line, names
from oauth_window_harness.reports.terminal.lines import Lines
from oauth_window_harness.results.model import Divergence, Results

_INDENT = 4


def print_engines(lines: Lines, results: Results) -> None:
    """Print in what the engines differ, or that they do not; nothing where one engine was to play."""
    if not results.browsers:
        return
    lines.blank()
    lines.paragraph(Text(engines_line(results), style="bold"))
    for row in results.divergences or ():
        _print_row(lines, row)


def _print_row(lines: Lines, row: Divergence) -> None:
    head = count(len(row.scenarios), "scenario") if len(row.scenarios) > 1 else "in"
    lines.paragraph(Text(f"≠ {head} {names(row.scenarios, lines.list_length)}", style="yellow"))
    for engine in row.engines:
        (mark, style), *_ = [lines.mark(verdict) for verdict in engine.verdicts]
        lines.paragraph(Text.assemble((f"{mark} {engine.browser}: ", style), engine_verdict(engine)), _INDENT)
