"""Read scenario files: from YAML to frozen scenarios, with every fault reported by file and line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.scenario.effects import ineffective_keys
from oauth_window_harness.scenario.faults import Fault, Location, allowed_keys, combined_error, faults_of
from oauth_window_harness.scenario.model import Scenario

#: The largest scenario file, in bytes: a scenario is one screen of text.
LARGEST_FILE = 64 * 1024
#: How deep its values may be nested.
DEEPEST = 12


@dataclass
class _Document:
    """A YAML document as plain data, with the line on which each of its values begins, and its faults."""

    data: Any = None
    lines: dict[Location, int] = field(default_factory=dict)
    unreadable: set[Location] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def read_scenario(file: Path) -> Scenario:
    """Return the scenario of a file; its name is the file's name without the ending.

    Raises:
        BadFileError: the file cannot be read, is not YAML, or is not a valid scenario; it carries all faults.
    """
    document = _parse(file, _text_of(file))
    if not isinstance(document.data, dict):
        raise BadFileError(
            "a scenario file holds no mapping",
            where=f"{file}:1",
            seen="nothing" if document.data is None else type(document.data).__name__,
            todo=f"begin with: {', '.join(allowed_keys(()))}",
        )
    data = {"name": file.stem, **document.data}
    if data["name"] != file.stem and ("name",) not in document.unreadable:
        fault = Fault(
            document.lines[("name",)],
            "a scenario's name is its file's name",
            seen=f"name: {data['name']}",
            todo="leave `name` out, or rename the file",
        )
        document.faults.append(fault)
    try:
        # Through JSON, so that lists become tuples while text stays text.
        scenario = Scenario.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        document.faults += faults_of(error, document.lines, document.unreadable)
    else:
        document.faults += [
            Fault(
                document.lines.get(place, document.lines.get(place[:1], 1)),
                "a key has no effect in this story",
                seen=f"{'.'.join(place)}: {reason}",
                todo="leave the key out, or let the story lead there",
            )
            for place, reason in ineffective_keys(scenario)
        ]
        if not document.faults:
            return scenario
    raise combined_error(file, document.faults)


def _text_of(file: Path) -> str:
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
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadFileError(
            "a scenario file is not UTF-8",
            where=f"{file}:{line}",
            seen=f"byte {raw[error.start]:#04x}",
            todo="save it as UTF-8",
        ) from None


def _parse(file: Path, text: str) -> _Document:
    """Return the document, composed node by node: so duplicate keys and aliases are refused, and lines are known."""
    document = _Document()
    try:
        _refuse_aliases_and_depth(file, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            document.data = _plain(node, (), document)
    except yaml.MarkedYAMLError as error:
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
        line = marks[0].line if marks else 0
        # By the mark's own place: YAML knows more line breaks than other readers of text do.
        tab = bool(marks) and "\t" in text[max(0, marks[0].index - marks[0].column) : marks[0].index + 1]
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


def _refuse_aliases_and_depth(file: Path, text: str) -> None:
    depth = 0
    aliases = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            aliases.append(
                Fault(line, "an alias in a scenario file", seen=f"*{event.anchor}", todo="write the value out")
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadFileError(
                "a scenario file is nested too deeply",
                where=f"{file}:{line}",
                seen=f"{depth} levels",
                todo=f"at most {DEEPEST}",
            )
    if aliases:
        raise combined_error(file, aliases)


def _plain(node: yaml.Node, at: Location, document: _Document) -> Any:
    document.lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, (*at, index), document) for index, inner in enumerate(node.value)]
    # The loader's constructor knows YAML's scalars; it gets one scalar at a time.
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, AttributeError, OverflowError) as error:  # such as 2021-13-45
        fault = Fault(
            node.start_mark.line + 1,
            "a value in a scenario file cannot be read",
            seen=f"{str(node.value)[:60]}: {error}",
            todo="put it in quotes, if it is text",
        )
        document.faults.append(fault)
        document.unreadable.add(at)
        return str(node.value)


def _mapping(node: yaml.MappingNode, at: Location, document: _Document) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in mapping:
            fault = Fault(
                line,
                "a key stands twice in a scenario file",
                seen=f"{key}, first on line {document.lines[(*at, key)]}",
                todo="keep one of them",
            )
            document.faults.append(fault)
            continue
        mapping[key] = _plain(value_node, (*at, key), document)
        document.lines[(*at, key)] = line
    return mapping
