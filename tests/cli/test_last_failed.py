"""``oauth-window run --last-failed``: what is played again, and what is said where there is nothing to."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.commands import Command, InProcess

MOCK = ("run", "--driver", "mock")


def results_of(command: Command) -> Mapping[str, str]:
    results = json.loads((command.folder / "oauth-window-report/results.json").read_text())
    return {result["name"]: result["verdict"] for result in results["scenarios"]}


def rewrite(command: Command, name: str, **changes: object) -> None:
    """Change the result of a scenario of the earlier run."""
    file = command.folder / "oauth-window-report/results.json"
    results = json.loads(file.read_text())
    next(result for result in results["scenarios"] if result["name"] == name).update(changes)
    file.write_text(json.dumps(results))


def test_what_failed_or_was_not_judged_or_rests_on_that_is_played_again_and_nothing_else(command: Command) -> None:
    command(*MOCK, "account-200", "account-400", "account-401", "account-403")
    rewrite(command, "account-400", verdict="failed")
    rewrite(command, "account-401", verdict="broken")
    rests_on = {"code": "silent-hang", "scenario": "account-400"}
    rewrite(command, "account-403", verdict="skipped", rests_on=rests_on)
    assert command(*MOCK, "--last-failed").returncode == 0
    assert set(results_of(command)) == {"account-400", "account-401", "account-403"}


def test_a_warning_that_failed_its_run_is_played_again(command: Command) -> None:
    command(*MOCK, "account-200", "account-400", "account-403", "--strict-warnings")
    warning = {
        "code": "token-in-browser",
        "severity": "warning",
        "message": "",
        "evidence": [],
        "mend": "",
        "clause": "",
    }
    rewrite(command, "account-400", verdict="warned", findings=[warning])
    rewrite(command, "account-403", verdict="warned", findings=[{**warning, "known": True}])
    assert command(*MOCK, "--last-failed").returncode == 0
    assert set(results_of(command)) == {"account-400"}


def test_what_rests_on_a_known_cause_alone_is_not_played(command: Command) -> None:
    command(*MOCK, "account-200", "account-400", "account-403")
    rewrite(command, "account-400", verdict="failed")
    rewrite(command, "account-403", verdict="skipped", rests_on={"code": "silent-hang", "scenario": "account-200"})
    assert command(*MOCK, "--last-failed").returncode == 0
    assert set(results_of(command)) == {"account-400"}


def test_a_run_that_did_not_come_to_its_end_is_not_taken_for_one_without_failures(command: Command) -> None:
    command(*MOCK, "account-200")
    file = command.folder / "oauth-window-report/results.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "interrupted": True}))
    done = command(*MOCK, "--last-failed")
    assert done.returncode == 2
    assert "it was interrupted" in done.stderr


def test_where_nothing_failed_nothing_is_played_and_the_report_stays(command: Command) -> None:
    command(*MOCK, "account-200")
    done = command(*MOCK, "--last-failed")
    assert (done.returncode, done.stdout) == (0, "nothing failed in the earlier run in oauth-window-report\n")
    assert set(results_of(command)) == {"account-200"}


def test_where_none_of_what_is_named_failed_it_says_what_did(command: Command) -> None:
    command(*MOCK, "account-200", "account-400", "account-401")
    rewrite(command, "account-400", verdict="failed")
    done = command(*MOCK, "--last-failed", "account-401")
    assert (done.returncode, done.stdout) == (
        0,
        "nothing of what is named failed in the earlier run in oauth-window-report; to be played again are: "
        "account-400\n",
    )


MINE = "title: Mine\nexpect: {outcome: connected, follow_up: true}\n"


@pytest.mark.parametrize("names", [(), ("account-200", "mine.yaml", "more")])
def test_a_scenario_of_the_users_own_is_played_again_from_its_file(command: Command, names: tuple[str, ...]) -> None:
    (command.folder / "mine.yaml").write_text(MINE)
    (command.folder / "more").mkdir()
    (command.folder / "more" / "other.yaml").write_text(MINE)
    command(*MOCK, "account-200", "mine.yaml", "more")
    for name in ("mine", "other"):
        rewrite(command, name, verdict="failed")
    assert command(*MOCK, *names, "--last-failed").returncode == 0
    assert set(results_of(command)) == {"mine", "other"}
    # What was named is played again, too.
    rewrite(command, "mine", verdict="failed")
    command(*MOCK, "--last-failed")
    assert set(results_of(command)) == {"mine"}


@pytest.mark.parametrize(("content", "said"), [(None, "no results of an earlier run"), ("{}", "the wrong shape")])
def test_without_readable_results_it_says_so(command: Command, content: str | None, said: str) -> None:
    if content is not None:
        folder = command.folder / "oauth-window-report"
        folder.mkdir()
        (folder / "results.json").write_text(content)
    done = command(*MOCK, "--last-failed")
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("content", ["[1", '{"schema_version":0,"scenarios":[]}'])
def test_the_advice_about_results_that_cannot_be_read_is_true(in_process: InProcess, content: str) -> None:
    report = in_process.folder / "oauth-window-report"
    report.mkdir()
    (report / "results.json").write_text(content)
    done = in_process(*MOCK, "account-200", "--last-failed")
    assert (done.returncode, "name with --output the folder of that run" in done.stderr) == (2, True)
    assert in_process(*MOCK, "account-200").returncode == 2
    (report / ".oauth-window-report").touch()
    done = in_process(*MOCK, "account-200", "--last-failed")
    assert (done.returncode, "leave --last-failed out: the run writes them anew" in done.stderr) == (2, True)
    assert in_process(*MOCK, "account-200").returncode == 0


def test_an_output_that_is_a_file_is_no_earlier_run(in_process: InProcess) -> None:
    (in_process.folder / "notes.txt").write_text("mine")
    done = in_process(*MOCK, "account-200", "--last-failed", "--output", "notes.txt")
    assert (done.returncode, "name with --output the folder of that run" in done.stderr) == (2, True)


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "65", "1.5", "", "٣"])
def test_a_number_of_jobs_that_makes_no_sense_is_refused(command: Command, jobs: str) -> None:
    done = command(*MOCK, f"--jobs={jobs}", "account-200")
    assert done.returncode == 2
    assert "--jobs" in done.stderr
    assert "a number from 1 to 64, or auto" in done.stderr
    assert done.stdout == ""
