"""The pages of the documentation as tests read them: headings, fenced blocks, tables, links and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.paths import ROOT

README = ROOT / "README.md"

#: The pages whose snippets are run and whose tables are compared: the front page and the reference.
PAGES = {file.relative_to(ROOT).as_posix(): file for file in (README, *sorted((ROOT / "docs").rglob("*.md")))}

#: The pages whose links are followed: those, and all others at the top of the checkout.
LINKED = {**PAGES, **{file.name: file for file in sorted(ROOT.glob("*.md"))}}


class Block(NamedTuple):
    """A fenced block: its page, the heading above it, its language, its text, and its line in the file."""

    page: str
    heading: str
    language: str
    text: str
    line: int


@cache
def tokens(file: Path) -> list[Token]:
    """Return the tokens of a page, as a Markdown parser reads it."""
    return tokens_of(file.read_text(encoding="utf-8"))


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a Markdown text, including those of tables."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def headings(file: Path) -> list[str]:
    """Return the headings of a page, in order."""
    return [after.content for token, after in pairwise(tokens(file)) if token.type == "heading_open"]


def anchors(file: Path) -> list[str]:
    """Return the anchors of a page, derived from its headings as code hosts do."""
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings(file)]


def links(page: list[Token]) -> list[str]:
    """Return the targets of the links and pictures of a page."""
    inner = [child for token in page for child in token.children or ()]
    return [str(child.attrs[name]) for child in inner for name in ("href", "src") if name in child.attrs]


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    heading, inside = "", False
    for token in tokens(PAGES[page]):
        if inside:
            heading = token.content
        inside = token.type == "heading_open"
        if token.type == "fence" and token.map:
            yield Block(page, heading, token.info, token.content, token.map[0] + 1)


def all_blocks() -> list[Block]:
    """Return the fenced blocks of all pages."""
    return [block for page in PAGES for block in blocks(page)]


def snippet(page: str, heading: str, language: str, place: int = 0) -> str:
    """Return the text of a block below a heading of a page: of several in one language, the one at this place."""
    return [block.text for block in blocks(page) if (block.heading, block.language) == (heading, language)][place]


def tables(file: Path) -> Iterator[list[list[str]]]:
    """Yield the tables of a page as lists of rows, of which the first has the titles; markup is kept."""
    rows: list[list[str]] = []
    for token in tokens(file):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(token.content)
        elif token.type == "table_close":
            yield rows
            rows = []


def table(first_column: str) -> list[list[str]]:
    """Return the rows, without titles, of the table whose first column has this title; empty where there is none."""
    found = [rows[1:] for file in PAGES.values() for rows in tables(file) if rows[0][0] == first_column]
    assert len(found) <= 1, f"several tables of {first_column}"
    return found[0] if found else []
