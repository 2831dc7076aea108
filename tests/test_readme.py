"""The README tells what is so: its snippets run, its tables hold every option, its help is the real one."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from werkzeug import Request, Response

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.file import read_scenario
from tests import suites
from tests.commands import Command
from tests.options import COMMANDS, options
from tests.paths import ROOT
from tests.readme import README, blocks, snippet, table

pytest_plugins = ["pytester"]

FLASK = ROOT / "fixtures" / "flask"

#: Before what a user's app would answer, in the snippets.
SHOWN = "http://localhost:3000/settings"


def words(line: str) -> list[str]:
    """Give the words of a command line; a comment is none."""
    return shlex.split(line, comments=True)


def lines(text: str) -> list[str]:
    """Give the command lines of a shell snippet, continued ones joined."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


# --- what stands in it --------------------------------------------------------------------------------------------


def test_the_quick_start_is_two_commands_each_in_a_block_of_its_own() -> None:
    quick = [block for block in blocks() if block.heading == "Quick start"]
    assert [(block.language, block.text) for block in quick] == [("sh", "./ci/demo\n"), ("sh", "./ci/test\n")]
    assert all(os.access(ROOT / block.text.strip(), os.X_OK) for block in quick)


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if options(command)])
def test_every_option_is_documented(name: str) -> None:
    """A command's table holds its options and no others; a command without one has them in the text."""
    text = README.read_text(encoding="utf-8").replace("\\|", "|")
    wanted = options(COMMANDS[name])
    missing = [option for option in wanted if not re.search(rf"`[^`\n]*{re.escape(option)}(?![\w-])[^`\n]*`", text)]
    assert missing == []
    rows = table(f"option of `{name}`")
    documented = [option for cell in rows for option in re.findall(r"`(--[^`]+)`", cell[0].replace("\\|", "|"))]
    if documented:
        assert sorted(documented) == sorted(wanted)


def test_the_findings_are_those_that_there_are() -> None:
    told = {row[0].strip("`"): (row[1], row[2]) for row in table("code")}
    assert list(told) == list(CAUSES)
    assert told == {code: (cause.severity, cause.message) for code, cause in CAUSES.items()}


def test_the_scenarios_are_those_that_there_are() -> None:
    told = {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[1])) for row in table("group")}
    groups: dict[str, set[str]] = {}
    for scenario in catalog.bundled().values():
        groups.setdefault(scenario.tags[0], set()).add(scenario.name)
    assert told == groups


def test_links_lead_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    goals = re.findall(r"\]\(([^)\s]+)\)", text)
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    missing = [goal for goal in goals if goal.startswith("#") and goal[1:] not in headings]
    missing += [goal for goal in goals if not goal.startswith(("#", "https://")) and not (ROOT / goal).exists()]
    assert missing == []


