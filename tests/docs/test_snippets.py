"""Every snippet of every page can be used, and does what its page says."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.run.configuration import read_configuration
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.file import read_scenario
from tests import suites
from tests.commands import Command
from tests.options import COMMANDS
from tests.pages import all_blocks, snippet
from tests.paths import ROOT

pytest_plugins = ["pytester"]

FLASK = ROOT / "fixtures" / "flask"

#: The address of the user's page in the snippets.
SHOWN = "http://localhost:3000/settings"

#: What a shell line may start with, beside the command itself.
PROGRAMS = ("export", "pip", "playwright", "pytest", "curl", "./ci/demo", "./ci/test", "npm", "npx", "node", "docker")


def words(line: str) -> list[str]:
    """Return the words of a command line, without a comment."""
    return shlex.split(line, comments=True)


def lines(text: str) -> list[str]:
    """Return the command lines of a shell snippet, continued ones joined."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


# --- that its snippets can be used ----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", all_blocks(), ids=lambda block: f"{block.page} line {block.line}")
def test_every_snippet_can_be_used(block, tmp_path: Path) -> None:
    """Whatever else is run below: shell lines name commands and options that exist, the rest can be read."""
    readers: dict[str, Callable[[str], Any]] = {
        "python": ast.parse, "yaml": yaml.safe_load, "json": json.loads, "toml": tomllib.loads,
    }  # fmt: skip
    if block.language in readers:
        readers[block.language](block.text)
    elif block.language == "sh":
        for line in lines(block.text):
            program, *arguments = words(line)
            if program == "oauth-window":
                _parse(arguments)
            else:
                assert program in PROGRAMS, line
    elif block.language == "js":
        _read_javascript(block.text, tmp_path)
    else:
        assert block.language == "text"


def _read_javascript(text: str, folder: Path) -> None:
    """Check the grammar of a module, where there is a Node."""
    if shutil.which("node") is None:
        pytest.skip("needs Node.js")
    file = folder / "snippet.mjs"
    file.write_text(text)
    done = subprocess.run(["node", "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _parse(arguments: list[str]) -> None:
    """Check that the command takes these arguments, without running it."""
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
        "status.textContent = answer",
        'status.id = answer.ok ? "connected" : "error"; '
        'status.dataset.state = answer.ok ? "connected" : "failed"; status.textContent = answer',
    )
    page = page.replace("`refused ${answer.status}`", "`Try again: ${answer.status}`").replace(
        'status.textContent = "closed"', 'status.dataset.state = "failed", status.textContent = "Try again"'
    )

    def answer(_request: Request) -> Response:
        return Response(page, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield f"http://localhost:{server.port}/settings"


@pytest.mark.browser
def test_five_minutes_on_a_page_of_one_s_own(command: Command, settings: str) -> None:
    heading = "Five minutes on your own page"
    first, second = (lines(snippet("README.md", heading, "sh", place))[0] for place in (1, 2))
    third = lines(snippet("docs/run.md", "Run", "sh"))[0]

    for line in (first, second, f"{third} account-200 account-401"):
        done = command(*words(line.replace(SHOWN, settings))[1:])
        assert done.returncode == 0, done.stdout + done.stderr

    assert (command.folder / "oauth-window-report" / "index.html").exists()


@pytest.mark.browser
def test_a_baseline_is_written_once_and_then_fails_nothing(command: Command) -> None:
    page = (ROOT / "fixtures" / "apps" / "console-only-error-spinner" / "index.html").read_bytes()

    with LoopbackServer(lambda _request: Response(page, content_type="text/html")) as server:
        url = f"http://localhost:{server.port}/"
        for line in lines(snippet("docs/ci.md", "Known findings", "sh")):
            done = command(*words(line.replace(SHOWN, url))[1:], "account-401", "--patience", "1")
            assert done.returncode == 0, done.stdout + done.stderr

    assert "known: silent-hang" in done.stdout


@pytest.mark.browser
def test_the_app_is_started_by_its_own_command(command: Command, port: int) -> None:
    line = (
        snippet("docs/run.md", "The app's backend", "sh")
        .replace("5000", str(port))
        .replace("shop run", f"shop run --port {port}")
    )
    shutil.copytree(FLASK, command.folder, dirs_exist_ok=True)

    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = command(*words(line)[1:], "account-200", variables={"PATH": path})

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.browser
def test_the_tests_of_the_text_pass(pytester: pytest.Pytester, settings: str) -> None:
    tests = [
        snippet("docs/pytest.md", heading, "python").replace(SHOWN, settings)
        for heading in ("A test", "Another scenario")
    ]
    pytester.makepyfile(test_first=tests[0], test_more=tests[1])

    suites.run(pytester).assert_outcomes(passed=3)


@pytest.mark.browser
def test_the_flask_example_is_that_of_the_text_and_passes(pytester: pytest.Pytester) -> None:
    """Its own tests, and scenario files beside them, on two workers."""
    shutil.copytree(FLASK, pytester.path, dirs_exist_ok=True)
    conftest = (pytester.path / "conftest.py").read_text()
    assert _code(snippet("docs/pytest.md", "The app and its backend", "python")) == _code(conftest)
    (pytester.path / "scenarios").mkdir()
    (pytester.path / "scenarios" / "scope-missing.yaml").write_text(
        snippet("docs/scenarios.md", "A scenario of your own", "yaml")
    )
    line = words(snippet("docs/pytest.md", "Scenario files as tests", "sh"))

    result = suites.run(pytester, *line[1:], "-n", "2")

    result.assert_outcomes(passed=5)


def test_the_backend_of_the_text_is_tested_without_a_browser(pytester: pytest.Pytester) -> None:
    shutil.copytree(FLASK, pytester.path, dirs_exist_ok=True)
    (pytester.path / "test_settings.py").unlink()
    client = "import pytest, shop\n@pytest.fixture\ndef client():\n    return shop.app.test_client()\n"
    (pytester.path / "test_backend.py").write_text(
        client + snippet("docs/pytest.md", "A backend without a browser", "python")
    )

    suites.run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)


def _code(text: str) -> str:
    """Return Python without its docstrings and its layout."""
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
    file.write_text(snippet("docs/scenarios.md", "A scenario of your own", "yaml"))
    assert read_scenario(file).answers.account == ("api-401-scope-missing",)


def test_the_options_of_the_text_may_stand_in_a_file(tmp_path: Path) -> None:
    text = snippet("docs/run.md", "Options in a file", "toml")
    (tmp_path / "oauth-window.toml").write_text(text)
    configuration = read_configuration(tmp_path)
    assert {name.replace("_", "-") for name in configuration.values} | {"scenarios"} == set(tomllib.loads(text))
    assert catalog.select(configuration.scenarios)


def test_the_server_of_the_text_answers_as_it_says(command: Command) -> None:
    line = words(snippet("docs/serve.md", "Serve", "sh"))
    running = command.start(*line[1:], "--port", "0", "--gateway-port", "0")
    try:
        ready = command.folder / "ready.json"
        while not ready.exists():
            assert running.poll() is None
        address = json.loads(ready.read_text())["stub"]
        _, *arguments = words(snippet("docs/serve.md", "A request chooses its answer", "sh").replace("\\\n", " "))
        header = arguments[arguments.index("--header") + 1].partition(": ")
        answer = httpx.get(re.sub(r"http://[^/]+", address, arguments[-1]), headers={header[0]: header[2]})
        assert answer.status_code == 422
    finally:
        running.terminate()
        running.communicate(timeout=10)
