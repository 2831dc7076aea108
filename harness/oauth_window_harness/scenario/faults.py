"""The faults of a scenario file, each with file and line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.scenario.model import Scenario

#: The location of a value: the keys and indices that lead to it.
Location = tuple[str | int, ...]

_UNKNOWN, _MISSING = "extra_forbidden", "missing"


@dataclass(frozen=True)
class Fault:
    """One fault; see `errors.HarnessError` for its parts."""

    line: int
    what: str
    seen: str
    todo: str

    def error(self, file: Path, further: Sequence[BadFileError] = ()) -> BadFileError:
        """Return this fault as an error, which carries further ones."""
        where = f"{file}:{self.line}"
        return BadFileError(self.what, where=where, seen=self.seen, todo=self.todo, further=further)


def combined_error(file: Path, faults: Sequence[Fault]) -> BadFileError:
    """Return one error that carries all faults, in the order of their lines."""
    first, *others = sorted(faults, key=lambda fault: fault.line)
    return first.error(file, [other.error(file) for other in others])


def faults_of(
    error: ValidationError, lines: Mapping[Location, int], unreadable: Collection[Location]
) -> Iterator[Fault]:
    """Yield the faults that make a document an invalid scenario.

    Args:
        error: the error of the scenario's model.
        lines: the line on which each value begins.
        unreadable: the values that could not be read, whose faults are reported already.
    """
    details = [(_location(one), one) for one in error.errors()]
    unknown = [location for location, one in details if one["type"] == _UNKNOWN]
    for location, one in details:
        if any(location[:n] in unreadable for n in range(len(location) + 1)):
            continue
        # A misspelled key is also a missing one; only the misspelling is reported, as it helps more.
        if one["type"] == _MISSING and any(_nearest_key(other) == location for other in unknown):
            continue
        yield _fault(location, one, lines)


def _location(error: ErrorDetails) -> Location:
    return tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))


def _nearest_key(unknown: Location) -> Location | None:
    """Return the location that a misspelled key probably means, or None."""
    near = difflib.get_close_matches(str(unknown[-1]), allowed_keys(unknown[:-1]), n=1)
    return (*unknown[:-1], near[0]) if near else None


def _fault(location: Location, error: ErrorDetails, lines: Mapping[Location, int]) -> Fault:
    line = next(lines[location[:n]] for n in range(len(location), -1, -1) if location[:n] in lines)
    dotted = ".".join(str(part) for part in location) or "the scenario"
    if error["type"] == _UNKNOWN:
        meant = _nearest_key(location)
        hint = f"did you mean {meant[-1]}? " if meant else ""
        allowed = ", ".join(allowed_keys(location[:-1]))
        return Fault(line, "an unknown key in a scenario file", seen=dotted, todo=f"{hint}allowed here: {allowed}")
    if error["type"] == _MISSING:
        return Fault(line, "a key is missing in a scenario file", seen=f"no {dotted}", todo=f"add {dotted}")
    return Fault(
        line,
        "a wrong value in a scenario file",
        seen=f"{dotted}: {_short_json(error['input'])}",
        todo=error["msg"].removeprefix("Value error, "),
    )


def _short_json(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - as much as fits on a terminal's line


def allowed_keys(location: Location) -> list[str]:
    """Return the keys that are allowed at a location, from the scenario's JSON Schema."""
    schema = Scenario.model_json_schema()
    here = schema
    for part in location:
        here = here["items"] if isinstance(part, int) else here["properties"][part]
        here = _resolve(schema, here)
    return [key for key in here["properties"] if key != "name" or location]


def _resolve(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    for candidate in _candidates(here):
        if "$ref" in candidate:
            definition: dict[str, Any] = schema["$defs"][candidate["$ref"].rpartition("/")[2]]
            return definition
    return here


def _candidates(here: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield here
    yield from here.get("anyOf", [])
    yield from here.get("allOf", [])
