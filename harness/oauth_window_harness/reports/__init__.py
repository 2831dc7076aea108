"""Listeners that report a run to people and machines."""

from __future__ import annotations

from rich.console import Console

from oauth_window_harness.reports.diagram import diagram_report
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.events import Listener
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results


def all_reports(console: Console, folder: ArtifactFolder, earlier: Results | None = None) -> list[Listener]:
    """Return the listeners of a run: one prints to the terminal, the others write into the report folder.

    Args:
        console: where to print.
        folder: the report folder.
        earlier: the results of the run before, beside which index.html shows what has changed.
    """
    return [
        terminal_report(console, str(folder.root)),
        diagram_report(folder),
        json_report(folder),
        junit_report(folder),
        html_report(folder, earlier=earlier),
    ]
