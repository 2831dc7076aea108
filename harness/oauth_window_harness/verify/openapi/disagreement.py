"""One thing on which a body and a schema do not agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jsonschema import ValidationError

from oauth_window_harness.contract.shape import child_path, type_name


@dataclass(frozen=True)
class Disagreement:
    """One thing on which a body and a schema do not agree.

    Attributes:
        kind: ``unlisted``, the schema has no such field; ``absent``, it has one that the body has not; ``retyped``;
            ``changed``, the value is none of those allowed; ``contradicted``, its own example has the body's type and
            not the one that it names; ``ambiguous``, several of its alternatives allow the body; ``malformed``, it is
            no schema.
        path: in the body, an array's items folded into ``[*]``.
        has: what the body has.
        says: what the schema says.
    """

    kind: Literal["unlisted", "absent", "retyped", "changed", "contradicted", "ambiguous", "malformed"]
    path: str
    has: Any = None
    says: Any = None


def told(error: ValidationError) -> Iterator[Disagreement]:
    """Yield what an error of jsonschema says."""
    path = "$"
    for step in error.absolute_path:
        path = f"{path}[*]" if isinstance(step, int) else child_path(path, step)
    has: Any = error.instance
    says: Any = error.validator_value
    match error.validator:
        case "type":
            shown = error.schema.get("example") if isinstance(error.schema, Mapping) else None
            agrees = shown is not None and type_name(shown) == type_name(has)
            word = " or ".join(says) if isinstance(says, list) else says
            yield Disagreement("contradicted" if agrees else "retyped", path, type_name(has), word)
        case "required":
            for name in says:
                if name not in has:
                    yield Disagreement("absent", child_path(path, name), says="required")
        case "additionalProperties" | "unevaluatedProperties":
            pass  # told field by field
        case "enum" | "const":
            yield Disagreement("changed", path, has, says)
        case other:
            yield Disagreement("changed", path, None, f"{other}: {says}")
