"""SARIF 2.1.0: the differences as code-scanning services show them, beside the lines of the fixtures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.contract.difference import SEVERITIES, Kind, Severity
from oauth_window_harness.results.drift import Drift, FixtureDifference

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}

_RULES: Mapping[Kind, str] = {
    "removed": "A field of the fixture is missing in the answer.",
    "added": "The answer has a field that the fixture lacks.",
    "retyped": "A field has another type.",
    "changed": "A value that is part of the contract has changed.",
    "status": "The request is answered with another status.",
    "header": "A header is missing, or has another value.",
}


def sarif(drift: Drift, files: Mapping[str, Path], folder: Path) -> str:
    """Return the report as SARIF.

    Args:
        drift: the report of the verification.
        files: each fixture's file, by its name.
        folder: the one that addresses are relative to, if they lie in it.
    """
    rules = [
        {
            "id": kind,
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": _LEVELS[SEVERITIES[kind]]},
        }
        for kind, text in _RULES.items()
    ]
    results = [_result(found, files[found.fixture], folder) for found in drift.differences]
    return document(rules, results, list(_notifications(drift)))


def document(
    rules: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    notifications: Sequence[Mapping[str, Any]],
    *,
    is_whole: bool = True,
) -> str:
    """Return a SARIF file of one run of the tool; ``is_whole`` says whether it came to its end."""
    run = {
        "tool": {"driver": {"name": "oauth-window", "version": __version__, "rules": rules}},
        "results": results,
        "invocations": [{"executionSuccessful": is_whole, "toolExecutionNotifications": notifications}],
        # The columns of scripts count as browsers count them.
        "columnKind": "utf16CodeUnits",
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _notifications(drift: Drift) -> Iterator[dict[str, Any]]:
    """Yield what is no difference, but must be reported: rejections, faults, notes, fixtures that were not compared."""
    for rejected in drift.rejected:
        text = f"{rejected.fixture}: rejected with {rejected.status}, {rejected.message}; {rejected.todo}"
        yield {"level": "error", "message": {"text": text}}
    notes = [*[f"{fault.where}: {fault.what}" for fault in drift.faults], *drift.notes]
    notes += [f"{left.fixture} was not compared: {left.reason}" for left in drift.not_compared]
    for text in notes:
        yield {"level": "note", "message": {"text": text}}


def _result(found: FixtureDifference, file: Path, folder: Path) -> dict[str, Any]:
    path = file.resolve()
    uri = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_uri()
    text = f"{found.path}: expected {_text_of(found.expected)}, seen {_text_of(found.seen)} (blame: {found.blame})"
    return {
        "ruleId": found.kind,
        "ruleIndex": list(_RULES).index(found.kind),
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": _line(path, found.path)},
                },
                "logicalLocations": [{"name": found.fixture, "fullyQualifiedName": f"{found.fixture}:{found.path}"}],
            }
        ],
        "partialFingerprints": {"drift/v1": f"{found.fixture}:{found.kind}:{found.path}"},
    }


def _line(file: Path, path: str) -> int:
    """Return the line of a field in a fixture, from 1; where the fixture lacks it, the line of the object around it."""
    lines = file.read_text(encoding="utf-8").splitlines()
    steps = re.findall(r"[\w-]+", path)
    begin = [("body", "data")] if path.startswith("$") else []
    at = 0
    for names in [*begin, *[(step,) for step in steps]]:
        ahead = range(at, len(lines))
        found = next((line for line in ahead if any(f'"{name}":' in lines[line] for name in names)), None)
        if found is None:
            break
        at = found
    return at + 1


def _text_of(value: Any) -> str:
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
