"""The report of merged results: the files of a run's own report, without the events of a run."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.results.diagram_text import read_steps
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results


def write_merged(folder: ArtifactFolder, results: Results, again: Sequence[str]) -> None:
    """Write results.json, junit.xml and index.html; the sequences are drawn from the diagrams in the folder.

    Args:
        folder: the report folder, which has the files of the plays already.
        results: the merged results.
        again: the words of the command that plays a scenario again, without the scenario's name.
    """
    diagrams = {
        result.key: read_steps(folder.root / result.artifacts.diagram)
        for result in results.scenarios
        if result.artifacts.diagram is not None and result.rests_on is None
    }
    ended = RunEnded(results, again)
    for report in (json_report(folder), junit_report(folder), html_report(folder, diagrams)):
        report(ended)
