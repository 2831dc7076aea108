"""Where the command's output goes stops no run: a pipe that is closed, an encoding without marks, a plain terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.commands import LONGEST, Command

RUN = ("run", "account-200", "account-401", "start-401", "--driver", "mock")
REPORTS = {"index.html", "results.json", "junit.xml"}


def reports_in(folder: Path) -> set[str]:
    return {file.name for file in (folder / "oauth-window-report").iterdir()} & REPORTS


def shell(command: Command, line: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which ``"$@"`` is the command."""
    return subprocess.run(
        ["sh", "-c", line, "sh", *command.command_line(*arguments)],
        cwd=command.folder,
        env={**command.environment(), **variables},
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )


@pytest.mark.parametrize(("more", "code"), [((), b"0"), (("--headed",), b"2")], ids=["held", "wrong-use"])
def test_a_closed_pipe_stops_no_run_and_the_exit_code_stays(
    command: Command, more: tuple[str, ...], code: bytes
) -> None:
    """Here nobody reads from the start, which is what a run that goes on after ``head -1`` comes to."""
    line = '{ "$@"; echo $? >&3; } 3>code 2>&1 | true'
    done = shell(command, line, *RUN, *more)
    assert (command.folder / "code").read_bytes().strip() == code
    assert done.stdout + done.stderr == b""
    assert reports_in(command.folder) == REPORTS


def test_the_first_line_can_be_had_alone(command: Command) -> None:
    done = shell(command, '{ "$@"; echo $? >&3; } 3>code | head -1', *RUN)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert (command.folder / "code").read_bytes().strip() == b"0"
    assert reports_in(command.folder) == REPORTS


@pytest.mark.parametrize(
    "arguments", [("--help",), ("run", "-h"), ("scenarios", "list"), ("scenarios", "show", "start-401")]
)
def test_what_is_only_printed_may_go_to_a_closed_pipe(command: Command, arguments: tuple[str, ...]) -> None:
    done = shell(command, '{ "$@"; echo $? >&3; } 3>code 2>&1 | true', *arguments)
    assert (command.folder / "code").read_bytes().strip() == b"0"
    assert done.stdout + done.stderr == b""


def test_output_that_was_closed_before_the_start_stops_no_run(command: Command) -> None:
    done = shell(command, '"$@" >&- 2>&-', *RUN)
    assert done.returncode == 0
    assert reports_in(command.folder) == REPORTS


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_without_the_marks_gets_ascii_ones(command: Command, encoding: str) -> None:
    done = shell(command, '"$@"', *RUN, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"] + account-200" in done.stdout
    assert reports_in(command.folder) == REPORTS
    for arguments in (("--help",), ("run", "--help"), ("scenarios", "list"), ("run", "no-such\u4e2d")):
        shown = shell(command, '"$@"', *arguments, PYTHONIOENCODING=encoding)
        assert b"Traceback" not in shown.stderr
        assert shown.returncode == (2 if arguments[-1].startswith("no-such") else 0)
        shown.stdout.decode(encoding)


@pytest.mark.parametrize(
    ("variables", "unwanted"),
    [({"TERM": "dumb"}, rb"\x1b"), ({"TERM": "xterm-256color", "NO_COLOR": "1"}, rb"\x1b\[[0-9;]*3[0-9][;m]")],
    ids=["dumb", "no-color"],
)
def test_a_terminal_without_colours_gets_none(command: Command, variables: dict[str, str], unwanted: bytes) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        running = subprocess.Popen(
            command.command_line(*RUN), cwd=command.folder, env={**command.environment(), **variables},
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the other end is closed
            while part := screen.read(4096):
                shown += part
        assert running.wait(LONGEST) == 0
    assert "✓ account-200".encode() in re.sub(rb"\x1b\[[0-9;]*m", b"", shown)
    assert not re.search(unwanted, shown)
