"""What is to be mended, each cause once: a block for what fails the run, a shorter one for a warning, else a line."""

from __future__ import annotations

from rich.text import Text

from oauth_window_harness.reports.phrases import count, explanation, names, one_line, rest_on
from oauth_window_harness.reports.terminal.lines import Lines
from oauth_window_harness.results.causes import fails
from oauth_window_harness.results.model import CauseResult, Results, Verdict

#: How many lines of evidence are shown, and their length in characters; results.json has all of them whole.
_EVIDENCE = 4
_LONGEST = 200
_INDENT = 4


def print_causes(lines: Lines, results: Results) -> None:
    """Print the causes in their order, what is to be mended first."""
    brief = [cause for cause in results.causes if cause.known or cause.severity == "info"]
    for cause in results.causes:
        if cause not in brief:
            lines.blank()
            _print_block(lines, cause, is_failure=fails(cause, results))
    if brief:
        lines.blank()
    for cause in brief:
        lines.paragraph(_brief(cause))


def _print_block(lines: Lines, cause: CauseResult, *, is_failure: bool) -> None:
    verdict: Verdict = "failed" if is_failure else "warned"
    mark, style = lines.mark(verdict)
    lines.paragraph(Text.assemble((f"{mark} {cause.code}", f"bold {style}"), f"  {one_line(cause.message)}"))
    for evidence in cause.evidence[: _EVIDENCE if is_failure else 1]:
        lines.paragraph(Text(f"seen: {one_line(evidence, _LONGEST)}", style="bright_black"), _INDENT)
    if cause.place is not None:
        lines.whole(Text(f"at {one_line(str(cause.place), _LONGEST)}"), _INDENT)
    lines.paragraph(Text(f"mend: {one_line(cause.mend)}"), _INDENT)
    lines.paragraph(Text(f"in {names(cause.scenarios, lines.list_length)}"), _INDENT)
    if cause.browsers:
        lines.paragraph(Text(f"engines: {', '.join(cause.browsers)}"), _INDENT)
    if cause.rest_on_it:
        lines.paragraph(Text(rest_on(len(cause.rest_on_it))), _INDENT)
    lines.whole(Text.assemble("more: ", (explanation(cause.code), "cyan")), _INDENT)
    if is_failure:
        lines.whole(Text.assemble("again: ", (cause.again, "cyan")), _INDENT)


def _brief(cause: CauseResult) -> Text:
    head = "known" if cause.known else cause.severity
    line = Text.assemble((f"{head}: {cause.code}", "yellow"), f", in {count(len(cause.scenarios), 'scenario')}")
    return line.append(f"; {rest_on(len(cause.rest_on_it))}") if cause.rest_on_it else line
