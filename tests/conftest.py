"""What several tests share: the command as a user runs it, a port, and which tests start programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Command, InProcess
from tests.ports import reserved_port

#: Fixtures that start programs: a test that uses one is marked `process`.
STARTING = {"house", "process", "pytester"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start programs, so that `ci/check` can leave them to `ci/test`."""
    for item in items:
        if STARTING.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("process")


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    """The command without a process of its own."""
    return InProcess(tmp_path, monkeypatch, capsys)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Command]:
    """The command in a process of its own, and after the test the certainty that nothing it started is still there."""
    used = Command(tmp_path)
    yield used
    assert used.left_behind() == []


@pytest.fixture
def command(process: Command) -> Command:
    """The command as a user runs it; where a module's tests need no process of its own, they have another `command`."""
    return process


@pytest.fixture
def port() -> Iterator[int]:
    """A port for the app that the test lets `--app-command` start."""
    with reserved_port() as reserved:
        yield reserved
