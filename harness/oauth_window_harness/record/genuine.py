"""The values of a recording as they came, which no pseudonym may be mistaken for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

#: The shortest value that is looked for: shorter ones occur in every pseudonym.
_SHORTEST = 4
#: The shortest value that is looked for backwards, as the scan of what is written does.
_SHORTEST_BACKWARDS = 7

#: A run of letters and digits that may be an id; a word without a digit is a part of many pseudonyms, and no value.
_RUN = re.compile(r"(?=[^\W\d_]*\d)[^\W_]+")


class GenuineValues:
    """The values of a recording.

    Args:
        values: what was received, as JSON.
    """

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self._whole: set[str] = set()
        self._backwards: dict[str, set[str]] = {}
        for text in {text for value in values for text in _texts(value)}:
            for spelled in {text, unquote(text)}:
                self._add(spelled.casefold())

    def meet(self, pseudonym: str) -> bool:
        """Return whether a pseudonym is one of the values, or holds one, as a word of its own or backwards."""
        text = pseudonym.casefold()
        if text in self._whole or not self._whole.isdisjoint(_RUN.findall(text)):
            return True
        reverse = text[::-1]
        starts = range(len(reverse) - _SHORTEST_BACKWARDS + 1)
        return any(
            reverse.startswith(value, at)
            for at in starts
            for value in self._backwards.get(reverse[at : at + _SHORTEST_BACKWARDS], ())
        )

    def _add(self, text: str) -> None:
        for value in (text, *_RUN.findall(text)):
            if len(value) >= _SHORTEST:
                self._whole.add(value)
            if len(value) >= _SHORTEST_BACKWARDS:
                self._backwards.setdefault(value[:_SHORTEST_BACKWARDS], set()).add(value)


def _texts(value: Any) -> Iterator[str]:
    """Yield every text and number of a JSON value, the names of fields included."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
