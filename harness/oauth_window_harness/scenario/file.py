"""Reads scenario files: YAML in, frozen scenarios out, and every fault told with file and line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.scenario.model import Scenario

#: A scenario is one screen of text; what is much larger is something else.
LARGEST_FILE = 64 * 1024
DEEPEST = 12

Location = tuple[str | int, ...]


@dataclass
class _Document:
    """A YAML document as plain data, and the line on which each of its values begins."""

    data: Any = None
    lines: dict[Location, int] = field(default_factory=dict)


def read_scenario(file: Path) -> Scenario:
    """Give the scenario of a file; its name is the file's name without the ending.

    Raises:
        BadFileError: the file cannot be read, is no YAML, or is no scenario.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadFileError("a scenario file cannot be read", where=str(file), seen=error.strerror or "") from None
    if len(raw) > LARGEST_FILE:
        raise BadFileError(
            "a scenario file is too large",
            where=str(file),
            seen=f"{len(raw)} bytes",
            todo=f"at most {LARGEST_FILE} bytes",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadFileError(
            "a scenario file is not UTF-8",
            where=f"{file}:{line}",
            seen=f"byte {raw[error.start]:#04x}",
            todo="save it as UTF-8",
        ) from None
    document = _parse(file, text)
    if not isinstance(document.data, dict):
        raise BadFileError(
            "a scenario file holds no mapping",
            where=f"{file}:1",
            seen="nothing" if document.data is None else type(document.data).__name__,
            todo=f"begin with: {', '.join(_keys(()))}",
        )
    data = {"name": file.stem, **document.data}
    if data["name"] != file.stem:
        raise BadFileError(
            "a scenario's name is its file's name",
            where=f"{file}:{document.lines[('name',)]}",
            seen=f"name: {data['name']}",
            todo="leave `name` out, or rename the file",
        )
    try:
        # Through JSON, so that lists become tuples while text stays text.
        return Scenario.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        # A misspelled key is also a missing one; the misspelling is what helps.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise _told(file, document, first) from None


def _parse(file: Path, text: str) -> _Document:
    """Compose the document by hand, so that duplicate keys and aliases are refused and lines are known."""
    document = _Document()
    try:
        _refuse_what_expands(file, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            document.data = _plain(file, node, (), document)
    except yaml.MarkedYAMLError as error:
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
        line, column = (marks[0].line, marks[0].column) if marks else (0, 0)
        tab = "\t" in text.split("\n")[line][: column + 1]
        raise BadFileError(
            "a scenario file is not YAML",
            where=f"{file}:{line + 1}",
            seen="a tab" if tab else (error.problem or "something that YAML does not allow"),
            todo="indent with spaces"
            if tab
            else "mend the line; `oauth-window scenarios show account-200` shows a good one",
        ) from None
    except yaml.YAMLError as error:
        raise BadFileError("a scenario file is not YAML", where=str(file), seen=str(error).splitlines()[0]) from None
    return document


def _refuse_what_expands(file: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadFileError(
                "an alias in a scenario file",
                where=f"{file}:{line}",
                seen=f"*{event.anchor}",
                todo="write the value out",
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadFileError(
                "a scenario file is nested too deeply",
                where=f"{file}:{line}",
                seen=f"{depth} levels",
                todo=f"at most {DEEPEST}",
            )


def _plain(file: Path, node: yaml.Node, at: Location, document: _Document) -> Any:
    document.lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise BadFileError(
                    "a key stands twice in a scenario file",
                    where=f"{file}:{key_node.start_mark.line + 1}",
                    seen=f"{key}, first on line {document.lines[(*at, key)]}",
                    todo="keep one of them",
                )
            mapping[key] = _plain(file, value_node, (*at, key), document)
            document.lines[(*at, key)] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, inner, (*at, index), document) for index, inner in enumerate(node.value)]
    # The loader's constructor knows YAML's scalars; it is given one scalar at a time.
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, AttributeError, OverflowError) as error:  # such as a day that is none
        raise BadFileError(
            "a value in a scenario file cannot be read",
            where=f"{file}:{node.start_mark.line + 1}",
            seen=f"{str(node.value)[:60]}: {error}",
            todo="put it in quotes, if it is text",
        ) from None


def _told(file: Path, document: _Document, error: ErrorDetails) -> BadFileError:
    location = tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    line = next(document.lines[location[:n]] for n in range(len(location), -1, -1) if location[:n] in document.lines)
    dotted = ".".join(str(part) for part in location) or "the scenario"
    if error["type"] == "extra_forbidden":
        allowed = _keys(location[:-1])
        near = difflib.get_close_matches(str(location[-1]), allowed, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return BadFileError(
            "an unknown key in a scenario file",
            where=f"{file}:{line}",
            seen=dotted,
            todo=f"{hint}allowed here: {', '.join(allowed)}",
        )
    if error["type"] == "missing":
        return BadFileError(
            "a key is missing in a scenario file", where=f"{file}:{line}", seen=f"no {dotted}", todo=f"add {dotted}"
        )
    return BadFileError(
        "a wrong value in a scenario file",
        where=f"{file}:{line}",
        seen=f"{dotted}: {_shown(error['input'])}",
        todo=error["msg"].removeprefix("Value error, "),
    )


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - as much as fits on a terminal's line


def _keys(location: Location) -> list[str]:
    """Give the keys that are allowed at a place, from the scenario's JSON Schema."""
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
