"""results.json: the whole result of a run, for programs."""

from __future__ import annotations

from typing import TextIO

from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import RESULTS, ArtifactFolder
from oauth_window_harness.results.model import Results


def json_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes results.json at the end of a run, also of an interrupted one."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(RESULTS, text_of(event.results))

    return listen


def json_output(stream: TextIO) -> Listener:
    """Return a listener that writes the same into a stream, also where an earlier report stays in the folder."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            stream.write(text_of(event.results))
            stream.flush()

    return listen


def text_of(results: Results) -> str:
    """Return the text of results.json."""
    return results.model_dump_json(indent=1) + "\n"
