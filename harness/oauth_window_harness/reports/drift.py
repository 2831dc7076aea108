"""The report of a verification for people: what differs, where the fault lies, and the next command."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from oauth_window_harness.contract.difference import Blame, Severity
from oauth_window_harness.results.drift import Drift, FixtureDifference, Rejection

_MARKS: Mapping[Severity, tuple[str, str]] = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "cyan")}
_BLAMED: Mapping[Blame, str] = {"service": "the service changed", "fixture": "the fixture is stale"}
#: The length of the longest value that is shown whole, in characters.
_LONGEST = 100
#: How many names are listed; the rest are counted.
_MOST_NAMES = 4


def print_drift(console: Console, drift: Drift, *, next_command: str) -> None:
    """Print the report of a verification.

    Args:
        console: where to print it.
        drift: the report.
        next_command: the command line that is suggested at its end.
    """
    head = f"{_many(len(drift.compared), 'fixture')} compared with {drift.against}"
    console.print(Text(_clean(head)), soft_wrap=True)
    rejected = {one.fixture for one in drift.rejected}
    differences = [one for one in drift.differences if not (one.kind == "status" and one.fixture in rejected)]
    for found in _together(differences, ("error", "warning")):
        _print_difference(console, found)
    _print_rejections(console, drift.rejected)
    _print_lines(
        console,
        "added, which breaks nothing:",
        {
            "": [
                f"{one[0].path} ({_text_of(one[0].seen)}), not in {_names([each.fixture for each in one])}"
                for one in _together(differences, ("info",))
            ]
        },
    )
    places: dict[str, list[str]] = {}
    for fault in drift.faults:
        places.setdefault(fault.where, []).append(fault.what)
    _print_lines(console, f"faults of {drift.against} itself, which did not prevent the comparison:", places)
    reasons: dict[str, list[str]] = {}
    for left in drift.not_compared:
        reasons.setdefault(left.reason, []).append(left.fixture)
    _print_lines(console, "not compared:", {"": [f"{_names(names)}: {reason}" for reason, names in reasons.items()]})
    _print_lines(console, "notes:", {"": drift.notes})
    _print_summary(console, drift, next_command)


def _together(
    differences: Iterable[FixtureDifference], severities: Sequence[Severity]
) -> Iterator[list[FixtureDifference]]:
    """Yield the differences of these severities, the worst first, grouped where only the fixture is another.

    In a group those for which the service is to blame come first.
    """
    places: dict[str, list[FixtureDifference]] = {}
    for one in sorted(differences, key=lambda one: (tuple(_MARKS).index(one.severity), one.blame != "service")):
        if one.severity in severities:
            same = json.dumps([one.severity, one.kind, one.path, one.expected, one.seen], default=str)
            places.setdefault(same, []).append(one)
    yield from places.values()


def _print_difference(console: Console, found: Sequence[FixtureDifference]) -> None:
    first = found[0]
    mark, style = _MARKS[first.severity]
    head = (f"{mark} {first.kind}", style), (f"  {_clean(first.path)}", "bold")
    console.print()
    console.print(Text.assemble(*head, f"  in {_names([one.fixture for one in found])}"), soft_wrap=True)
    _print_part(console, "expected: ", _text_of(first.expected))
    _print_part(console, "seen:     ", _text_of(first.seen))
    _print_part(console, "blame:    ", _BLAMED[first.blame])


def _print_rejections(console: Console, rejections: Iterable[Rejection]) -> None:
    places: dict[tuple[int, str, str], list[str]] = {}
    for one in rejections:
        places.setdefault((one.status, one.message, one.todo), []).append(one.fixture)
    for (status, message, todo), names in places.items():
        head = (f"✗ rejected with {status}", "red"), "  and so not compared: ", (_names(names), "bold")
        console.print()
        console.print(Text.assemble(*head), soft_wrap=True)
        _print_part(console, "said:     ", message or "nothing")
        _print_part(console, "to do:    ", todo)


def _print_summary(console: Console, drift: Drift, next_command: str) -> None:
    summary = drift.summary
    console.print()
    counted = ", ".join(
        [_many(summary.errors, "error"), _many(summary.warnings, "warning"), _many(summary.infos, "info")]
    )
    style = "red" if summary.errors else "yellow" if summary.warnings else "green"
    text = f"{counted}; {len(drift.compared)} compared, {len(drift.not_compared)} not"
    console.print(Text.assemble((text, style)))
    console.print(Text.assemble("next: ", (next_command, "cyan")), soft_wrap=True)


def _print_lines(console: Console, head: str, places: Mapping[str, Sequence[str]]) -> None:
    """Print lines under a head, and under the name of their place where it has one."""
    if not any(places.values()):
        return
    console.print()
    console.print(Text(_clean(head), style="bold"))
    for place, lines in places.items():
        if place:
            console.print(Text(f"  {_clean(place)}", style="bright_black"), soft_wrap=True)
        for line in lines:
            console.print(Padding(Text(_clean(line)), (0, 0, 0, 4 if place else 2), expand=False))


def _print_part(console: Console, name: str, text: str) -> None:
    console.print(Padding(Text.assemble((name, "bright_black"), _clean(text)), (0, 0, 0, 4), expand=False))


def _text_of(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_MOST_NAMES])} and {more} more"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _clean(text: str) -> str:
    """Return a text with every control character replaced: it came from a service, and a terminal would obey it."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
