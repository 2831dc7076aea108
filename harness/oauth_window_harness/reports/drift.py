"""What a person reads of a verification: what has moved, who has moved it, and what to do next."""

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
_LONGEST = 100
#: How many names are told before the rest is counted.
_NAMED = 4


def tell_drift(console: Console, drift: Drift, *, following: str) -> None:
    """Tell a person what was found.

    Args:
        console: where it is told.
        drift: what was found.
        following: the command that comes next.
    """
    head = f"{_many(len(drift.compared), 'fixture')} compared with {drift.against}"
    console.print(Text(_clean(head)), soft_wrap=True)
    rejected = {one.fixture for one in drift.rejected}
    told = [one for one in drift.differences if not (one.kind == "status" and one.fixture in rejected)]
    for found in _together(told, ("error", "warning")):
        _tell_difference(console, found)
    _tell_rejections(console, drift.rejected)
    _tell_all(
        console,
        "added, which breaks nothing:",
        {
            "": [
                f"{one[0].path} ({_shown(one[0].seen)}), not in {_names([each.fixture for each in one])}"
                for one in _together(told, ("info",))
            ]
        },
    )
    places: dict[str, list[str]] = {}
    for fault in drift.faults:
        places.setdefault(fault.where, []).append(fault.what)
    _tell_all(console, f"faults of {drift.against} itself, in spite of which it was compared with:", places)
    reasons: dict[str, list[str]] = {}
    for left in drift.not_compared:
        reasons.setdefault(left.reason, []).append(left.fixture)
    _tell_all(console, "not compared:", {"": [f"{_names(names)}: {reason}" for reason, names in reasons.items()]})
    _tell_all(console, "to be known:", {"": drift.notes})
    _end(console, drift, following)


def _together(
    differences: Iterable[FixtureDifference], severities: Sequence[Severity]
) -> Iterator[list[FixtureDifference]]:
    """Yield the differences of some severities, the worst first, the same one of several fixtures together.

    One that is in a fixture of which more was known is not told again of one that was assumed.
    """
    places: dict[str, list[FixtureDifference]] = {}
    for one in sorted(differences, key=lambda one: (tuple(_MARKS).index(one.severity), one.blame != "service")):
        if one.severity in severities:
            same = json.dumps([one.severity, one.kind, one.path, one.expected, one.seen], default=str)
            places.setdefault(same, []).append(one)
    yield from places.values()


def _tell_difference(console: Console, found: Sequence[FixtureDifference]) -> None:
    first = found[0]
    mark, style = _MARKS[first.severity]
    head = (f"{mark} {first.kind}", style), (f"  {_clean(first.path)}", "bold")
    console.print()
    console.print(Text.assemble(*head, f"  in {_names([one.fixture for one in found])}"), soft_wrap=True)
    _tell(console, "expected: ", _shown(first.expected))
    _tell(console, "seen:     ", _shown(first.seen))
    _tell(console, "blame:    ", _BLAMED[first.blame])


def _tell_rejections(console: Console, rejections: Iterable[Rejection]) -> None:
    places: dict[tuple[int, str, str], list[str]] = {}
    for one in rejections:
        places.setdefault((one.status, one.message, one.todo), []).append(one.fixture)
    for (status, message, todo), names in places.items():
        head = (f"✗ rejected with {status}", "red"), "  and so not compared: ", (_names(names), "bold")
        console.print()
        console.print(Text.assemble(*head), soft_wrap=True)
        _tell(console, "said:     ", message or "nothing")
        _tell(console, "to do:    ", todo)


def _end(console: Console, drift: Drift, following: str) -> None:
    summary = drift.summary
    console.print()
    counted = ", ".join(
        [_many(summary.errors, "error"), _many(summary.warnings, "warning"), _many(summary.infos, "info")]
    )
    style = "red" if summary.errors else "yellow" if summary.warnings else "green"
    told = f"{counted}; {len(drift.compared)} compared, {len(drift.not_compared)} not"
    console.print(Text.assemble((told, style)))
    console.print(Text.assemble("next: ", (following, "cyan")), soft_wrap=True)


def _tell_all(console: Console, head: str, places: Mapping[str, Sequence[str]]) -> None:
    """Tell lines under a head, those of one place under its name."""
    if not any(places.values()):
        return
    console.print()
    console.print(Text(_clean(head), style="bold"))
    for place, lines in places.items():
        if place:
            console.print(Text(f"  {_clean(place)}", style="bright_black"), soft_wrap=True)
        for line in lines:
            console.print(Padding(Text(_clean(line)), (0, 0, 0, 4 if place else 2), expand=False))


def _tell(console: Console, name: str, text: str) -> None:
    console.print(Padding(Text.assemble((name, "bright_black"), _clean(text)), (0, 0, 0, 4), expand=False))


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_NAMED])} and {more} more"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _clean(text: str) -> str:
    """Return a text that a service wrote without what a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
