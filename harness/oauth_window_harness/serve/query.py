"""The query parameters of the control API: what each may be, and how one that cannot be understood is refused."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug import Request

from oauth_window_harness.errors import UsageError

#: The longest that a call waits for the page, in seconds.
LONGEST = 60.0

#: The most of a query that a refusal quotes, in characters.
_QUOTED = 100

_SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "seconds": {"type": "number", "minimum": 0, "maximum": LONGEST},
    "flag": {"type": "boolean"},
}


@dataclass(frozen=True)
class Parameter:
    """A query parameter of a call.

    Attributes:
        name: its name.
        meaning: what it does.
        kind: what its value may be: any text, a number of seconds, or true or false.
    """

    name: str
    meaning: str
    kind: Literal["text", "seconds", "flag"] = "text"

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its values."""
        return _SCHEMAS[self.kind]

    def demand(self, text: str) -> str | None:
        """Return what to send instead of a text that is none of its values; None if it is one."""
        if self.kind == "seconds" and not _is_patience(text):
            return f"send a number of seconds from 0 to {LONGEST:g}"
        if self.kind == "flag" and text not in ("true", "false"):
            return "send true or false"
        return None


def check(request: Request, parameters: Sequence[Parameter]) -> None:
    """Check that a call takes each parameter of its query, once, and with that value.

    Raises:
        UsageError: it does not; ignored, it would do something else than it says.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name, texts in request.args.lists():
        if name not in known:
            raise _error("an unknown query parameter", request, name, texts[0], _nearest(name, list(known)))
        if len(texts) > 1:
            raise _error("a query parameter is given twice", request, name, texts[1], f"give {name} once")
        demand = known[name].demand(texts[0])
        if demand is not None:
            raise _error("a query parameter cannot be understood", request, name, texts[0], demand)


def seconds(request: Request, name: str, default: float) -> float:
    """Return the seconds of a query that was checked."""
    return float(request.args.get(name, default))


def is_set(request: Request, name: str) -> bool:
    """Return whether a flag of a query that was checked is true."""
    return request.args.get(name) == "true"


def _is_patience(text: str) -> bool:
    try:
        return 0 <= float(text) <= LONGEST  # NaN is not
    except ValueError:
        return False


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name[:_QUOTED].lower(), known, n=1)
    if near:
        return f"nearest: {near[0]}"
    return f"this call takes {', '.join(known) or 'none'}"


def _error(what: str, request: Request, name: str, text: str, todo: str) -> UsageError:
    return UsageError(
        what, where=f"{request.method} {request.path}"[:_QUOTED], seen=f"{name}={text}"[:_QUOTED], todo=todo
    )
