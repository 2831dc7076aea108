"""The command ``oauth-window`` as tests run it: in a process of its own, or in that of the tests."""

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

#: The time after which a command counts as hanging, in seconds.
LONGEST = 180


class Command:
    """The command ``oauth-window``, run in an empty folder, with a variable that marks every process that it starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = f"OAUTH_WINDOW_TEST={uuid.uuid4()}"

    def environment(self) -> dict[str, str]:
        """Return the caller's environment with the mark and the path of the package."""
        name, _, value = self.mark.partition("=")
        paths = [str(SOURCES), os.environ.get("PYTHONPATH", "")]
        return {**os.environ, name: value, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def command_line(self, *arguments: str) -> list[str]:
        """Return the command line with these arguments."""
        return [sys.executable, "-m", "oauth_window_harness", *arguments]

    def __call__(
        self, *arguments: str, prefix: tuple[str, ...] = (), variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, *self.command_line(*arguments)],
            cwd=self.folder,
            env={**self.environment(), **(variables or {})},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start the command in a process group of its own, as a terminal does."""
        return subprocess.Popen(
            self.command_line(*arguments),
            cwd=self.folder,
            env={**self.environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def processes_left(self) -> list[str]:
        """Return the command lines of the processes that this command started and that still run."""
        lines = []
        for pid, _ in self.environments():
            with suppress(OSError):  # it has ended meanwhile
                lines.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        return lines

    def environments(self) -> list[tuple[int, bytes]]:
        """Return the id and the environment of each process that this command started and that still runs."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended meanwhile, or is another user's
                environ = (process / "environ").read_bytes()
                if self.mark.encode() in environ:
                    found.append((int(process.name), environ))
        return found


class InProcess:
    """The command within the tests' process, in an empty folder: for tests that need no process of its own."""

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
        with pytest.raises(SystemExit) as exit_info:
            main()
        code = exit_info.value.code
        output = self._capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code if isinstance(code, int) else 0, output.out, output.err)
