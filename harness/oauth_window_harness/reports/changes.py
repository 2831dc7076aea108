"""What has changed since an earlier run, as lines: for the terminal, and for index.html."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from oauth_window_harness.reports import phrases
from oauth_window_harness.results.changes import CauseChange, Changes, ComparedRun, ScenarioChange, Slowdown

#: How many characters the names of a cause's scenarios may take.
_NAMES = 80

NOTHING = "nothing has changed"

_COLORS = {"new": "red", "mended": "green"}
_OTHERS = "yellow"


def lines_of(changes: Changes) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each kind of change that there is, with a line for each; names and texts are shown as one line."""
    kinds: dict[str, Iterable[str]] = {
        "new": map(_cause, changes.new),
        "unplayed": map(_cause, changes.unplayed),
        "mended": map(_cause, changes.mended),
        "unjudged": map(_cause, changes.unjudged),
        "changed": _scenarios(changes.changed),
        "slower": map(_slowdown, changes.slower),
    }
    for kind, lines in kinds.items():
        if told := [phrases.one_line(line) for line in lines]:
            yield kind, told


def differences(changes: Changes) -> Sequence[str]:
    """Return in what the two runs themselves differ, which may explain the rest."""
    before, after = changes.before, changes.after
    pairs = {
        "app": (before.app, after.app),
        "driver": (before.driver, after.driver),
        "version": (before.version, after.version),
    }
    return [f"{name}: {one} → {other}" for name, (one, other) in pairs.items() if one != other]


def print_changes(console: Console, changes: Changes) -> None:
    """Print what has changed, and in what the runs themselves differ."""
    for name, run in (("before", changes.before), ("after", changes.after)):
        console.print(Text(f"{name}: {_run(run)}", style="bright_black"), soft_wrap=True)
    for line in differences(changes):
        console.print(Text(f"other {phrases.one_line(line)}", style="yellow"), soft_wrap=True)
    for kind, lines in lines_of(changes):
        for line in lines:
            console.print(Text.assemble((f"{kind:<9}", _COLORS.get(kind, _OTHERS)), line), soft_wrap=True)
    if changes.is_nothing:
        console.print(NOTHING)


def _run(run: ComparedRun) -> str:
    count = phrases.count(run.scenarios, "scenario")
    return phrases.one_line(f"{run.started_at.strftime('%Y-%m-%d %H:%M:%S UTC')}, {run.app}, {count}")


def _cause(cause: CauseChange) -> str:
    known = ", known" if cause.known else ""
    return f"{cause.code} ({cause.severity}{known}): {cause.message} In {phrases.names(cause.scenarios, _NAMES)}"


def _scenarios(changed: Iterable[ScenarioChange]) -> Iterator[str]:
    """Yield a line for all scenarios that changed alike, such as those that rest on one cause."""
    names: dict[str, list[str]] = {}
    for change in changed:
        before, after = (
            f"{verdict} ({', '.join(codes)})" if codes else verdict
            for verdict, codes in ((change.before, change.codes_before), (change.after, change.codes_after))
        )
        names.setdefault(f"{before} → {after}", []).append(_named(change.scenario, change.browser))
    for transition, scenarios in names.items():
        yield f"{phrases.names(scenarios, _NAMES)}: {transition}"


def _named(scenario: str, browser: str | None) -> str:
    return f"{scenario} in {browser}" if browser else scenario


def _slowdown(one: Slowdown) -> str:
    return f"{_named(one.scenario, one.browser)}: {phrases.duration(one.before_ms)} → {phrases.duration(one.after_ms)}"
