"""What each report says of a run in which a warning is a failure: ``run --strict-warnings``."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from oauth_window_harness.reports.ctrf import ctrf
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.junit import junit
from oauth_window_harness.reports.step_summary import step_summary
from oauth_window_harness.reports.workflow_commands import commands
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from tests.reports.runs import FIRST, play, printed, results_of

CODE = "token-in-browser"
AGAIN = ("oauth-window", "run")
REASON = "a warning fails this run: --strict-warnings"


def results(*, strict: bool, known: bool = False) -> Results:
    """Return the results of a run that showed one warning."""
    plays = [play(FIRST, CODE, known=[CODE] if known else []), play("account-401")]
    return results_of(plays, AGAIN).model_copy(update={"strict_warnings": strict})


#: What each report counts as failing, or says of it.
SAYS = {
    "terminal": lambda told: REASON in printed([RunEnded(told, AGAIN)]),
    "again": lambda told: f"again: oauth-window run {FIRST}\n" in printed([RunEnded(told, AGAIN)]),
    "the rest again": lambda told: "again: oauth-window run --last-failed" in printed([RunEnded(told, AGAIN)]),
    "summary": lambda told: step_summary(told, "out").startswith("## oauth-window: 1 cause to mend\n"),
    "reason in the summary": lambda told: REASON in step_summary(told, "out").replace("\\", ""),
    "junit": lambda told: ET.fromstring(junit(told)).get("failures") == "1",
    "ctrf": lambda told: json.loads(ctrf(told))["results"]["summary"]["failed"] == 1,
    "annotation": lambda told: [line.split()[0] for line in commands(told)] == ["::error"],
}


@pytest.mark.parametrize("report", SAYS)
def test_a_warning_that_fails_the_run_is_told_as_a_failure_and_no_other_is(report: str) -> None:
    says = SAYS[report]
    assert says(results(strict=True))
    assert not says(results(strict=False))
    assert not says(results(strict=True, known=True))


def test_the_page_says_why_a_warning_failed_the_run(tmp_path: Path) -> None:
    for strict in (True, False):
        html_report(ArtifactFolder(tmp_path))(RunEnded(results(strict=strict), AGAIN))
        assert (REASON in (tmp_path / "index.html").read_text()) is strict
