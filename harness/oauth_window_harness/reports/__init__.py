"""Listeners that report a run to people and machines."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from oauth_window_harness.reports.ci import ci_reports, in_project
from oauth_window_harness.reports.ctrf import ctrf_report
from oauth_window_harness.reports.diagram import diagram_report
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.events import Listener
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results


def all_reports(
    console: Console, folder: ArtifactFolder, environment: Mapping[str, str], earlier: Results | None = None
) -> list[Listener]:
    """Return the listeners of a run: one prints to the terminal, the others write into the report folder.

    Args:
        console: where lines for people are printed.
        folder: the report folder.
        environment: the variables of the process, by which a CI service is known.
        earlier: the results of the run before, beside which index.html shows what has changed.
    """
    return [
        terminal_report(console, str(folder.root)),
        diagram_report(folder),
        json_report(folder),
        junit_report(folder, in_project(folder.root, environment)),
        ctrf_report(folder),
        html_report(folder, earlier=earlier),
        *ci_reports(folder, environment, console.file),
    ]
