"""Where a finding lies stands beside its evidence, and in SARIF by its path in the repository."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from oauth_window_harness.errors import OutputError
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reports.board import board
from oauth_window_harness.reports.findings_sarif import findings_sarif, sarif_report
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.place import Place, place_of
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.masking import masked_results
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.results.place import PlaceResult
from tests.reports.runs import AGAIN, ALL, FIRST, events_of, play, printed, results_of
from tests.sarif import SARIF

CONNECT = PlaceResult(file="web/src/connect it.ts", line=41, column=7, in_project=True)


def placed(result: ScenarioResult, *places: PlaceResult | None) -> ScenarioResult:
    """Return a result whose findings lie at these places, one after another."""
    pairs = zip(result.findings, places, strict=True)
    found = tuple(one.model_copy(update={"place": place}) for one, place in pairs)
    return result.model_copy(update={"findings": found})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a folder in a repository from which the scenarios are played."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "apps/shop"
    for name in (CONNECT.file, "web/other.ts"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("code\n")
    return folder


# --- the reports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terminal", [None, 40])
def test_the_terminal_names_the_place_whole_on_one_line(terminal: int | None) -> None:
    long = PlaceResult(file=f"src/{'deep/' * 20}a.ts", line=41, column=7)
    text = printed(events_of([placed(play(FIRST, "event-ignored"), long)]), terminal=terminal)
    assert f"    at {long}\n" in text
    assert "    at " not in printed(events_of([play(FIRST, "event-ignored")]))


def test_the_page_and_the_board_name_it_beside_the_evidence(tmp_path: Path) -> None:
    hostile = PlaceResult(file="<script>a</script>.js", line=1, column=2)
    result = placed(play(FIRST, "event-ignored"), hostile)
    html_report(ArtifactFolder(tmp_path / "report"))(RunEnded(results_of([result]), AGAIN))
    page = (tmp_path / "report/index.html").read_text()
    assert page.count('<li class="mono">at &lt;script&gt;a&lt;/script&gt;.js:1:2</li>') == 2
    assert page.count("<script>") == 1  # the report's own
    assert f"  at:   {hostile}" in board(ALL[FIRST], [], result.findings, [], [])


def test_a_cause_lies_where_the_first_of_its_scenarios_with_a_place_showed_it() -> None:
    plays = [placed(play("account-401", "silent-hang"), None), placed(play("account-500", "silent-hang"), CONNECT)]
    (cause,) = results_of(plays).causes
    assert cause.place == CONNECT


def test_a_secret_that_is_learnt_late_is_masked_in_an_address() -> None:
    redactor = Redactor()
    redactor.learn("late-secret-0123456789")
    place = PlaceResult(file="http://localhost/late-secret-0123456789.js", line=1, column=1)
    masked = masked_results(results_of([placed(play(FIRST, "event-ignored"), place)]), redactor)
    assert "late-secret" not in masked.model_dump_json()


# --- the place in a repository --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (CONNECT.file, "apps/shop/web/src/connect it.ts"),
        # Nothing that is not there, that is no file, or that is elsewhere.
        ("web/src/missing.ts", None),
        ("web/src", None),
        ("http://localhost:3000/app.js", None),
        ("../../elsewhere.ts", None),
    ],
)
def test_a_place_in_a_repository_is_a_file_there(repository: Path, file: str, told: str | None) -> None:
    (repository / "../../elsewhere.ts").write_text("code")
    result = placed(play(FIRST, "event-ignored"), CONNECT.model_copy(update={"file": file}))
    found = place_of(result.findings[0], repository)
    assert found == (None if told is None else Place(told, 41, 7))
    assert place_of(results_of([result]).causes[0], repository) == found


def test_without_a_repository_it_is_relative_to_the_folder(repository: Path) -> None:
    (repository / "../../.git").rmdir()
    found = place_of(placed(play(FIRST, "event-ignored"), CONNECT).findings[0], repository)
    # A temporary folder may itself be in somebody's repository.
    assert found is not None
    assert found.file.endswith(CONNECT.file)


# --- SARIF ----------------------------------------------------------------------------------------------------------


def sarif_of(folder: Path, plays: Sequence[ScenarioResult]) -> Any:
    report = json.loads(findings_sarif(results_of(plays), folder))
    Draft7Validator(SARIF).validate(report)
    (run,) = report["runs"]
    return run


def test_each_cause_at_each_place_is_one_result(repository: Path) -> None:
    other = PlaceResult(file="web/other.ts", line=1, column=1, in_project=True)
    run = sarif_of(
        repository,
        [
            placed(play("account-401", "silent-hang", "token-in-browser"), CONNECT, other),
            placed(play("account-403", "silent-hang", "token-in-browser"), CONNECT, other),
            placed(play("account-500", "silent-hang"), other),
        ],
    )
    shown = [(one["ruleId"], one["level"], one["message"]["text"].splitlines()[-1]) for one in run["results"]]
    assert shown == [
        ("silent-hang", "error", "in: account-401, account-403"),
        ("silent-hang", "error", "in: account-500"),
        ("token-in-browser", "warning", "in: account-401, account-403"),
    ]
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "apps/shop/web/src/connect%20it.ts"},
        "region": {"startLine": 41, "startColumn": 7},
    }
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    prints = [json.dumps(one["partialFingerprints"]) for one in run["results"]]
    assert len(set(prints)) == len(prints)


def test_a_result_without_a_place_is_left_out_and_told_of_the_run(repository: Path) -> None:
    outside = CONNECT.model_copy(update={"file": "http://localhost:3000/app.js"})
    run = sarif_of(repository, [placed(play("account-401", "silent-hang", "opener-detached"), outside, None)])
    assert run["results"] == []
    notes = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert [note.partition(",")[0] for note in notes] == ["silent-hang", "opener-detached"]


def test_what_the_baseline_knows_is_suppressed(repository: Path) -> None:
    known = placed(play("account-401", "silent-hang", known=["silent-hang"]), CONNECT)
    (one,) = sarif_of(repository, [known])["results"]
    assert one["suppressions"][0]["kind"] == "external"


def test_a_line_that_moves_leaves_the_same_fingerprint(repository: Path) -> None:
    moved = CONNECT.model_copy(update={"line": 50})
    prints = [
        sarif_of(repository, [placed(play(FIRST, "event-ignored"), place)])["results"][0]["partialFingerprints"]
        for place in (CONNECT, moved)
    ]
    assert prints[0] == prints[1]


def test_a_run_writes_the_file_and_says_where_it_cannot(tmp_path: Path) -> None:
    ended = RunEnded(results_of([play(FIRST)]), AGAIN)
    sarif_report(tmp_path / "new/found.sarif")(ended)
    Draft7Validator(SARIF).validate(json.loads((tmp_path / "new/found.sarif").read_text()))
    with pytest.raises(OutputError, match="SARIF"):
        sarif_report(tmp_path)(ended)
