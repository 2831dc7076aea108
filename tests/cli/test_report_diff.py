"""`report diff`: what has changed between two runs, as text and as JSON; and the same in the report of the next run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oauth_window_harness.results.model import ScenarioResult
from tests.commands import InProcess
from tests.reports.runs import FIRST, play, resting, results_of


@pytest.fixture
def command(in_process: InProcess) -> InProcess:
    return in_process


def write(file: Path, *plays: ScenarioResult) -> None:
    """Write the results.json of a run of these plays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(results_of(plays).model_dump_json())


def test_text_names_what_is_new_what_changed_and_ends_with_1_where_it_is_worse(command: InProcess) -> None:
    alike = ("account-401", "account-404")
    write(command.folder / "old/results.json", play(FIRST), *map(play, alike))
    resting_plays = [resting(name, "listener-missing") for name in alike]
    write(command.folder / "new.json", play(FIRST, "listener-missing"), *resting_plays)
    done = command("report", "diff", "old", "new.json")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if not line.startswith(("before:", "after:"))] == [
        "new      listener-missing (error): Nothing listened when the genuine event came. In account-200",
        "changed  account-200: passed → failed (listener-missing)",
        "changed  account-401, account-404: passed → skipped",
    ]


def test_json_has_the_same_and_mended_alone_ends_with_0(command: InProcess) -> None:
    write(command.folder / "old.json", play(FIRST, "silent-hang"))
    write(command.folder / "new.json", play(FIRST))
    done = command("report", "diff", "old.json", "new.json", "--format", "json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert [cause["code"] for cause in told["mended"]] == ["silent-hang"]
    assert told["schema_version"] == 1
    assert told["changed"][0]["before"] == "failed"


def test_runs_alike_have_nothing_to_tell(command: InProcess) -> None:
    write(command.folder / "results.json", play(FIRST))
    done = command("report", "diff", ".", "results.json")
    assert done.returncode == 0
    assert "nothing has changed" in done.stdout


def test_the_results_of_an_older_version_are_compared_by_what_they_have(command: InProcess) -> None:
    write(command.folder / "new.json", play(FIRST, "silent-hang"))
    old = json.loads((command.folder / "new.json").read_text())
    old["tool"]["version"] = "0.0.9"
    for part in ("causes", "duration_ms", "command"):
        del old[part]
    for finding in old["scenarios"][0]["findings"]:
        del finding["broken_link"]
    (command.folder / "old.json").write_text(json.dumps(old))
    done = command("report", "diff", "old.json", "new.json")
    assert done.returncode == 0
    assert "other version: 0.0.9" in done.stdout
    assert not any(line.startswith(("new ", "mended ")) for line in done.stdout.splitlines())
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("content", ["{}", "no JSON", '{"schema_version": 2}'])
def test_a_file_that_is_no_results_is_refused_with_its_name(command: InProcess, content: str) -> None:
    write(command.folder / "new.json", play(FIRST))
    (command.folder / "old.json").write_text(content)
    done = command("report", "diff", "old.json", "new.json")
    assert done.returncode == 2
    assert "old.json" in done.stderr


def test_a_run_into_the_folder_of_an_earlier_one_tells_what_has_changed(command: InProcess) -> None:
    page = command.folder / "oauth-window-report/index.html"
    mock = ("run", "--driver", "mock", "account-200", "account-401")
    command(*mock)
    assert "Since the run of" not in page.read_text()
    results = json.loads((page.parent / "results.json").read_text())
    results["scenarios"][0]["verdict"] = "failed"
    (page.parent / "results.json").write_text(json.dumps(results))
    command(*mock)
    text = page.read_text()
    assert "<h2>Since the run of " in text
    assert "<dd>account-200: failed → passed</dd>" in text
