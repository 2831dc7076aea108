"""The options of a run in a project's file: which one is read, what may stand in it, and how a fault is told."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from oauth_window_harness.cli.next_command import replay_command
from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.run.configuration import read_configuration
from oauth_window_harness.run.option import Option
from oauth_window_harness.run.options import OPTIONS, RunOptions
from tests.commands import InProcess

#: The options that the command line alone has.
TYPED_ONLY = {"token", "write_baseline", "last_failed", "shard"}

PROJECT = "[project]\nname = 'shop'\n\n[tool.oauth-window]\n"


@pytest.fixture
def command(in_process: InProcess) -> InProcess:
    return in_process


def write(folder: Path, text: str, name: str = "oauth-window.toml") -> None:
    (folder / name).write_text(text)


def fault(folder: Path, text: str, name: str = "oauth-window.toml") -> BadFileError:
    write(folder, text, name)
    with pytest.raises(BadFileError) as raised:
        read_configuration(folder)
    return raised.value


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert read_configuration(tmp_path).values == {}
    assert read_configuration(tmp_path).defaults == RunOptions()


@pytest.mark.parametrize(("name", "before"), [("oauth-window.toml", ""), ("pyproject.toml", PROJECT)])
def test_every_kind_of_option_may_stand_in_the_file(tmp_path: Path, name: str, before: str) -> None:
    options = (
        'scenarios = ["contract"]\napp-command = "npm start"\nbefore = ["#open", "#more"]\npatience = 8\nrepeat = 2\n'
        'headed = true\ndriver = "mock"\nallow = ["CDN.example.com"]\noutput = "reports"\nexecutable = "chromium"\n'
    )
    write(tmp_path, before + options, name)
    configuration = read_configuration(tmp_path)
    assert configuration.scenarios == ("contract",)
    assert configuration.defaults == RunOptions(
        app_command="npm start",
        before=("#open", "#more"),
        patience=8.0,
        repeat=2,
        headed=True,
        driver="mock",
        allow=("cdn.example.com",),
        output=tmp_path / "reports",
        executable="chromium",
    )


def test_every_option_of_the_table_is_known_in_the_file(tmp_path: Path) -> None:
    """A value of a type that none takes is told as a wrong value, not as an unknown key."""
    for one in fields(RunOptions):
        told = fault(tmp_path, f"{one.name.replace('_', '-')} = 2026-11-26\n")
        assert (told.what == "a wrong value in the configuration") == (one.name not in TYPED_ONLY), told
    assert {name for name, row in OPTIONS.items() if row.one_off} <= TYPED_ONLY


@pytest.mark.parametrize("jobs", ["0", "65"])
def test_a_number_of_jobs_out_of_bounds_is_told_with_the_bounds(tmp_path: Path, jobs: str) -> None:
    assert fault(tmp_path, f"jobs = {jobs}\n").todo == 'jobs takes a whole number from 1 to 64 or "auto"'


def test_an_option_that_takes_a_number_or_a_word_takes_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIONS, "user", Option("N|auto", "How many."))
    for text, value in (("3", "3"), ('"auto"', "auto")):
        write(tmp_path, f"user = {text}\n")
        assert read_configuration(tmp_path).values == {"user": value}
    for text in ("0", "true", '"many"', "1.5"):
        assert fault(tmp_path, f"user = {text}\n").todo == 'user takes a whole number or "auto"'


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'fixtures = "recorded"\nbaseline = "/known.json"\nexecutable = "tools/chromium"\n')
    values = read_configuration(tmp_path).values
    assert values["fixtures"] == tmp_path / "recorded"
    assert values["baseline"] == Path("/known.json")
    assert values["executable"] == str(tmp_path / "tools" / "chromium")


@pytest.mark.parametrize(
    ("text", "line", "seen", "todo"),
    [
        ('app = "x"\napp-comand = "x"\n', 2, "app-comand", "did you mean app-command?"),
        ("app_command = 'x'\n", 1, "app_command", "did you mean app-command?"),
        ("[run]\napp = 'x'\n", 1, "run", "allowed: scenarios, app, "),
        ("# patience = 1\nbefore = [\n  'patience',\n]\npatience = 0\n", 5, "patience = 0", "from 0.1 to 600"),
        ("patience = nan\n", 1, "patience = nan", "a number from 0.1 to 600"),
        ("patience = true\n", 1, "patience = true", "a number"),
        ("repeat = 1.5\n", 1, "repeat = 1.5", "a whole number from 1 to 10000"),
        ("headed = 'yes'\n", 1, "headed = a text", "true or false"),
        ("before = '#open'\n", 1, "before = a text", 'a list of texts, such as ["one", "two"]'),
        ("then = ['#a', 3]\n", 1, "then = a list with numbers", "a list of texts"),
        ("driver = 'firefox'\n", 1, 'driver = "firefox"', 'driver takes "playwright" or "mock"'),
        ("output = {}\n", 1, "output = a table", "a path in quotes"),
        ("scenarios = 'contract'\n", 1, "scenarios = a text", "a list of texts"),
        ("allow = ['http://x/y']\n", 1, "allow = 'http://x/y'", "write HOST[:PORT]"),
        ("app = 'x\n", 1, "", "https://toml.io"),
        ("app = 'x'\napp = 'y'\n", 2, "", "https://toml.io"),
        ("before = [\n", 1, "", "https://toml.io"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_wanted(
    tmp_path: Path, text: str, line: int, seen: str, todo: str
) -> None:
    told = fault(tmp_path, text)
    assert told.where == f"{tmp_path}/oauth-window.toml:{line}"
    assert seen in told.seen
    assert todo in told.todo


def test_a_fault_in_a_table_of_another_file_is_told_with_its_line(tmp_path: Path) -> None:
    told = fault(tmp_path, f'{PROJECT}app = """\npatience = 3\n"""\npatience = 1000\n', "pyproject.toml")
    assert told.where == f"{tmp_path}/pyproject.toml:8"
    told = fault(tmp_path, "[tool]\noauth-window = 3\n", "pyproject.toml")
    assert told.where == f"{tmp_path}/pyproject.toml:2"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = fault(tmp_path, "usr = 'x'\npatience = 0\n")
    assert [error.where.rpartition(":")[2] for error in (told, *told.further)] == ["1", "2"]


@pytest.mark.parametrize("text", ["token = 'opaque-0123456789'\n", "token = ['opaque-0123456789']\n"])
def test_a_token_is_refused_and_never_quoted(tmp_path: Path, text: str) -> None:
    told = fault(tmp_path, text)
    assert "token-env" in told.todo
    assert "opaque" not in str(told)


def test_what_is_meant_for_one_run_is_refused(tmp_path: Path) -> None:
    assert "type --write-baseline" in fault(tmp_path, "write-baseline = true\n").todo


def test_two_files_with_options_are_refused(tmp_path: Path) -> None:
    write(tmp_path, f"{PROJECT}app = 'x'\n", "pyproject.toml")
    told = fault(tmp_path, "app = 'y'\n")
    assert told.where == f"{tmp_path}/pyproject.toml:4"
    write(tmp_path, "# nothing yet\n")
    assert read_configuration(tmp_path).values == {"app": "x"}


def test_a_project_without_options_here_need_not_be_valid(tmp_path: Path) -> None:
    write(tmp_path, "[project\n", "pyproject.toml")
    assert read_configuration(tmp_path).values == {}


def test_what_is_typed_wins(command: InProcess) -> None:
    write(command.folder, "scenarios = ['account-401']\ndriver = 'mock'\nheaded = true\nrepeat = 2\n")
    assert command("run", "--list").stdout.split() == ["account-401"]
    assert command("run", "account-200", "--list").stdout.split() == ["account-200"]
    # A browser's option is of no use to the mock; it is told by the line on which it stands, and can be taken back.
    wrong = command("run")
    assert wrong.returncode == 2
    assert "oauth-window.toml:3, headed" in wrong.stderr
    done = command("run", "--no-headed", "--repeat", "1")
    assert done.returncode == 0, done.stderr
    assert "1 scenario on reference, mock" in done.stdout


def test_a_token_that_is_typed_replaces_the_variable_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, "token-env = 'NOT_SET'\n")
    values = read_configuration(tmp_path).beside({"token": "typed", "token_env": None}, {"token"})
    assert values == {"token": "typed", "token_env": None}


def test_an_error_of_a_typed_option_names_no_file(tmp_path: Path) -> None:
    write(tmp_path, "\napp = 'x'\n")
    for given, where in (({"app"}, "--app"), ((), f"{tmp_path}/oauth-window.toml:2, app")):
        with pytest.raises(UsageError) as raised, read_configuration(tmp_path).blamed(given):
            raise UsageError("no address", where="--app")
        assert raised.value.where == where


def test_the_command_that_plays_it_again_leaves_out_what_stands_in_the_file() -> None:
    file = RunOptions(app="http://localhost:3000/", before=("#open",), token_env="TOKEN", headed=True)
    again = RunOptions(app="http://localhost:3000/", before=("#open",), token="opaque", token_env="TOKEN", patience=8.0)
    assert replay_command(again, file) == ["oauth-window", "run", "--patience", "8", "--no-headed"]
