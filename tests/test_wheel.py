"""The wheel, installed apart from the checkout, and the first test of a new user with it."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests import suites
from tests.pages import README, links, snippet, tokens, tokens_of
from tests.paths import CONTRACTS, ROOT, SCENARIOS, SOURCES

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def files(folder: Path, pattern: str = "*") -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob(pattern)
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_the_package_with_scenarios_and_contracts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    info = {name for name in names if ".dist-info/" in name}

    expected = files(SOURCES)
    expected |= {f"oauth_window_harness/bundled/scenarios/{name}" for name in files(SCENARIOS)}
    expected |= {f"oauth_window_harness/bundled/contracts/{name}" for name in files(CONTRACTS)}
    expected |= {f"oauth_window_harness/bundled/templates/{name}" for name in files(ROOT / "ci" / "templates")}
    assert names - info == expected
    assert "oauth_window_harness/py.typed" in names
    assert {name.rpartition("/")[2] for name in info} == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}


def test_the_long_description_is_the_readme_and_its_links_and_picture_need_no_checkout(wheel: Path) -> None:
    """A package index shows the README without the files beside it; the address is that of [project.urls]."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    assert metadata["Description-Content-Type"] == "text/markdown"
    shown = metadata.get_payload()
    assert isinstance(shown, str)
    repository = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]

    absolute = links(tokens_of(shown))

    assert absolute == [
        f"{repository}/{'raw' if goal.endswith(('.svg', '.png')) else 'blob'}/HEAD/{goal}"
        for goal in links(tokens(README))
    ]
    assert f"{repository}/raw/HEAD/fixtures/report.svg" in absolute


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel; its dependencies are those of the tests, for lack of a network."""
    folder = tmp_path_factory.mktemp("stranger")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--disable-pip-version-check", str(wheel)], check=True, capture_output=True)
    (site,) = (folder / "lib").glob("*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    return subprocess.run(
        [str(python), *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command_and_its_papers_come_from_the_wheel(python: Path, tmp_path: Path) -> None:
    shown = run(python, tmp_path, "-c", "import oauth_window_harness; print(oauth_window_harness.__file__)")
    assert Path(shown.stdout.strip()).is_relative_to(python.parents[1])
    listed = run(python, tmp_path, "-m", "oauth_window_harness", "run", "--list", "contract")
    assert listed.returncode == 0, listed.stderr
    assert "account-401" in listed.stdout.split()


def test_a_project_with_a_folder_harness_of_its_own_runs_pytest_and_imports_both(python: Path, tmp_path: Path) -> None:
    """The package's source root is a folder of that name too; nothing of it is delivered."""
    (tmp_path / "harness").mkdir()
    (tmp_path / "harness" / "__init__.py").write_text('MINE = "mine"\n')
    (tmp_path / "test_mine.py").write_text(
        "import harness\n"
        "from oauth_window_harness import MockBrowser, OAuthWindow\n"
        "def test_the_folder_is_mine(): assert harness.MINE == 'mine'\n"
        "def test_the_package_is_there(oauth_window: OAuthWindow):\n"
        "    with MockBrowser() as browser: assert browser.connect().account_id\n"
    )

    done = run(python, tmp_path, "-m", "pytest", "-p", "no:playwright")

    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    assert "2 passed" in done.stdout


@pytest.fixture
def settings() -> Iterator[tuple[str, list[str]]]:
    """The stranger's small app, and the spelling that it listens for."""
    spelling = ["social-media-posting"]

    def answer(request: Request) -> Response:
        if request.path != "/settings":
            return Response("not found\n", 404)
        return Response(suites.page(spelling[0]), content_type="text/html")

    with LoopbackServer(answer) as server:
        yield f"http://localhost:{server.port}/settings", spelling


@pytest.mark.browser
def test_a_stranger_s_first_test_is_green_and_red_once_the_page_is_broken(
    python: Path, tmp_path: Path, settings: tuple[str, list[str]]
) -> None:
    """An empty folder, the README's test, and no configuration at all."""
    url, spelling = settings
    test = snippet("README.md", "A test of your own", "python")
    assert len(test.strip().splitlines()) <= 12
    (tmp_path / "test_oauth.py").write_text(test.replace("http://localhost:3000/settings", url))

    green = run(python, tmp_path, "-m", "pytest")
    spelling[0] = "social_media_posting"
    red = run(python, tmp_path, "-m", "pytest", "--oauth-window-patience", "2")

    assert green.returncode == pytest.ExitCode.OK, green.stdout + green.stderr
    assert red.returncode == pytest.ExitCode.TESTS_FAILED
    assert re.search(r"first broken link: page-hyphen-ignored", red.stdout)
    assert "Accept both spellings" in red.stdout