@pytest.mark.browser
def test_picture_and_help_are_what_the_program_shows() -> None:
    """`ci/pages` writes them anew."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "ci" / "pages.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run ci/pages\n{done.stdout}{done.stderr}"


def test_the_picture_asks_no_server_and_runs_no_script() -> None:
    drawn = (ROOT / "fixtures" / "report.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<foreignObject|@import|@font-face|href|url\((?!#)", drawn)


# --- that its snippets can be used ----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", list(blocks()), ids=lambda block: f"line {block.line}")
def test_every_snippet_can_be_used(block, tmp_path: Path) -> None:
    """Whatever else is run below: shell lines name commands and options that exist, the rest can be read."""
    readers: dict[str, Callable[[str], Any]] = {"python": ast.parse, "yaml": yaml.safe_load, "json": json.loads}
    if block.language in readers:
        readers[block.language](block.text)
    elif block.language == "sh":
        for line in lines(block.text):
            program, *arguments = words(line)
            if program == "oauth-window":
                _parse(arguments)
            else:
                known = (
                    "export",
                    "pip",
                    "playwright",
                    "pytest",
                    "curl",
                    "./ci/demo",
                    "./ci/test",
                    "npm",
                    "npx",
                    "node",
                    "docker",
                )
                assert program in known, line
    else:
        assert block.language == "text"


def _parse(arguments: list[str]) -> None:
    """See that the command takes these arguments, without running it."""
    command, depth = COMMANDS[""], 0
    while depth < len(arguments) and (inner := getattr(command, "commands", {}).get(arguments[depth])):
        command, depth = inner, depth + 1
    if arguments[depth:] not in (["--version"], ["--help"]):
        command.make_context("oauth-window", arguments[depth:])


# --- that they do what they say ---------------------------------------------------------------------------------------


@pytest.fixture
def settings() -> Iterator[str]:
    """A right page, with what the snippets look for in it."""
    page = (
        suites.page().replace('"connected"', '"Connected"').replace('<p id="status">', '<p id="status" role="alert">')
    )
    page = page.replace(
        "status.textContent = answer", 'status.id = answer.ok ? "connected" : "error"; status.textContent = answer'
    )
    page = page.replace("`refused ${answer.status}`", "`Try again: ${answer.status}`").replace(
        '"closed"', '"Try again"'
    )

    def answer(_request: Request) -> Response:
        return Response(page, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield f"http://localhost:{server.port}/settings"


@pytest.mark.browser
def test_five_minutes_on_a_page_of_one_s_own(command: Command, settings: str) -> None:
    heading = "Five minutes on your own page"
    first, second = (lines(snippet(heading, "sh", place))[0] for place in (1, 2))
    third = lines(snippet("On your own page, with every option", "sh"))[0]

    for line in (first, second, f"{third} account-200 account-401"):
        done = command(*words(line.replace(SHOWN, settings))[1:])
        assert done.returncode == 0, done.stdout + done.stderr

    assert (command.folder / "oauth-window-report" / "index.html").exists()


@pytest.mark.browser
def test_a_baseline_is_written_once_and_then_fails_nothing(command: Command) -> None:
    page = (ROOT / "fixtures" / "apps" / "console-only-error-spinner" / "index.html").read_bytes()

    with LoopbackServer(lambda _request: Response(page, content_type="text/html")) as server:
        url = f"http://localhost:{server.port}/"
        for line in lines(snippet("In CI", "sh")):
            done = command(*words(line.replace(SHOWN, url))[1:], "account-401", "--patience", "1")
            assert done.returncode == 0, done.stdout + done.stderr

    assert "known: silent-hang" in done.stdout


@pytest.mark.browser
def test_the_app_is_started_by_its_own_command(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    heading, port = "On your own page, with every option", suites.free_port()
    line = snippet(heading, "sh", 1).replace("5000", str(port)).replace("shop run", f"shop run --port {port}")
    shutil.copytree(FLASK, command.folder, dirs_exist_ok=True)

    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = command(*words(line)[1:], "account-200", variables={"PATH": path})

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.browser
def test_the_tests_of_the_text_pass(pytester: pytest.Pytester, settings: str) -> None:
    tests = [snippet("From pytest", "python", place).replace(SHOWN, settings) for place in (0, 1)]
    pytester.makepyfile(test_first=tests[0], test_more=tests[1])

    suites.run(pytester).assert_outcomes(passed=3)


@pytest.mark.browser
def test_the_flask_example_is_that_of_the_text_and_passes(pytester: pytest.Pytester) -> None:
    """Its own tests, and scenario files beside them, on two workers."""
    shutil.copytree(FLASK, pytester.path, dirs_exist_ok=True)
    conftest = (pytester.path / "conftest.py").read_text()
    assert _code(snippet("From pytest", "python", 2)) == _code(conftest)
    (pytester.path / "scenarios").mkdir()
    (pytester.path / "scenarios" / "scope-missing.yaml").write_text(snippet("Scenarios", "yaml"))
    line = words(snippet("From pytest", "sh"))

    result = suites.run(pytester, *line[1:], "-n", "2")

    result.assert_outcomes(passed=5)


def test_the_backend_of_the_text_is_tested_without_a_browser(pytester: pytest.Pytester) -> None:
    shutil.copytree(FLASK, pytester.path, dirs_exist_ok=True)
    (pytester.path / "test_settings.py").unlink()
    client = "import pytest, shop\n@pytest.fixture\ndef client():\n    return shop.app.test_client()\n"
    (pytester.path / "test_backend.py").write_text(client + snippet("From pytest", "python", 3))

    suites.run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)


def _code(text: str) -> str:
    """Give Python without its docstrings and its layout."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            del body[0]
    return ast.unparse(tree)


def test_the_scenario_of_the_text_can_be_played(tmp_path: Path) -> None:
    file = tmp_path / "scope-missing.yaml"
    file.write_text(snippet("Scenarios", "yaml"))
    assert read_scenario(file).answers.account == ("api-401-scope-missing",)


def test_the_server_of_the_text_answers_as_it_says(command: Command) -> None:
    heading = "Tests in any language"
    line = words(snippet(heading, "sh", 0))
    running = command.start(*line[1:], "--port", "0", "--gateway-port", "0")
    try:
        ready = command.folder / "ready.json"
        while not ready.exists():
            assert running.poll() is None
        address = json.loads(ready.read_text())["stub"]
        _, *arguments = words(snippet(heading, "sh", 1).replace("\\\n", " "))
        header = arguments[arguments.index("--header") + 1].partition(": ")
        answer = httpx.get(re.sub(r"http://[^/]+", address, arguments[-1]), headers={header[0]: header[2]})
        assert answer.status_code == 422
    finally:
        running.terminate()
        running.communicate(timeout=10)
