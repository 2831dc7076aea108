"""The workflows and the Dockerfile that users copy: they are well-formed, and the commands in them exist."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
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


@pytest.mark.process
@pytest.mark.parametrize(("name", "schema"), WORKFLOWS.items())
def test_a_workflow_has_the_shape_that_its_vendor_wants(name: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(TEMPLATES / name)]
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
    """Give the texts of a workflow, however deep."""
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
    assert sorted(groups) == sorted({scenario.tags[0] for scenario in catalog.bundled().values()})
