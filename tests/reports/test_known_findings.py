"""What the baseline knows fails nothing, and no report names it as the cause of a failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.events import RunEnded, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import KnownFinding, Results, ScenarioResult, summarize
from oauth_window_harness.run.verdict import findings_of, verdict_of

KNOWN, UNKNOWN, WARNING = "opener-detached", "silent-hang", "token-in-browser"


def result_of(codes: Sequence[str], *known: str) -> ScenarioResult:
    """Return the result of a play in which these findings were made, some of them known."""
    baseline = Baseline(known=tuple(KnownFinding(scenario="account-200", code=code) for code in known))
    findings = findings_of([finding(code) for code in codes], "account-200", baseline)
    return ScenarioResult(
        name="account-200",
        title="A story",
        tags=(),
        verdict=verdict_of(findings, None, None),
        duration_ms=1,
        findings=findings,
        events=(),
        requests=(),
    )


def results_of(result: ScenarioResult) -> Results:
    return Results(
        app="reference",
        driver="mock",
        browser=None,
        summary=summarize((result,)),
        causes=causes_of([result], ["oauth-window", "run"]),
        scenarios=(result,),
    )


@pytest.mark.parametrize(
    ("codes", "known", "verdict", "first"),
    [
        ([], [], "passed", None),
        ([UNKNOWN], [], "failed", UNKNOWN),
        ([KNOWN, UNKNOWN], [], "failed", KNOWN),
        ([KNOWN, UNKNOWN], [KNOWN], "failed", UNKNOWN),
        ([UNKNOWN, KNOWN], [KNOWN], "failed", UNKNOWN),
        ([KNOWN], [KNOWN], "warned", None),
        ([WARNING], [], "warned", None),
    ],
)
def test_the_first_broken_link_is_the_first_error_that_is_not_known(
    codes: list[str], known: list[str], verdict: str, first: str | None
) -> None:
    result = result_of(codes, *known)
    assert result.verdict == verdict
    told = json.loads(results_of(result).model_dump_json())["scenarios"][0]["first_broken_link"]
    assert told == (f"{first}: {finding(first).message}" if first else None)


def test_every_report_leads_with_the_error_that_failed_the_run(tmp_path: Path) -> None:
    result = result_of([KNOWN, UNKNOWN], KNOWN)
    folder, console = ArtifactFolder(tmp_path), Console(record=True, width=200)
    for listen in (html_report(folder), json_report(folder), terminal_report(console, "report")):
        listen(ScenarioEnded(result, Journal()))
        listen(RunEnded(results_of(result), ()))

    suites = ET.fromstring(junit(results_of(result)))
    (failure,) = suites.iter("failure")
    assert failure.get("type") == UNKNOWN
    assert failure.get("message") == finding(UNKNOWN).message
    assert f"error (known): {KNOWN}" in (suites.findtext(".//system-out") or "")
    (told,) = json.loads((tmp_path / "results.json").read_text())["scenarios"]
    assert told["first_broken_link"].startswith(f"{UNKNOWN}: ")
    html = (tmp_path / "index.html").read_text()
    assert html.index(UNKNOWN) < html.index(KNOWN)
    told_first = html.index("first broken link")
    assert html.index(UNKNOWN, told_first) < html.index(KNOWN, told_first)
    text = console.export_text()
    assert text.index(f"✗ {UNKNOWN}  ") < text.index(f"known: {KNOWN}, in 1 scenario")
