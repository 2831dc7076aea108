"""The README as the tests read it: its headings, fenced blocks and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.paths import ROOT

#: The front page; whatever other pages there are is read as well.
README = ROOT / "README.md"


class Block(NamedTuple):
    """A fenced block: the heading above it, its language, its text, and its line in the file."""

    heading: str
    language: str
    text: str
    line: int


def blocks(file: Path = README) -> Iterator[Block]:
    """Give the fenced blocks of a page, in order."""
    heading, language, begin, lines = "", None, 0, list[str]()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        fence = re.match(r"```(\w*)", line)
        if fence and language is None:
            language, begin, lines = fence[1], number, []
        elif fence and language is not None:
            yield Block(heading, language, "\n".join(lines) + "\n", begin)
            language = None
        elif language is not None:
            lines.append(line)
        elif title := re.match(r"#+ (.*)", line):
            heading = title[1]


def snippet(heading: str, language: str, place: int = 0) -> str:
    """Give the block of a language below a heading, the first of several."""
    return [block.text for block in blocks() if (block.heading, block.language) == (heading, language)][place]


def table(first_column: str) -> list[list[str]]:
    """Give the rows of the table whose first column has this title, without its head, markup kept."""
    rows: list[list[str]] = []
    inside = False
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_column:
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            rows.append(cells)
    return rows
