"""diagram.mmd: the sequence diagram of each play, as Mermaid text."""

from __future__ import annotations

from oauth_window_harness.results.diagram import diagram
from oauth_window_harness.results.events import Listener, RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder


def diagram_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes the diagram of each play as soon as it has ended, under the name in its result."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded) and event.result.artifacts.diagram is not None:
            folder.write(event.result.artifacts.diagram, diagram(event.journal))

    return listen
