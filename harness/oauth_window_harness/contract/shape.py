"""The shape of a JSON value: its types and fields, with the items of an array merged."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

#: The type of a body that is not JSON.
TEXT = "text"

#: How deep a JSON value may be nested; the contract's deepest is six.
DEEPEST = 64

#: How many different values are kept for one path: a contract's values are few.
_MOST_VALUES = 20

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INDEX = re.compile(r"\[\d+\]")


@dataclass
class Shape:
    """The values at one path, merged.

    Attributes:
        types: JSON's names of the types (RFC 8259 §3), or `TEXT`.
        count: how many values there are.
        objects: how many of them are objects.
        fields: the shapes of the objects' fields, by name.
        items: the merged shape of the arrays' items, or None if there is no array.
        values: the values that are neither object nor array, each once, and at most `_MOST_VALUES`.
    """

    types: set[str] = field(default_factory=set)
    count: int = 0
    objects: int = 0
    fields: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    values: list[Any] = field(default_factory=list)

    @classmethod
    def text(cls) -> Shape:
        """Return the shape of a body that is not JSON."""
        return cls(types={TEXT}, count=1)

    def add(self, value: Any) -> None:
        """Merge one more value into the shape."""
        self.count += 1
        self.types.add(type_name(value))
        if isinstance(value, dict):
            self.objects += 1
            for name, inner in value.items():
                self.fields.setdefault(name, Shape()).add(inner)
        elif isinstance(value, list | tuple):
            self.items = self.items or Shape()
            for inner in value:
                self.items.add(inner)
        elif len(self.values) < _MOST_VALUES and not any(
            type(known) is type(value) and known == value for known in self.values
        ):
            self.values.append(value)

    def name(self) -> str:
        """Return the types as one word, such as ``string`` or ``null or string``."""
        return " or ".join(sorted(self.types))


def shape_of(value: Any) -> Shape:
    """Return the shape of one value."""
    shape = Shape()
    shape.add(value)
    return shape


def type_name(value: Any) -> str:
    """Return JSON's name of a value's type; it is ``number`` with or without a fraction."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def without_surrogates(text: str) -> str:
    """Return a text without lone surrogates, which JSON can escape (RFC 8259 §8.2) and UTF-8 cannot encode."""
    return _SURROGATE.sub("\ufffd", text)


def read_json(text: str) -> Any:
    """Return the value of a JSON text, without lone surrogates.

    Raises:
        ValueError: the text is not JSON, or is nested deeper than `DEEPEST`.
    """

    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is not JSON")  # RFC 8259 §6

    try:
        return _cleaned(json.loads(text, parse_constant=refuse))
    except RecursionError:
        raise ValueError("nested too deep") from None


def _cleaned(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {without_surrogates(name): _cleaned(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, depth + 1) for inner in value]
    return value


def child_path(path: str, name: str) -> str:
    """Return the JSON path of a field (RFC 9535 §2.3)."""
    return f"{path}.{name}" if _NAME.fullmatch(name) else f"{path}[{json.dumps(name, ensure_ascii=False)}]"


def fold_indexes(path: str) -> str:
    """Return a JSON path with every index as ``[*]``."""
    return _INDEX.sub("[*]", path)


def values_at(value: Any, path: str) -> list[Any]:
    """Return the values at a JSON path such as ``$.message[*]`` that are neither object nor array."""
    found = [value]
    for name in path.removeprefix("$").replace("[*]", ".[*]").split(".")[1:]:
        if name == "[*]":
            found = [item for one in found if isinstance(one, list) for item in one]
        else:
            found = [one[name] for one in found if isinstance(one, dict) and name in one]
    return [one for one in found if not isinstance(one, list | dict)]
