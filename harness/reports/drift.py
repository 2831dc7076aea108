"""What a person reads of a verification: what has moved, who has moved it, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from harness.difference import Blame, Severity
from harness.drift import Drift, FixtureDifference

_MARKS: Mapping[Severity, tuple[str, str]] = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "cyan")}
_BLAMED: Mapping[Blame, str] = {"service": "the service has moved", "fixture": "the fixture is stale"}
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
    for severity in ("error", "warning", "info"):
        _tell_severity(console, [one for one in drift.differences if one.severity == severity])
    for rejection in drift.rejected:
        console.print()
        what = f"{rejection.fixture}: the request was rejected with {rejection.status}, so that nothing was compared"
        console.print(Text.assemble(("? ", "magenta"), _clean(what)), soft_wrap=True)
        _tell(console, "said: ", rejection.message or "nothing")
        _tell(console, "to do: ", rejection.todo)
    _tell_all(console, "faults of the file itself:", [f"{fault.where}: {fault.what}" for fault in drift.faults])
    reasons: dict[str, list[str]] = {}
    for one in drift.not_compared:
        reasons.setdefault(one.reason, []).append(one.fixture)
    _tell_all(console, "not compared:", [f"{_names(names)}: {reason}" for reason, names in reasons.items()])
    _tell_all(console, "to be known:", drift.notes)
    _end(console, drift, following)


def _tell_severity(console: Console, differences: Iterable[FixtureDifference]) -> None:
    """Tell each difference once, with all the fixtures in which it is."""
    places: dict[str, list[FixtureDifference]] = {}
    for one in differences:
        same = json.dumps([one.kind, one.path, one.expected, one.seen, one.blame], default=str)
        places.setdefault(same, []).append(one)
    for found in places.values():
        first = found[0]
        mark, style = _MARKS[first.severity]
        console.print()
        console.print(
            Text.assemble((f"{mark} {first.kind}", style), (f"  {_clean(first.path)}", "bold"),
                          f"  in {_names([one.fixture for one in found])}"),
            soft_wrap=True,
        )  # fmt: skip
        _tell(console, "expected: ", _shown(first.expected))
        _tell(console, "seen:     ", _shown(first.seen))
        _tell(console, "blame:    ", _BLAMED[first.blame])


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


def _tell_all(console: Console, head: str, lines: Sequence[str]) -> None:
    if lines:
        console.print()
        console.print(Text(head, style="bold"))
        for line in lines:
            console.print(Padding(Text(_clean(line)), (0, 0, 0, 2)))


def _tell(console: Console, name: str, text: str) -> None:
    console.print(Padding(Text.assemble((name, "bright_black"), _clean(text)), (0, 0, 0, 4)))


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
    """Give a text that a service wrote without what a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
