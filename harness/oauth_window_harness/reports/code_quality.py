"""gl-code-quality-report.json: each thing to mend as GitLab's merge requests list it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from oauth_window_harness.reports.phrases import one_line
from oauth_window_harness.reports.place import Place, place_of
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import CauseResult, Results

CODE_QUALITY = "gl-code-quality-report.json"

_SEVERITIES = {"error": "major", "warning": "minor"}


def code_quality_report(folder: ArtifactFolder, file: str) -> Listener:
    """Return a listener that writes the report at the end of a run.

    Args:
        folder: the report folder.
        file: a file of the project that stands for the run, for causes of which no place is known: GitLab wants one.
    """

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(CODE_QUALITY, code_quality(event.results, file))

    return listen


def code_quality(results: Results, file: str) -> str:
    """Return the new errors and warnings as JSON; none is a list without entries."""
    causes = [cause for cause in results.causes if cause.severity in _SEVERITIES and not cause.known]
    return json.dumps([_entry(cause, file) for cause in causes], indent=1) + "\n"


def _entry(cause: CauseResult, file: str) -> dict[str, Any]:
    place = place_of(cause) or Place(file, 1)
    return {
        "description": one_line(f"{cause.message} Mend: {cause.mend}"),
        "check_name": f"oauth-window/{cause.code}",
        # The same for the same cause in the same file, wherever its line has moved: GitLab compares two branches by it.
        "fingerprint": hashlib.sha256(f"{cause.code}\0{place.file}".encode()).hexdigest()[:32],
        "severity": _SEVERITIES[cause.severity],
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }
