"""Reads the steps of a play back from its diagram.mmd, whose journal is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from oauth_window_harness.results.diagram import BREAK, HEADING, LANES, DiagramStep
from oauth_window_harness.scenario.links import LINKS

_MOMENT = re.compile(r"\s*%% (-?\d{1,15}) ms(?:, ([a-z -]+))?")
_ARROW = re.compile(r"\s*(\w+)(--?)>>(\w+): (.*)")
_NOTE = re.compile(r"\s*Note over (\w+): (.*)")

#: The largest diagram that is read, in bytes.
_LARGEST = 1_000_000


def read_steps(file: Path) -> list[DiagramStep]:
    """Return the steps of a diagram that `results.diagram` wrote; none where the file is something else."""
    try:
        text = file.read_text(encoding="utf-8") if file.stat().st_size <= _LARGEST else ""
    except (OSError, UnicodeError):
        return []
    heading, *lines = text.split("\n")
    return list(_steps(lines)) if heading == HEADING else []


def _steps(lines: list[str]) -> Iterator[DiagramStep]:
    at, link = 0, None
    for line in lines:
        if moment := _MOMENT.fullmatch(line):
            at = int(moment[1])
            link = next((name for name in LINKS if name == moment[2]), None)
        elif (arrow := _ARROW.fullmatch(line)) and {arrow[1], arrow[3]} <= LANES.keys():
            yield DiagramStep(at, arrow[1], arrow[3], _label(arrow[4]), answers=arrow[2] == "--", link=link)
        elif (note := _NOTE.fullmatch(line)) and note[1] in LANES:
            yield DiagramStep(at, note[1], note[1], _label(note[2]), link=link)


def _label(text: str) -> str:
    return text.replace(BREAK, "")
