"""Masks in results what has become known as a secret since they were made: by a later play, or by another at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.model import Results
from oauth_window_harness.results.place import PlaceResult

M = TypeVar("M", bound=BaseModel)

#: The fields that hold what came from outside; names, codes and files stay as they are.
_FROM_OUTSIDE = frozenset(
    {"app", "data", "evidence", "headers", "message", "origin", "reason", "target_origin", "title", "url"}
)
#: The fields that hold models with such fields.
_PARTS = frozenset({"causes", "events", "findings", "requests", "scenarios"})


def masked_results(results: Results, redactor: Redactor) -> Results:
    """Return the results without any secret that the redactor knows by now."""
    return _masked(results, redactor)


def _masked(part: M, redactor: Redactor) -> M:
    fields: Mapping[str, Any] = {name: getattr(part, name) for name in type(part).model_fields}
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _PARTS:
            # The scenarios of a cause are their names.
            changed[name] = tuple(_masked(one, redactor) if isinstance(one, BaseModel) else one for one in value)
        elif isinstance(value, PlaceResult):  # its file may be an address
            changed[name] = value.model_copy(update={"file": redactor.text(value.file)})
        elif name in _FROM_OUTSIDE and value is not None:
            new = redactor.data(value)
            changed[name] = tuple(new) if isinstance(value, tuple) else new
    return part.model_copy(update=changed) if changed else part
