"""What several tests share: the command as a user runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Command, InProcess


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    """The command without a process of its own."""
    return InProcess(tmp_path, monkeypatch, capsys)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """The command, and after the test the certainty that nothing which it started is still there."""
    used = Command(tmp_path)
    yield used
    assert used.left_behind() == []
