"""From an empty folder by ``oauth-window init`` to the first cause and to green: its tests, run as a user runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Request, Response

from oauth_window_harness.drivers import browsers
from oauth_window_harness.network.loopback import LoopbackServer
from tests import suites
from tests.commands import LONGEST, Command
from tests.patches import replaced
from tests.paths import JAVASCRIPT

MODULES = JAVASCRIPT / "node_modules"

#: How the page listens in vain.
MISTAKE = """popup = window.open(startUrl, "connect", "width=600,height=700");
document.addEventListener("message", onMessage);"""

pytestmark = [pytest.mark.browser, pytest.mark.process]


@pytest.fixture
def page() -> Iterator[tuple[str, list[str]]]:
    """The address of a right page, and its text, which may be changed."""
    text = [suites.page()]

    def answer(request: Request) -> Response:
        if request.path != "/settings":
            return Response("not found\n", 404)
        return Response(text[0], content_type="text/html")

    with LoopbackServer(answer) as server:
        yield f"http://localhost:{server.port}/settings", text


def deaf(text: str) -> str:
    """Return a page that listens where no message comes, in the very lines of the cause."""
    for right, wrong in (
        ("  popup = window.open(", "  const startUrl = ("),
        ("sXv9Za`);\n", f"sXv9Za`);\n{textwrap.indent(MISTAKE, '  ')}\n"),
        ('addEventListener("message", async (event) => {', "const onMessage = async (event) => {"),
        ("});\n</script>", "};\n</script>"),
    ):
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    return text


def mended(command: Command, text: str) -> str:
    """Return a page with the lines that the first cause in results.json has for its mistake."""
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    right = replaced(text, **results["causes"][0]["lines"])
    assert right is not None, results["causes"]
    return right


def run(command: Command, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=command.folder,
        env={**command.environment(), **variables},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def test_in_python(command: Command, page: tuple[str, list[str]]) -> None:
    url, text = page
    (command.folder / "requirements.txt").write_text("")
    begun = command("init")
    pytest_ = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", "tests/test_oauth_window.py"]
    next_, then = begun.stdout.splitlines()[-2:]
    assert (next_, then[:23]) == ("next:  pytest tests/test_oauth_window.py", "then:  oauth-window run")

    unnamed = run(command, *pytest_)
    configuration = command.folder / "oauth-window.toml"
    lines = configuration.read_text().splitlines()
    lines = [f'app = "{url}"\npatience = 2' if line.startswith("# app = ") else line for line in lines]
    configuration.write_text("\n".join(lines))
    right = run(command, *pytest_)
    text[0] = deaf(text[0])
    broken = run(command, *pytest_)
    again = command("run", "account-200")
    text[0] = mended(command, text[0])
    green = run(command, *pytest_)

    assert "1 passed" in unnamed.stdout, unnamed.stdout + unnamed.stderr
    assert "played on the bundled reference app: name your page in oauth-window.toml, as app" in unnamed.stdout
    assert right.returncode == pytest.ExitCode.OK, right.stdout + right.stderr
    assert "1 passed" in right.stdout
    assert broken.returncode == pytest.ExitCode.TESTS_FAILED
    assert "listener-missing: Nothing listened when the genuine event came." in broken.stdout
    assert again.returncode == 1, again.stdout + again.stderr
    assert green.returncode == pytest.ExitCode.OK, green.stdout + green.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_in_javascript(command: Command, page: tuple[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    url, text = page
    text[0] = deaf(text[0])
    program = tmp_path_factory.mktemp("bin") / "oauth-window"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m oauth_window_harness "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    (command.folder / "package.json").write_text("{}")
    begun = command("init")
    *_, next_, _then = begun.stdout.splitlines()
    node = next_.removeprefix("next:").split()
    assert node == ["node", "--test", "test/oauth-window-test.mjs"]

    absent = run(command, *node, OAUTH_WINDOW="no-such-program")
    unnamed = run(command, *node, PATH=path)
    Path(command.folder, "oauth-window.toml").write_text(f'app = "{url}"\npatience = 2\n')
    broken = run(command, *node, PATH=path)
    text[0] = mended(command, text[0])
    green = run(command, *node, PATH=path)

    assert (absent.returncode, "ENOENT" in absent.stdout) == (1, True)
    assert unnamed.returncode == 0, unnamed.stdout + unnamed.stderr
    assert "played on the bundled reference app" in unnamed.stdout
    assert broken.returncode == 1
    assert "listener-missing: Nothing listened when the genuine event came." in broken.stdout
    assert "mend: " in broken.stdout
    assert green.returncode == 0, green.stdout + green.stderr


@pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "@playwright" / "test").is_dir(),
    reason="needs Node.js, and `npm ci --ignore-scripts` in fixtures/javascript (ci/test does that)",
)
def test_on_playwright_test(command: Command, page: tuple[str, list[str]]) -> None:
    url, text = page
    browser = browsers.executable_of(None) or browsers.first_on_path(headed=False)
    if browser is None:
        pytest.skip("needs a browser that is named, or on PATH: Playwright's own builds are of another version")
    (command.folder / "package.json").write_text('{"devDependencies": {"@playwright/test": "1.65.1"}}')
    (command.folder / "node_modules").symlink_to(MODULES)
    options = json.dumps({"executablePath": str(browser)})
    (command.folder / "playwright.config.mjs").write_text(f"export default {{ use: {{ launchOptions: {options} }} }};")
    *_, next_, _then = command("init").stdout.splitlines()
    npx, playwright, *words = next_.removeprefix("next:").split()
    assert (npx, playwright) == ("npx", "playwright")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def played() -> subprocess.CompletedProcess[str]:
        return run(command, "node", str(MODULES / "@playwright" / "test" / "cli.js"), *words, PATH=path)

    unnamed = played()
    (command.folder / "oauth-window.toml").write_text(f'app = "{url}"\n')
    right = played()
    text[0] = deaf(text[0])
    broken = played()

    assert (unnamed.returncode, right.returncode, broken.returncode) == (1, 0, 1), unnamed.stdout + right.stdout
    assert "no page is named: write its address into oauth-window.toml, as app" in unnamed.stdout
    assert "1 passed" in right.stdout
    assert "listener-missing: Nothing listened when the genuine event came." in broken.stdout
