"""The workflows and the Dockerfile that users copy, and the project's own workflow: their shape and their commands."""

from __future__ import annotations

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

from oauth_window_harness.scenario import catalog
from tests.options import COMMANDS, options
from tests.paths import ROOT

TEMPLATES = ROOT / "ci" / "templates"
WORKFLOWS = {"github.yml": "vendor.github-workflows", "gitlab.yml": "vendor.gitlab-ci"}
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
    used = {shlex.split(line)[1] for line in told}
    assert used == {"run", "verify"}
    for line in told:
        _, command, *arguments = shlex.split(line)
        if command not in COMMANDS:
            pytest.skip(f"`oauth-window {command}` is not there yet")
        known = {option.split()[0] for option in options(COMMANDS[command])}
        assert {word for word in arguments if word.startswith("--")} <= known


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_shards_of_a_workflow_are_all_groups(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    (shards,) = [line for line in text.splitlines() if "[contract, " in line]
    groups = shards.partition("[")[2].rstrip("]").replace(",", " ").split()
    assert sorted(groups) == sorted({scenario.tags[0] for scenario in catalog.bundled_scenarios().values()})


def test_the_project_s_own_workflow_runs_the_scripts_that_people_run() -> None:
    jobs = yaml.safe_load(OWN.read_text())["jobs"]
    scripts = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert scripts == {"test": ["./ci/test"], "coverage": ["./ci/coverage"], "newest": ["./ci/newest"]}
    assert all(os.access(ROOT / script, os.X_OK) for (script,) in scripts.values())


def test_the_project_s_own_workflow_tests_the_python_versions_that_are_claimed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    claimed = [found[1] for line in project["classifiers"] if (found := re.search(r":: Python :: (3\.\d+)$", line))]
    job = yaml.safe_load(OWN.read_text())["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == claimed
    assert project["requires-python"] == f">={claimed[0]}"
