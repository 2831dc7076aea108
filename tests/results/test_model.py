"""results.json, as users' CI files read it."""

from __future__ import annotations

import json

import pytest

from oauth_window_harness.findings.finding import finding
from oauth_window_harness.findings.mends import lines_of
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.run.verdict import findings_of


@pytest.mark.parametrize("code", ["window-blocked", "unexpected-request"])
def test_a_finding_has_its_lines_before_and_after_or_null(code: str) -> None:
    (found,) = findings_of([finding(code)], "account-200", Baseline())
    lines = lines_of(code)
    wanted = {"before": lines.before, "after": lines.after} if lines else None
    assert json.loads(found.model_dump_json())["lines"] == wanted
