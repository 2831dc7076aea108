"""What is played now, and how many of how many are done: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from oauth_window_harness.reports.phrases import duration, one_line, plays
from oauth_window_harness.reports.terminal.lines import Lines
from oauth_window_harness.results.events import RunStarted, ScenarioPostponed, ScenarioStarted
from oauth_window_harness.results.model import ScenarioResult, Verdict

if TYPE_CHECKING:
    from oauth_window_harness.reports.terminal.bar import Bar

#: A run of so many plays has a line for each; in a longer one, those that passed share a line, so many plays to one.
_FEW = 12
_SHARED = 10

#: How far what broke in a play is indented below its line, in characters.
_INDENT = 6


class Progress:
    """Prints how a run goes on. Several plays may be under way at once."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._total = 0
        self._done = 0
        self._shared: dict[Verdict, list[str]] = {}
        self._named: set[str] = set()
        self._under_way: list[str] = []
        self._has_begun = False
        self._bar: Bar | None = None
        lines.paragraph(Text("starting the driver and the app", style="bright_black"))

    def begin(self, event: RunStarted) -> None:
        """Print what is played, and show the bar where there is a terminal."""
        self.stop()  # where several engines play, one after another
        self._total, self._done, self._has_begun = event.plays, 0, False
        self._under_way.clear()
        number = plays(event.plays, event.repeat)
        self._lines.whole(Text(f"{number} on {event.app}, {event.driver}, {event.browser}"))
        if self._lines.on_terminal and self._lines.console.is_interactive:
            from oauth_window_harness.reports.terminal.bar import Bar  # noqa: PLC0415 - a pipe does not wait for it

            self._bar = Bar(self._lines.console, event.plays)

    def add(self, event: ScenarioStarted) -> None:
        """Show a play that is under way from now on."""
        name = _name(event.scenario.name, event.repeat)
        if self._bar is not None:
            self._bar.add(name)
        elif not self._has_begun:
            self._lines.whole(Text(f"now: {name}", style="bright_black"))
        self._has_begun = True
        self._under_way.append(name)

    def postpone(self, event: ScenarioPostponed) -> None:
        """Show a play no longer that waits until it is played again."""
        name = _name(event.scenario.name, event.repeat)
        self._under_way.remove(name)
        if self._bar is not None:
            self._bar.remove(name, done=0)

    def remove(self, result: ScenarioResult) -> None:
        """Count a play that has ended. It has a line if something is wrong, or if there are few; else it shares one."""
        self._done += 1
        name = _name(result.name, result.repeat)  # the engine is named above the first
        if name in self._under_way:
            self._under_way.remove(name)
        if self._bar is not None:
            self._bar.remove(name)
        if result.verdict in ("failed", "broken") or (self._total <= _FEW and result.rests_on is None):
            self._lines.cut(self._line(result, name))
            self._name_cause(result)
        elif result.verdict != "skipped":
            self._shared.setdefault(result.verdict, []).append(name)
        if self._done % _SHARED == 0:
            self._print_shared()

    def stop(self) -> None:
        """Print what is left, and take the bar away."""
        self._print_shared()
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _name_cause(self, result: ScenarioResult) -> None:
        """Print what broke first in a play, if no play before it showed that: its user may begin to mend it."""
        first = next(iter(result.errors), None)
        if first is not None and first.code not in self._named:
            self._named.add(first.code)
            self._lines.cut(Text(f"{' ' * _INDENT}{first.code}: {one_line(first.message)}"))

    def _line(self, result: ScenarioResult, name: str) -> Text:
        mark, style = self._lines.mark(result.verdict)
        head = Text.assemble((f"{self._counter()} ", "bright_black"), (f"{mark} ", style), (name, "bold"))
        return Text.assemble(head, (f"  {duration(result.duration_ms)}", "bright_black"), f"  {result.title}")

    def _print_shared(self) -> None:
        """Print the names of the plays that passed since the last such line; the bar alone counts them."""
        if self._shared and self._bar is None:
            line = Text(self._counter(), style="bright_black")
            for verdict, shared in self._shared.items():
                mark, style = self._lines.mark(verdict)
                line = Text.assemble(line, " ", (mark, style), f" {', '.join(shared)}")
            now = f"; now: {', '.join(self._under_way)}" if self._under_way else ""
            self._lines.cut(line.append(now, style="bright_black"))
        self._shared.clear()

    def _counter(self) -> str:
        return f"[{self._done}/{self._total}]"


def _name(name: str, repeat: int | None) -> str:
    return name if repeat is None else f"{name} ({repeat})"
