"""The event, as the description of a start operation has it: OpenAPI has no words for a message between windows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

#: ``page: string,   Ex: "social-media-posting"``, of which one line has a bracket too many; and a table's row.
_LINE = re.compile(r"^\s*(\w+):\s*(\w+(?:\[\])?)\]?,?\s+Ex:\s*(.+?)\s*$", re.MULTILINE)
_ROW = re.compile(r"^\|\s*(\w+)\s*\|\s*(\w+(?:\[\])?)\s*\|\s*([^|]+?)\s*\|", re.MULTILINE)
_LISTENER = re.compile(r"\.data\.page\s*={2,3}\s*(['\"])(.+?)\1")

_EMPTY = {"string": "", "number": 0, "boolean": False, "object": {}}


@dataclass(frozen=True)
class DescribedEvent:
    """What a description says of the event.

    Attributes:
        data: each field with its example.
        listened: the spellings of ``page`` that its sample listener tests.
    """

    data: dict[str, Any]
    listened: tuple[str, ...]


def described_event(description: str) -> DescribedEvent | None:
    """Return the event of a description, or None where it describes none."""
    rows = _LINE.findall(description) or _ROW.findall(description)
    fields = {name: _example(kind, shown) for name, kind, shown in rows if _is_type(kind)}
    if "accountId" not in fields:
        return None
    listened = dict.fromkeys(spelling for _, spelling in _LISTENER.findall(description))
    return DescribedEvent(fields, tuple(listened))


def _is_type(kind: str) -> bool:
    return kind.removesuffix("[]") in _EMPTY


def _example(kind: str, shown: str) -> Any:
    """Return the example, or something empty of the type where it is none of that type."""
    plain = kind.removesuffix("[]")
    empty: Any = [_EMPTY[plain]] if kind.endswith("[]") else _EMPTY[plain]
    try:
        value = json.loads(shown)
    except ValueError:
        return empty
    return value if isinstance(value, type(empty)) else empty
