"""ctrf-report.json: the results in the Common Test Report Format, which test reporters of many CI services read."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

from oauth_window_harness.reports.phrases import one_line, told_elsewhere
from oauth_window_harness.reports.place import place_of
from oauth_window_harness.results.causes import fails
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import CauseResult, Results, ScenarioResult, Verdict
from oauth_window_harness.results.run_error import ErrorResult

CTRF = "ctrf-report.json"

_STATUSES = ("passed", "failed", "skipped", "pending", "other")

#: As in junit.xml, a failure is one thing to mend: a scenario that failed is told by its causes.
_OF_VERDICTS: dict[Verdict, str] = {
    "passed": "passed", "warned": "passed", "failed": "other", "skipped": "skipped", "broken": "failed",
}  # fmt: skip


def ctrf_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes the report at the end of a run."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(CTRF, ctrf(event.results))

    return listen


def ctrf(results: Results) -> str:
    """Return the results as CTRF: a test for each cause, then one for each play."""
    causes = [cause for cause in results.causes if fails(cause, results)]
    tests = [_cause(cause, results) for cause in causes]
    tests += [_play(result) for result in results.scenarios]
    tests += [_error(results.error)] if results.error is not None else []
    began = round(results.started_at.timestamp() * 1000)
    counts = Counter(test["status"] for test in tests)
    told = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "generatedBy": f"{results.tool.name} {results.tool.version}",
        "timestamp": results.started_at.isoformat(timespec="seconds"),
        "results": {
            "tool": {"name": results.tool.name, "version": results.tool.version},
            "summary": {
                "tests": len(tests),
                **{status: counts[status] for status in _STATUSES},
                "suites": 2 if causes else 1,
                "start": began,
                "stop": began + results.duration_ms,
                "duration": results.duration_ms,
            },
            "tests": tests,
            "environment": {"appName": results.app},
        },
    }
    return json.dumps(told, indent=1) + "\n"


def _cause(cause: CauseResult, results: Results) -> dict[str, Any]:
    place = place_of(cause)
    first = next((result for result in results.scenarios if result.name in cause.scenarios), None)
    lines = [
        *(f"seen: {line}" for line in cause.evidence),
        f"mend: {cause.mend}",
        f"in: {', '.join(cause.scenarios)}",
        *([f"rest on it: {', '.join(cause.rest_on_it)}"] if cause.rest_on_it else []),
        f"again: {cause.again}",
    ]
    told: dict[str, Any] = {
        "name": cause.code,
        "status": "failed",
        "duration": 0,
        "suite": ["oauth-window", "causes"],
        "message": one_line(f"{cause.message} Mend: {cause.mend}"),
        "trace": "\n".join(lines),
    }
    if place is not None:
        told |= {"filePath": place.file, "line": place.line}
    return told | (_attachments(first) if first is not None else {})


def _play(result: ScenarioResult) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": result.label,
        "status": _OF_VERDICTS[result.verdict],
        "rawStatus": result.verdict,
        "duration": result.duration_ms,
        "suite": ["oauth-window", result.tags[0] if result.tags else "scenario"],
        "type": "e2e",
        "tags": list(result.tags),
    }
    if result.verdict == "failed":
        told["message"] = told_elsewhere(result)
    elif result.reason:
        told["message"] = one_line(result.reason)
    told |= {"filePath": result.file} if result.file is not None else {}
    told |= {"browser": result.browser} if result.browser is not None else {}
    return told | _attachments(result)


def _attachments(result: ScenarioResult) -> dict[str, Any]:
    """Return the pictures of a play, and its trace, relative to the report; nothing where it has none."""
    files = [(PurePosixPath(path).stem, "image/png", path) for path in result.artifacts.screenshots]
    files += [("trace", "application/zip", result.artifacts.trace)] if result.artifacts.trace else []
    named = [{"name": name, "contentType": kind, "path": path} for name, kind, path in files]
    return {"attachments": named} if named else {}


def _error(error: ErrorResult) -> dict[str, Any]:
    return {
        "name": "run",
        "status": "failed",
        "rawStatus": error.kind,
        "duration": 0,
        "suite": ["oauth-window"],
        "message": one_line(error.what),
        "trace": "\n".join(f"{name}: {text}" for name, text in error.parts()),
    }
