"""What has no place, and where places are told; that they are right, `test_apps` compares for every planted bug."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from oauth_window_harness.reports.findings_sarif import findings_sarif
from oauth_window_harness.results.model import Results
from tests import apps
from tests.paths import APPS

pytestmark = pytest.mark.browser


def play(app: str, output: Path) -> Results:
    if (lacking := apps.missing(app)) is not None:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    must = apps.read(app).must_find[0]
    return apps.play(app, [must.scenario], output)


def test_what_no_script_does_has_no_place(tmp_path: Path) -> None:
    results = play("coop-same-origin-header", tmp_path / "report")
    assert [(cause.code, cause.place) for cause in results.causes if cause.severity == "error"] == [
        ("opener-detached", None)
    ]


def test_the_places_of_a_bundle_reach_sarif_by_their_paths_in_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = "bundled-typescript-origin"
    results = play(app, tmp_path / "report")
    monkeypatch.chdir(APPS / app)
    (run,) = json.loads(findings_sarif(results, Path.cwd()))["runs"]
    shown = {
        one["ruleId"]: one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]
    }
    top = Path(os.path.commonpath([APPS, *[folder for folder in APPS.parents if (folder / ".git").exists()][:1]]))
    assert shown["origin-check-weak"] == (APPS / app / "src/messages.ts").relative_to(top).as_posix()
    assert shown["token-in-browser"] == (APPS / app / "src/api.ts").relative_to(top).as_posix()
