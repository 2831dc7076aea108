"""SARIF 2.1.0, which code-scanning services show beside the fixture that has drifted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.contract.difference import SEVERITIES, Kind, Severity
from oauth_window_harness.results.drift import Drift, FixtureDifference

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}

_RULES: Mapping[Kind, str] = {
    "removed": "A field that the fixture has is not there.",
    "added": "A field is there that the fixture has not.",
    "retyped": "A field is of another type.",
    "changed": "A value that is a part of the contract is another.",
    "status": "The request is answered with another status.",
    "header": "A header is not there, or says something else.",
}


def sarif(drift: Drift, files: Mapping[str, Path], folder: Path) -> str:
    """Return the report as SARIF.

    Args:
        drift: what was found.
        files: each fixture's file, by its name.
        folder: that addresses are relative to, where they can be.
    """
    rules = [
        {
            "id": kind,
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": _LEVELS[SEVERITIES[kind]]},
        }
        for kind, text in _RULES.items()
    ]
    run = {
        "tool": {"driver": {"name": "oauth-window", "version": __version__, "rules": rules}},
        "results": [_result(found, files[found.fixture], folder) for found in drift.differences],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(drift))}],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _notifications(drift: Drift) -> Iterator[dict[str, Any]]:
    """Return what is no drift, and should not pass in silence either."""
    for rejected in drift.rejected:
        text = f"{rejected.fixture}: rejected with {rejected.status}, {rejected.message}; {rejected.todo}"
        yield {"level": "error", "message": {"text": text}}
    told = [*[f"{fault.where}: {fault.what}" for fault in drift.faults], *drift.notes]
    told += [f"{left.fixture} was not compared: {left.reason}" for left in drift.not_compared]
    for text in told:
        yield {"level": "note", "message": {"text": text}}


def _result(found: FixtureDifference, file: Path, folder: Path) -> dict[str, Any]:
    path = file.resolve()
    uri = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_uri()
    text = f"{found.path}: expected {_shown(found.expected)}, seen {_shown(found.seen)} (blame: {found.blame})"
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
    """Return the line on which a field stands in a fixture; of what it has not, that of what holds it."""
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


def _shown(value: Any) -> str:
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
