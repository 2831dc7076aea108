"""Fixtures for all tests: the command as a user runs it, and a port. Tests that start programs are marked here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Command, InProcess
from tests.ports import reserved_port

#: The fixtures that start programs; a test that uses one is marked `process`.
FIXTURES_WITH_PROGRAMS = {"house", "process", "pytester"}


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
