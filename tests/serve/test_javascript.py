"""The examples in JavaScript, as a user runs them, and the fixture for Playwright Test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.drivers import browsers
from tests.commands import Command
from tests.pages import blocks
from tests.paths import JAVASCRIPT, PACKAGE, ROOT
from tests.serve.http_suite import page, site
from tests.servers import ServeProcess

MODULES = JAVASCRIPT / "node_modules"

needs_packages = pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "@playwright" / "test").is_dir(),
    reason="needs Node.js, and `npm ci --ignore-scripts` in fixtures/javascript (ci/test does that)",
)


def node(command: Command, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Node's in the folder of the examples, with the command on PATH, and a browser that is named."""
    program = browsers.executable_of(None) or browsers.first_on_path(headed=False)
    if program is None:
        pytest.skip("needs a browser that is named, or on PATH: Playwright's own builds are of another version")
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    results = {"OAUTH_WINDOW_TEST_RESULTS": str(command.folder / "results")}
    return subprocess.run(
        ["node", *words],
        cwd=JAVASCRIPT,
        env={**command.environment(), "PATH": paths, "OAUTH_WINDOW_BROWSER": str(program), **results, **variables},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.browser
@needs_packages
def test_a_suite_in_javascript_connects_and_is_reported_of_errors_all_at_once_on_one_server(command: Command) -> None:
    done = node(command, "--test", "--test-reporter=tap", str(JAVASCRIPT / "connects.test.mjs"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 4" in done.stdout
    assert "# fail 0" in done.stdout


@pytest.mark.browser
@needs_packages
def test_a_suite_on_playwright_test_has_events_follow_ups_and_findings_by_the_fixture(command: Command) -> None:
    done = node(command, str(MODULES / "@playwright" / "test" / "cli.js"), "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13 passed" in done.stdout


@pytest.mark.browser
@needs_packages
def test_it_may_use_a_server_that_runs_already_as_one_of_web_server_does(command: Command) -> None:
    served = ServeProcess(command)
    try:
        cli = str(MODULES / "@playwright" / "test" / "cli.js")
        done = node(command, cli, "test", "--grep", "connects|account", OAUTH_WINDOW_READY_FILE=str(served.file))
        assert "3 passed" in done.stdout, done.stdout + done.stderr
    finally:
        assert served.stop() == 0


@pytest.mark.browser
@needs_packages
@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, ""), ({"heeds": "false"}, "Error: event-ignored"), ({"features": "noopener"}, "Error: opener-detached")],
)
def test_the_script_of_the_text_is_told_the_first_broken_link(
    command: Command, changes: dict[str, str], said: str
) -> None:
    text = next(block.text for block in blocks("docs/serve.md") if "chromium.launch" in block.text)
    served = ServeProcess(command)
    try:
        with site(page(**changes)) as url:
            for shown, real in {
                "http://127.0.0.1:8722": served.ready["stub"],
                "http://127.0.0.1:8723": served.ready["gateway"],
                "http://localhost:3000/settings": url,
                "launch()": "launch({ executablePath: process.env.OAUTH_WINDOW_BROWSER })",
            }.items():
                assert shown in text
                text = text.replace(shown, real)
            done = node(command, "--input-type=module", "--eval", text)
    finally:
        served.stop()
    assert said in done.stderr, done.stderr
    assert (done.returncode == 0) is (said == "")


@needs_packages
def test_a_suite_in_typescript_has_the_types_that_the_fixture_says(command: Command) -> None:
    done = node(command, str(MODULES / "typescript" / "bin" / "tsc"), "-p", ".")
    assert done.returncode == 0, done.stdout


def test_the_package_of_the_fixture_names_files_that_are_there() -> None:
    folder = PACKAGE / "javascript"
    package = json.loads((folder / "package.json").read_text())
    named = {*package["files"], *(name.removeprefix("./") for name in package["exports"]["."].values())}
    assert {file.name for file in folder.iterdir()} == {*named, "package.json"}
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@needs_packages
def test_the_package_of_the_fixture_can_be_published_with_the_harness_of_its_version(command: Command) -> None:
    package = json.loads((PACKAGE / "javascript" / "package.json").read_text())
    assert (package["version"], package.get("private", False)) == (__version__, False)
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm")
    packing = [npm, "pack", "--dry-run", "--json", "--offline", "--ignore-scripts", str(PACKAGE / "javascript")]
    done = subprocess.run(packing, cwd=command.folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    (packed,) = json.loads(done.stdout)
    assert {file["path"] for file in packed["files"]} == {*package["files"], "package.json"}
