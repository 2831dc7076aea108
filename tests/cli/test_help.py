"""Help: asked for by either name everywhere, with examples and exit codes; the first page of it waits for nothing."""

from __future__ import annotations

import pytest

from oauth_window_harness import __main__ as program
from tests.commands import Command, InProcess
from tests.options import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_short_name_everywhere(in_process: InProcess, name: str) -> None:
    short, long = (in_process(*name.split(), option) for option in ("-h", "--help"))
    assert (short.returncode, short.stderr) == (0, "")
    assert short.stdout == long.stdout != ""


def test_help_tells_of_the_file_an_example_and_the_exit_codes(in_process: InProcess) -> None:
    for arguments in ([], ["run"]):
        text = " ".join(in_process(*arguments, "--help").stdout.split())
        assert "oauth-window run --app http://localhost:3000/settings account-200" in text
        assert "Exit codes: 0 all held; 1 something was found; 2 wrong use" in text
    assert "may stand in oauth-window.toml, or in the table tool.oauth-window of pyproject.toml" in text


def test_the_help_that_is_stored_is_the_real_one(in_process: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ci/pages` writes it."""
    for name, value in (("COLUMNS", "80"), ("TERM", "dumb"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    real = in_process("--help").stdout
    stored = program.help_file().read_text(encoding="utf-8")
    assert [line.rstrip() for line in real.strip().splitlines()] == [
        line.rstrip() for line in stored.strip().splitlines()
    ]


def test_the_first_page_of_help_loads_no_library(process: Command) -> None:
    done = process("--help", variables={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.stdout == program.help_file().read_text(encoding="utf-8")
    assert not loaded & {"typer", "click", "rich", "asyncio", "inspect", "email"}


def test_a_narrow_terminal_gets_help_that_fits(process: Command) -> None:
    done = process("--help", variables={"COLUMNS": "60"})
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 60


def test_a_shell_s_completion_can_be_installed_and_completes(process: Command) -> None:
    script = process(variables={"_OAUTH_WINDOW_COMPLETE": "source_bash"})
    assert "complete" in script.stdout
    assert "oauth-window" in script.stdout
    words = {"_OAUTH_WINDOW_COMPLETE": "complete_bash", "COMP_WORDS": "oauth-window run --app", "COMP_CWORD": "2"}
    assert process(variables=words).stdout.split() == ["--app", "--app-command"]
