"""diagram.mmd: the sequence diagram of every play, as Mermaid text."""

from __future__ import annotations

from oauth_window_harness.results.diagram import diagram
from oauth_window_harness.results.events import Listener, RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder


def diagram_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that draws each play as soon as it has ended, where its result says that the diagram is."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded) and event.result.artifacts.diagram is not None:
            folder.write(event.result.artifacts.diagram, diagram(event.journal))

    return listen
