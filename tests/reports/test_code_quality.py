"""gl-code-quality-report.json: each thing to mend, with what GitLab wants of an entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.reports import code_quality
from oauth_window_harness.reports.place import Place
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results, ScenarioResult
from tests.reports import runs
from tests.reports.hostile import hostile_results
from tests.reports.runs import FIRST, play, results_of


def entries(results: Results) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(code_quality.code_quality(results, ".gitlab-ci.yml"))
    return told


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_page_with_one_mistake_has_one_entry(page: Callable[[], list[ScenarioResult]]) -> None:
    (entry,) = entries(results_of(page()))
    (code,) = {finding.code for result in page() for finding in result.findings}
    assert (entry["check_name"], entry["severity"]) == (f"oauth-window/{code}", "major")
    assert " Mend: " in entry["description"]
    assert entry["location"] == {"path": ".gitlab-ci.yml", "lines": {"begin": 1}}


def test_a_warning_is_minor_and_what_is_known_or_an_info_is_left_out() -> None:
    results = results_of([
        play(FIRST, "token-in-browser", "event-string-ignored"),
        play("account-401", "silent-hang", known=["silent-hang"]),
    ])  # fmt: skip
    assert [(entry["check_name"], entry["severity"]) for entry in entries(results)] == [
        ("oauth-window/token-in-browser", "minor")
    ]


def test_a_cause_is_known_again_wherever_its_line_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    results = results_of([play(FIRST, "silent-hang", "listener-threw")])
    fingerprints = set()
    for line in (3, 30):
        monkeypatch.setattr(code_quality, "place_of", lambda _cause, line=line: Place("src/a.js", line))
        fingerprints |= {entry["fingerprint"] for entry in entries(results)}
        assert entries(results)[0]["location"] == {"path": "src/a.js", "lines": {"begin": line}}
    assert len(fingerprints) == 2


def test_hostile_text_is_in_no_entry() -> None:
    assert all(entry["description"].isprintable() for entry in entries(hostile_results()))


@pytest.mark.parametrize("plays", [[play(FIRST)], [play(FIRST, "silent-hang")]], ids=["empty", "one"])
def test_the_next_run_replaces_it(tmp_path: Path, plays: list[ScenarioResult]) -> None:
    """Also where it has no entry, and nothing else is left of the run."""
    folder = ArtifactFolder(tmp_path)
    code_quality.code_quality_report(folder, ".gitlab-ci.yml")(RunEnded(results_of(plays), ()))
    assert (tmp_path / code_quality.CODE_QUALITY).exists()
    ArtifactFolder(tmp_path)
    assert not (tmp_path / code_quality.CODE_QUALITY).exists()
