"""One point on which a body and a schema disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jsonschema import ValidationError

from oauth_window_harness.contract.shape import child_path, type_name


@dataclass(frozen=True)
class Disagreement:
    """One point on which a body and a schema disagree.

    Attributes:
        kind: ``unlisted``, the schema lacks the field; ``absent``, the body lacks the field; ``retyped``, the types
            differ; ``changed``, the value is not allowed; ``contradicted``, the schema's example has the body's type
            and not the schema's; ``ambiguous``, several alternatives of the schema allow the body; ``malformed``, the
            schema is invalid.
        path: the path in the body, with ``[*]`` for any item of an array.
        has: what the body has.
        says: what the schema says.
    """

    kind: Literal["unlisted", "absent", "retyped", "changed", "contradicted", "ambiguous", "malformed"]
    path: str
    has: Any = None
    says: Any = None


def disagreements_of(error: ValidationError) -> Iterator[Disagreement]:
    """Yield the disagreements that an error of jsonschema reports."""
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
            pass  # reported field by field elsewhere
        case "enum" | "const":
            yield Disagreement("changed", path, has, says)
        case other:
            yield Disagreement("changed", path, None, f"{other}: {says}")
