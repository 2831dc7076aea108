"""Source maps (ECMA-426): what a line of a script was in the file that its author wrote.

They are decoded by Sentry's `symbolic`, which knows index maps, ``sourceRoot``, and the guard ``)]}'`` before a map.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from symbolic.exceptions import SymbolicError
from symbolic.sourcemap import SourceMapTokenMatch, SourceMapView


@dataclass(frozen=True)
class Original:
    """A place in a file from which a script was made; line and column count from 1.

    Attributes:
        source: the file's name, as the map has it.
        text: the file's content; None where the map does not have it.
        is_foreign: whether the map says that it is no code of the page's author (``ignoreList``).
    """

    source: str
    line: int
    column: int
    text: str | None
    is_foreign: bool


class SourceMap:
    """The map of one script.

    Args:
        content: the map's text, as it was sent.

    Raises:
        ValueError: it is no source map.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._view = SourceMapView.from_json_bytes(content)
        except SymbolicError as error:
            raise ValueError(str(error)) from None
        self._foreign = frozenset(_foreign_sources(content))

    def original(self, line: int, column: int) -> Original | None:
        """Return what stands at a place of the script, counted from 1; None where nobody wrote it: a bundler did."""
        found = self._view.lookup(line - 1, column - 1)
        # Where the line itself has nothing before the column, symbolic returns what stands in a line above.
        if found is None or found.src is None or found.dst_line != line - 1:
            return None
        return Original(found.src, found.src_line + 1, found.src_col + 1, self._text(found), found.src in self._foreign)

    def _text(self, found: SourceMapTokenMatch) -> str | None:
        if found.src_id is None or self._view.get_sourceview(found.src_id) is None:
            return None
        return self._view.get_source_contents(found.src_id)


def _foreign_sources(content: bytes) -> Iterator[str]:
    """Yield the names of the sources that the map's ``ignoreList`` names, by that name or the one from before it."""
    text = content.decode("utf-8", "replace")
    try:
        parsed = json.loads(text[text.index("{") :])
    except (ValueError, RecursionError):
        return
    sections = parsed.get("sections") if isinstance(parsed, Mapping) else None
    maps = [one.get("map") for one in sections if isinstance(one, Mapping)] if isinstance(sections, list) else [parsed]
    for one in maps:
        if isinstance(one, Mapping):
            yield from _foreign_of(one)


def _foreign_of(parsed: Mapping[str, Any]) -> Iterator[str]:
    sources, root = parsed.get("sources"), parsed.get("sourceRoot") or ""
    listed = parsed.get("ignoreList", parsed.get("x_google_ignoreList"))
    if not isinstance(sources, list) or not isinstance(listed, list):
        return
    for place in listed:
        if isinstance(place, int) and 0 <= place < len(sources) and isinstance(sources[place], str):
            yield sources[place]
            yield f"{str(root).rstrip('/')}/{sources[place]}"
