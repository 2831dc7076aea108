"""The command ``oauth-window`` as tests run it: in a process of its own, or in theirs."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from oauth_window_harness.cli import main
from tests.paths import SOURCES

#: No command of these tests may take longer, in seconds; one that does hangs.
LONGEST = 180


class Command:
    """The command ``oauth-window``, run in an empty folder, and a mark by which all that it starts is known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = f"OAUTH_WINDOW_TEST={uuid.uuid4()}"

    def environment(self) -> dict[str, str]:
        """Return the caller's environment, the mark, and where the package is."""
        name, _, value = self.mark.partition("=")
        paths = [str(SOURCES), os.environ.get("PYTHONPATH", "")]
        return {**os.environ, name: value, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def line(self, *arguments: str) -> list[str]:
        """Return the whole command line."""
        return [sys.executable, "-m", "oauth_window_harness", *arguments]

    def __call__(
        self, *arguments: str, prefix: tuple[str, ...] = (), variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, *self.line(*arguments)],
            cwd=self.folder,
            env={**self.environment(), **(variables or {})},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start it in a process group of its own, as a terminal does."""
        return subprocess.Popen(
            self.line(*arguments),
            cwd=self.folder,
            env={**self.environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def left_behind(self) -> list[str]:
        """Return the command lines of all processes that this command started and that are still there."""
        found = []
        for pid, _ in self.environments():
            with suppress(OSError):  # it has gone
                found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def environments(self) -> list[tuple[int, bytes]]:
        """Return the id and the environment of all processes that this command started and that are still there."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has gone, or is another user's
                environ = (process / "environ").read_bytes()
                if self.mark.encode() in environ:
                    found.append((int(process.name), environ))
        return found


class InProcess:
    """The command within this process, in an empty folder: for what needs no process of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        self._monkeypatch.chdir(self.folder)
        self._monkeypatch.setattr(sys, "argv", ["oauth-window", *arguments])
        for name, value in (variables or {}).items():
            self._monkeypatch.setenv(name, value)
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        told = self._capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code if isinstance(code, int) else 0, told.out, told.err)
