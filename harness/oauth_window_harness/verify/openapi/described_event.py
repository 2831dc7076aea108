"""The event in the description of a start operation, because OpenAPI cannot express a message between windows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

#: A line ``page: string,   Ex: "social-media-posting"``, one of which has an extra bracket; and the row of a table.
_LINE = re.compile(r"^\s*(\w+):\s*(\w+(?:\[\])?)\]?,?\s+Ex:\s*(.+?)\s*$", re.MULTILINE)
_ROW = re.compile(r"^\|\s*(\w+)\s*\|\s*(\w+(?:\[\])?)\s*\|\s*([^|]+?)\s*\|", re.MULTILINE)
_LISTENER = re.compile(r"\.data\.page\s*={2,3}\s*(['\"])(.+?)\1")

_EMPTY = {"string": "", "number": 0, "boolean": False, "object": {}}


@dataclass(frozen=True)
class DescribedEvent:
    """What a description says about the event.

    Attributes:
        data: each field with its example.
        page_spellings: the spellings of ``page`` that its sample listener tests.
    """

    data: dict[str, Any]
    page_spellings: tuple[str, ...]


def described_event(description: str) -> DescribedEvent | None:
    """Return the event that a description describes, or None if it describes none."""
    rows = _LINE.findall(description) or _ROW.findall(description)
    fields = {name: _example(kind, shown) for name, kind, shown in rows if _is_type(kind)}
    if "accountId" not in fields:
        return None
    page_spellings = dict.fromkeys(spelling for _, spelling in _LISTENER.findall(description))
    return DescribedEvent(fields, tuple(page_spellings))


def _is_type(kind: str) -> bool:
    return kind.removesuffix("[]") in _EMPTY


def _example(kind: str, shown: str) -> Any:
    """Return the example, or an empty value of the type if the example is not of that type."""
    plain = kind.removesuffix("[]")
    empty: Any = [_EMPTY[plain]] if kind.endswith("[]") else _EMPTY[plain]
    try:
        value = json.loads(shown)
    except ValueError:
        return empty
    return value if isinstance(value, type(empty)) else empty
