"""What each cause means for the user, and the lines that mend it: one page beside this module for each code.

A page is Markdown, so that it can be read where it stands: the meaning below the title, and after it the sections
Example, Before and After; No lines says why a cause has none to change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: A section's title and its text, up to the next title.
_SECTION = re.compile(r"^## (.+)\n((?:(?!## ).*\n?)*)", re.MULTILINE)

#: The text of a fenced block.
_FENCED = re.compile(r"^```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Lines:
    """Some lines of a typical page, header or backend with the mistake, and the same lines without it."""

    before: str
    after: str


@dataclass(frozen=True)
class Explanation:
    """A cause in more words than its message has.

    Attributes:
        meaning: what it means for the user.
        example: how it comes about; empty where the meaning says that.
        lines: the lines to change.
        no_lines: why there are none.
    """

    meaning: str
    example: str
    lines: Lines | None
    no_lines: str


@cache
def explanation_of(code: str) -> Explanation:
    """Return the explanation of a cause.

    Raises:
        FileNotFoundError: no cause has this code.
    """
    page = files(__name__).joinpath(f"{code}.md").read_text(encoding="utf-8")
    sections = dict(_SECTION.findall(page))
    before, after = (_FENCED.findall(sections.get(title, "")) for title in ("Before", "After"))
    return Explanation(
        meaning=_paragraph(page.partition("\n## ")[0].partition("\n")[2]),
        example=_paragraph(sections.get("Example", "")),
        lines=Lines(before[0], after[0]) if before and after else None,
        no_lines=_paragraph(sections.get("No lines", "")),
    )


def lines_of(code: str) -> Lines | None:
    """Return the lines that mend a cause, or None where there are none to change."""
    return explanation_of(code).lines


def _paragraph(text: str) -> str:
    """Return a text without the breaks of its lines."""
    return " ".join(text.split())
