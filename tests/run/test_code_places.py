"""A finding names the line of the app's own code: in pages, scripts, components, and through the map of a bundle."""

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

#: By app: what is found, and the line of the mistake. They differ in how the page is written and where it goes wrong.
PLACES = {
    "bundled-typescript-origin": ("origin-check-weak", "src/messages.ts", "message.origin.endsWith("),
    "await-settings-then-open": ("window-blocked", "main.js", "window.open(url"),
    "null-window-focus-throws": ("window-blocked-unhandled", "index.html", "popup.focus();"),
    "genuine-event-throws": ("listener-threw", "index.html", "data.account.id"),
    "react-underscore-only": ("page-hyphen-ignored", "app.js", "data.page !== SOURCE_PAGE"),
    "listens-on-document": ("listener-missing", "index.html", 'document.addEventListener("message"'),
    "bearerless-web-component": ("authorization-missing", "facebook-connect.js", "await fetch("),
    "singular-account-path-xhr": ("follow-up-path-unknown", "facebook.js", ".open("),
}


def play(app: str, output: Path) -> Results:
    if (lacking := apps.missing(app)) is not None:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    must = apps.read(app).must_find[0]
    return apps.play(app, [must.scenario], output)


@pytest.mark.parametrize("app", PLACES)
def test_a_planted_bug_is_told_with_its_line(app: str, tmp_path: Path) -> None:
    code, file, text = PLACES[app]
    (cause,) = [cause for cause in play(app, tmp_path / "report").causes if cause.code == code]
    assert cause.place is not None
    assert cause.place.file == file
    line = (APPS / app / file).read_text(encoding="utf-8").splitlines()[cause.place.line - 1]
    assert text in line, f"{cause.place}: {line}"


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
