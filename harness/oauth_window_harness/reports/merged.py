"""The report of merged results: the files of a run's own report and what CI is told, without the events of a run."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import IO

from oauth_window_harness.reports.ci import ci_reports, in_project
from oauth_window_harness.reports.ctrf import ctrf_report
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.results.diagram_text import read_steps
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results


def write_merged(
    folder: ArtifactFolder,
    results: Results,
    again: Sequence[str],
    environment: Mapping[str, str] = {},
    stream: IO[str] = sys.stdout,
) -> None:
    """Write the reports of the folder; the sequences are drawn from the diagrams in it.

    Args:
        folder: the report folder, which has the files of the plays already.
        results: the merged results.
        again: the words of the command that plays a scenario again, without the scenario's name.
        environment: the variables of the process, by which a CI service is known.
        stream: where lines for such a service are written.
    """
    diagrams = {
        result.key: read_steps(folder.root / result.artifacts.diagram)
        for result in results.scenarios
        if result.artifacts.diagram is not None and result.rests_on is None
    }
    ended = RunEnded(results, again)
    root = in_project(folder.root, environment)
    reports = [json_report(folder), junit_report(folder, root), ctrf_report(folder), html_report(folder, diagrams)]
    for report in [*reports, *ci_reports(folder, environment, stream)]:
        report(ended)
