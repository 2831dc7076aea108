"""The workflows and the Dockerfile that users copy, and the project's own workflow: their shape and their commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from oauth_window_harness.__version__ import __version__
from tests.commands import InProcess
from tests.options import COMMANDS, options
from tests.paths import ROOT

TEMPLATES = ROOT / "ci" / "templates"
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
WORKFLOWS = {
    f"{service}-{language}.yml": schema for service, schema in SCHEMAS.items() for language in ("python", "node")
}
FEW = ("account-200", "account-401", "event-none", "window-closed-by-user")
OWN = ROOT / ".github" / "workflows" / "ci.yml"


@pytest.mark.process
@pytest.mark.parametrize(
    ("file", "schema"),
    [*((TEMPLATES / name, schema) for name, schema in WORKFLOWS.items()), (OWN, "vendor.github-workflows")],
    ids=[*WORKFLOWS, "own"],
)
def test_a_workflow_has_the_shape_that_its_vendor_wants(file: Path, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.process
def test_the_dockerfile_has_nothing_that_its_linter_tells() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not here: its wheel is for Linux on x86-64")
    done = subprocess.run([hadolint, str(TEMPLATES / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def lines(value: Any) -> Iterator[str]:
    """Yield the strings of a workflow, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from lines(inner)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_commands_of_a_workflow_exist(name: str) -> None:
    told = [line for line in lines(yaml.safe_load((TEMPLATES / name).read_text())) if line.startswith("oauth-window ")]
    used = {command_of(line) for line in told}
    assert used == {"run", "report merge", "verify"}
    for line in told:
        known = {option.split()[0] for option in options(COMMANDS[command_of(line)])}
        assert {word for word in shlex.split(line) if word.startswith("--")} <= known


def command_of(line: str) -> str:
    """Return the command that a command line calls."""
    return next(name for name in sorted(COMMANDS, key=len, reverse=True) if line.startswith(f"oauth-window {name} "))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_one_machine_plays_the_scenarios_of_a_workflow_until_it_is_told_of_more(name: str) -> None:
    """With one there is nothing to be merged, so that there is no second job."""
    workflow = yaml.safe_load((TEMPLATES / name).read_text())
    if name.startswith("github"):
        scenarios, report = workflow["jobs"]["scenarios"], workflow["jobs"]["report"]
        assert scenarios["strategy"]["matrix"]["shard"] == "${{ fromJSON(vars.OAUTH_WINDOW_SHARDS || '[1]') }}"
        assert "(vars.OAUTH_WINDOW_SHARDS || '[1]') != '[1]'" in report["if"]
    else:
        scenarios, report = workflow["scenarios"], workflow["report"]
        assert workflow["variables"]["SHARDS"] == scenarios["parallel"] == 1
        assert '$SHARDS != "1"' in report["rules"][0]["if"]
    assert report["needs"] in ("scenarios", ["scenarios"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_push_and_a_night_run_one_job_each_and_the_night_s_only_where_it_is_asked_for(name: str) -> None:
    workflow = yaml.safe_load((TEMPLATES / name).read_text())
    if name.startswith("github"):
        assert set(workflow["jobs"]) == {"scenarios", "report", "fixtures"}
        nightly = workflow["jobs"]["fixtures"]["if"]
        assert nightly == "github.event_name == 'schedule' && vars.HIGHLEVEL_LOCATION != ''"
    else:
        assert {job for job, value in workflow.items() if isinstance(value, dict) and "script" in value} == {
            "scenarios", "report", "fixtures",
        }  # fmt: skip
        assert workflow["fixtures"]["rules"] == [{"if": "$NIGHTLY && $HIGHLEVEL_LOCATION"}]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_installs_the_version_that_it_came_with_wherever_it_runs_the_command(name: str) -> None:
    workflow = yaml.safe_load((TEMPLATES / name).read_text())
    told = list(lines(workflow))
    assert told.count(f"oauth-window-harness=={__version__}") == 1
    commands = [line for line in told if line.startswith("oauth-window ")]
    assert told.count('pip install "$HARNESS"') == len(commands) == 3
    assert (told.count("npm ci") == 1) is ("node" in name)


@pytest.mark.parametrize("name", [name for name in WORKFLOWS if name.startswith("gitlab")])
def test_gitlab_gets_its_reports_of_one_machine_and_of_several(name: str) -> None:
    workflow = yaml.safe_load((TEMPLATES / name).read_text())
    for job, folder in (("scenarios", "oauth-window-1-of-1"), ("report", "oauth-window-report")):
        assert workflow[job]["artifacts"]["reports"] == {
            "junit": f"{folder}/junit.xml", "codequality": f"{folder}/gl-code-quality-report.json",
        }  # fmt: skip


@pytest.mark.parametrize("name", WORKFLOWS)
@pytest.mark.parametrize("machines", [1, 3])
def test_the_machines_of_a_workflow_play_every_scenario_once(
    in_process: InProcess, monkeypatch: pytest.MonkeyPatch, name: str, machines: int
) -> None:
    """The command lines of the template are played here, as each machine's shell makes them."""
    told = [line for line in lines(yaml.safe_load((TEMPLATES / name).read_text())) if line.startswith("oauth-window ")]
    (run,) = [line for line in told if command_of(line) == "run"]
    (merge,) = [line for line in told if command_of(line) == "report merge"]
    for number in range(1, machines + 1):
        variables = {"CI_NODE_INDEX": f"{number}", "CI_NODE_TOTAL": f"{machines}", "SHARD": f"{number}/{machines}"}
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        words = shlex.split(os.path.expandvars(run))
        shard, output = (
            words[words.index(option) + 1] if option in words else "" for option in ("--shard", "--output")
        )
        output = output or f"shards/oauth-window-{number}-of-{machines}"  # GitHub's artifact has the folder's name
        done = in_process("run", "--driver", "mock", *FEW, "--shard", shard, "--output", output)
        assert done.returncode == 0, done.stderr
    words = [
        word
        for part in shlex.split(merge)[1:]
        for word in (sorted(map(str, Path().glob(part))) if "*" in part else [part])
    ]
    assert in_process(*words).returncode == 0
    results = json.loads((in_process.folder / "oauth-window-report/results.json").read_text())
    assert [result["name"] for result in results["scenarios"]] == list(FEW)


def test_the_project_s_own_workflow_runs_the_scripts_that_people_run() -> None:
    jobs = yaml.safe_load(OWN.read_text())["jobs"]
    scripts = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert scripts == {
        "test": ["./ci/test"],
        "coverage": ["./ci/coverage"],
        "engines": ["./ci/engine ${{ matrix.browser }}"],
        "newest": ["./ci/newest"],
    }
    assert all(os.access(ROOT / script.split()[0], os.X_OK) for (script,) in scripts.values())


def test_the_project_s_own_workflow_tests_the_python_versions_that_are_claimed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    claimed = [found[1] for line in project["classifiers"] if (found := re.search(r":: Python :: (3\.\d+)$", line))]
    job = yaml.safe_load(OWN.read_text())["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == claimed
    assert project["requires-python"] == f">={claimed[0]}"
