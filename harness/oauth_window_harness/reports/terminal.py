"""The report in the terminal: a line for each scenario, the first broken link of each failure, a table of verdicts."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, RunStarted, ScenarioEnded
from oauth_window_harness.results.model import FindingResult, Results, ScenarioResult, Verdict

_STYLES: Mapping[Verdict, tuple[str, str]] = {
    "passed": ("✓", "green"),
    "warned": ("!", "yellow"),
    "failed": ("✗", "red"),
    "skipped": ("-", "bright_black"),
    "broken": ("?", "magenta"),
}

#: How many lines of evidence are shown, and their length in characters; results.json has all of them whole.
_EVIDENCE = 4
_LONGEST = 200
#: The width of the column of names, in characters; a few bundled scenarios have longer ones.
_NAME = 24


def terminal_report(console: Console, output: str) -> Listener:
    """Return a listener that prints how the run goes.

    Args:
        console: where to print it.
        output: the report folder, which is named at the end.
    """

    def listen(event: RunEvent) -> None:
        match event:
            case RunStarted():
                plays = "1 scenario" if event.plays == 1 else f"{event.plays} scenarios"
                console.print(escape(f"{plays} on {event.app}, {event.driver}, {event.browser}"), highlight=False)
            case ScenarioEnded(result=result):
                console.print(_line(result))
            case RunEnded():
                _print_end(console, event, output)

    return listen


def _line(result: ScenarioResult) -> Text:
    mark, style = _STYLES[result.verdict]
    name = result.name if result.repeat is None else f"{result.name} ({result.repeat})"
    line = Text.assemble((f"{mark} ", style), (f"{name:<{_NAME}}", "bold"), f" {result.title}")
    line.append(f"  {result.duration_ms / 1000:.1f} s", style="bright_black")
    return line


def _print_end(console: Console, event: RunEnded, output: str) -> None:
    results = event.results
    if not results.scenarios:  # the error is printed elsewhere, and nothing was played
        _print_report(console, output)
        return
    for result in results.scenarios:
        if result.verdict in ("failed", "broken"):
            _print_failure(console, result, event.replay_command)
    _print_skipped(console, results)
    _print_remarks(console, results)
    console.print()
    console.print(_table(results))
    for entry in results.stale:
        console.print(Text(f"stale in the baseline: {entry.scenario}: {entry.code} no longer occurs", style="yellow"))
    if results.interrupted:
        why = "interrupted" if results.error is None else "the run could not go on"
        console.print(f"[magenta]{why}; these are the results so far[/]")
    _print_report(console, output)


def _print_report(console: Console, output: str) -> None:
    console.print(escape(f"report: {output}/index.html, results.json, junit.xml"), highlight=False)


def _print_failure(console: Console, result: ScenarioResult, replay_command: Sequence[str]) -> None:
    mark, style = _STYLES[result.verdict]
    console.print()
    console.print(Text.assemble((f"{mark} {result.name}", f"bold {style}"), f"  {result.title}"))
    if result.reason:
        console.print(Padding(Text(f"could not be judged: {result.reason}"), (0, 0, 0, 2)))
    for place, found in enumerate(result.errors):
        head = "first broken link: " if place == 0 else ""
        _print_finding(console, found, Text.assemble((f"{head}{found.code}", style if place == 0 else "bold")))
    command = shlex.join([*replay_command, result.name])
    console.print(Text.assemble("  again: ", (command, "cyan")), soft_wrap=True)


def _print_skipped(console: Console, results: Results) -> None:
    """Print why scenarios were skipped, each reason once for the whole run."""
    reasons: dict[str, list[str]] = {}
    for result in results.scenarios:
        if result.verdict == "skipped":
            reasons.setdefault(result.reason or "", []).append(result.name)
    style = _STYLES["skipped"][1]
    for reason, names in reasons.items():
        console.print()
        console.print(Text.assemble((f"- {_where(names)}", f"bold {style}"), f"  skipped: {reason}"))
    skipped = list(dict.fromkeys(name for names in reasons.values() for name in names))
    if len(reasons) > 1:
        console.print()
        count = f"not judged: {len(skipped)} of {len({result.name for result in results.scenarios})} scenarios"
        console.print(Text.assemble((count, style), f": {', '.join(skipped)}"))


def _where(names: Sequence[str]) -> str:
    """Return the one name, or the number of different names and the first."""
    once = list(dict.fromkeys(names))
    return once[0] if len(once) == 1 else f"{len(once)} scenarios, first {once[0]}"


def _print_remarks(console: Console, results: Results) -> None:
    """Print the findings that fail no scenario, each once for the whole run: warnings, infos, and known errors."""
    by_head: dict[str, list[tuple[str, FindingResult]]] = {}
    for result in results.scenarios:
        for found in result.findings:
            if found.known:
                by_head.setdefault(f"known: {found.code}", []).append((result.name, found))
            elif found.severity != "error":
                by_head.setdefault(f"{found.severity}: {found.code}", []).append((result.name, found))
    for head, places in by_head.items():
        where = _where([name for name, _ in places])
        console.print()
        _print_finding(console, places[0][1], Text.assemble((head, "yellow"), f", in {where}:"))


def _print_finding(console: Console, found: FindingResult, head: Text) -> None:
    console.print(Padding(Text.assemble(head, f"  {found.message}"), (0, 0, 0, 2)))
    if found.known:
        return
    for line in found.evidence[:_EVIDENCE]:
        shown = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
        console.print(Padding(Text(f"seen: {shown}", style="bright_black"), (0, 0, 0, 4)))
    console.print(Padding(Text(f"mend: {found.mend}"), (0, 0, 0, 4)))
    if found.clause:
        console.print(Padding(Text(f"by:   {found.clause}", style="bright_black"), (0, 0, 0, 4)))


def _table(results: Results) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for verdict, (_, style) in _STYLES.items():
        count = getattr(results.summary, verdict)
        table.add_row(Text(verdict, style=style if count else "bright_black"), str(count))
    return table
