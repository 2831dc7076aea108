"""results.json: the whole result of a run, for programs."""

from __future__ import annotations

from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import RESULTS, ArtifactFolder


def json_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes results.json at the end of a run, also of an interrupted one."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(RESULTS, event.results.model_dump_json(indent=1) + "\n")

    return listen
