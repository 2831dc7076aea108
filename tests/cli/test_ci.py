"""What a run tells to the CI service that it is on, and what it prints for a program that started it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.results.model import Results
from tests.commands import Command, InProcess

FEW = ("account-200", "account-401", "--driver", "mock")

#: A run that its options end.
HEADED = ("account-200", "--driver", "mock", "--headed")


@pytest.fixture
def summary(tmp_path: Path) -> Path:
    return tmp_path / "summary.md"


def results_of(text: str) -> dict[str, Any]:
    Results.model_validate_json(text)
    told: dict[str, Any] = json.loads(text)
    return told


def test_nothing_is_told_to_a_service_where_there_is_none(in_process: InProcess) -> None:
    done = in_process("run", *FEW)
    assert done.returncode == 0
    assert "::" not in done.stdout
    assert sorted(file.name for file in (in_process.folder / "oauth-window-report").glob("*.*") if file.is_file()) == [
        ".oauth-window-report", "ctrf-report.json", "index.html", "junit.xml", "results.json",
    ]  # fmt: skip


def test_github_gets_a_summary_and_an_annotation_of_what_ended_the_run(in_process: InProcess, summary: Path) -> None:
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    held = in_process("run", *FEW, variables=variables)
    assert held.returncode == 0
    assert "::" not in held.stdout
    wrong = in_process("run", *HEADED, "--output", "other", variables=variables)
    assert wrong.returncode == 2
    assert wrong.stdout.splitlines()[-1].startswith("::error title=oauth-window%3A the run could not go on::error: ")
    titles = [line for line in summary.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert titles == ["## oauth-window: no failure", "## oauth-window: the run could not go on"]


@pytest.mark.parametrize("value", ["", "false", "0"])
def test_a_variable_that_says_no_is_none(in_process: InProcess, value: str) -> None:
    done = in_process("run", *HEADED, variables={"GITHUB_ACTIONS": value, "GITHUB_STEP_SUMMARY": ""})
    assert "::" not in done.stdout


def test_a_summary_that_cannot_be_written_is_an_error_of_the_environment(in_process: InProcess) -> None:
    done = in_process("run", *FEW, variables={"GITHUB_STEP_SUMMARY": "no/such/folder/summary.md"})
    assert done.returncode == 3
    assert "GITHUB_STEP_SUMMARY=no/such/folder/summary.md" in done.stderr
    assert (in_process.folder / "oauth-window-report" / "results.json").exists()


def test_gitlab_gets_its_code_quality_report(in_process: InProcess) -> None:
    done = in_process("run", *FEW, variables={"GITLAB_CI": "true"})
    assert done.returncode == 0
    file = in_process.folder / "oauth-window-report" / "gl-code-quality-report.json"
    assert json.loads(file.read_text()) == []


def test_a_merged_report_tells_them_what_its_shards_leave_to_it(in_process: InProcess, summary: Path) -> None:
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITLAB_CI": "true"}
    for shard in ("1/2", "2/2"):
        in_process("run", *FEW, "event-none", "--shard", shard, "--output", f"shard-{shard[0]}", variables=variables)
    lone = in_process("report", "merge", "shard-1", "--output", "lone", variables=variables)
    assert "::error title=oauth-window%3A the run could not go on::" in lone.stdout
    done = in_process("report", "merge", "shard-1", "shard-2", variables=variables)
    assert (done.returncode, "::" in done.stdout) == (0, False)
    titles = [line for line in summary.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert titles == [
        "## oauth-window: no failure, shard 1 of 2",
        "## oauth-window: no failure, shard 2 of 2",
        "## oauth-window: the run is not whole",
        "## oauth-window: no failure",
    ]
    assert {file.name for file in (in_process.folder / "oauth-window-report").glob("*.json")} == {
        "results.json", "ctrf-report.json", "gl-code-quality-report.json",
    }  # fmt: skip


# --- for programs ---------------------------------------------------------------------------------------------------


def test_json_is_all_that_stands_on_standard_output(in_process: InProcess) -> None:
    done = in_process("run", "--json", *FEW, variables={"GITHUB_ACTIONS": "true"})
    file = in_process.folder / "oauth-window-report" / "results.json"
    assert done.returncode == 0
    assert done.stdout == file.read_text(encoding="utf-8")
    assert [result["name"] for result in results_of(done.stdout)["scenarios"]] == ["account-200", "account-401"]
    assert "2 passed" in done.stderr
    assert "report: oauth-window-report/index.html" in done.stderr


def test_json_has_the_error_that_ended_the_run_and_the_exit_code_is_the_same(in_process: InProcess) -> None:
    """Also where an earlier report stays in the folder."""
    in_process("run", *FEW)
    done = in_process("run", "--json", *HEADED)
    assert done.returncode == in_process("run", *HEADED).returncode == 2
    assert results_of(done.stdout)["error"]["what"] == "--headed is of no use with --driver mock"
    results = in_process.folder / "oauth-window-report" / "results.json"
    assert len(json.loads(results.read_text())["scenarios"]) == 2


def test_json_of_what_failed_is_without_scenarios_where_nothing_did(in_process: InProcess) -> None:
    in_process("run", *FEW)
    done = in_process("run", "--json", "--last-failed", "--driver", "mock")
    assert done.returncode == 0
    assert results_of(done.stdout)["scenarios"] == []
    assert "nothing failed in the earlier run" in done.stderr


def test_json_goes_with_no_list(in_process: InProcess) -> None:
    done = in_process("run", "--json", "--list")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--list, --json" in done.stderr


def test_a_program_reads_json_from_the_command(process: Command) -> None:
    done = process("run", "--json", *FEW)
    assert done.returncode == 0
    assert results_of(done.stdout)["summary"]["passed"] == 2
