"""Fixtures for all tests: the command as a user runs it, and a port. Tests that start programs are marked here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Command, InProcess
from tests.ports import reserved_port

#: The fixtures that start programs; a test that uses one is marked `process`.
FIXTURES_WITH_PROGRAMS = {"house", "process", "pytester"}

#: The variables by which a run knows the CI service that it is on: the runs of tests tell nothing to that of the tests.
OF_CI = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "CI_PROJECT_DIR", "CI_CONFIG_PATH")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The temporary folder of the whole run, which its workers share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def pytest_configure() -> None:
    """Take the CI service's variables out of the environment of all tests, and of the programs that they start."""
    for name in OF_CI:
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start programs: `ci/check` leaves them to `ci/test`."""
    for item in items:
        if FIXTURES_WITH_PROGRAMS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("process")


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    """The command without a process of its own."""
    return InProcess(tmp_path, monkeypatch, capsys)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Command]:
    """The command in a process of its own; after the test, no process that it started may still run."""
    command = Command(tmp_path)
    yield command
    assert command.processes_left() == []


@pytest.fixture
def command(process: Command) -> Command:
    """The command as a user runs it; modules whose tests need no process of its own define another `command`."""
    return process


@pytest.fixture
def port() -> Iterator[int]:
    """A port for an app that `--app-command` starts."""
    with reserved_port() as reserved:
        yield reserved
