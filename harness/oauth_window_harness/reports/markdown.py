"""Foreign text in Markdown: whatever it holds, it is shown as it is and makes no element, link or mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

from oauth_window_harness.reports.phrases import one_line

#: What has a meaning within a line, or makes an address a link; a backslash takes it away (CommonMark §2.4).
_MEANT = re.compile(r"[\\`*_{}\[\]<>&~|#@$!]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_BACKTICKS = re.compile("`+")


def prose(text: str) -> str:
    """Return a sentence; what it has between backticks stays code."""
    parts = re.split("`([^`]*)`", one_line(text))
    return "".join(code(part) if place % 2 else _MEANT.sub(r"\\\g<0>", part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """Return a text as code within a line."""
    line = one_line(text)
    if not (longest := _longest(line)):
        return f"`{line}`" if line else ""
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}"


def cell(markdown: str) -> str:
    """Return Markdown as the cell of a table, which a bar would end even within code."""
    return markdown.replace("\\|", "|").replace("|", "\\|")


def block(lines: Iterable[str], language: str = "text") -> str:
    """Return lines as a block of code, each as it is."""
    text = "\n".join(lines)
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def folded(title: str, markdown: str) -> str:
    """Return Markdown that is folded away below a title of ours."""
    return f"<details><summary>{title}</summary>\n\n{markdown}\n\n</details>"


def _longest(text: str) -> int:
    """Return the length of the longest row of backticks."""
    return max(map(len, _BACKTICKS.findall(text)), default=0)
