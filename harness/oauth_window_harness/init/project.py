"""What a folder is: the language of its project, how the app is started and installed, and where its code is kept."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from oauth_window_harness.reports.place import repository_of

Language = Literal["python", "node"]

#: The files that a project in a language has, the surest first.
_SIGNS: Mapping[Language, tuple[str, ...]] = {
    "python": (
        "pyproject.toml",
        "requirements.txt",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        "manage.py",
        "environment.yml",
    ),
    "node": ("package.json",),
}

#: How an app is started that uses a framework, and on which port it answers then: the first that is named counts.
_PYTHON = (
    ("django", "python manage.py runserver", 8000),
    ("fastapi", "uvicorn main:app", 8000),
    ("flask", "flask --app app run", 5000),
)
_NODE_PORTS = (("@angular/core", 4200), ("astro", 4321), ("next", 3000), ("nuxt", 3000), ("vite", 5173))

#: How a project's packages are installed, by the file that pins them.
_NODE_INSTALLS = (
    ("package-lock.json", "npm ci"),
    ("npm-shrinkwrap.json", "npm ci"),
    ("pnpm-lock.yaml", "corepack enable && pnpm install --frozen-lockfile"),
    ("yarn.lock", "corepack enable && yarn install --frozen-lockfile"),
)

#: Where the configuration of Playwright Test says that its tests are.
_TEST_DIR = re.compile(r"""^\s*testDir\s*:\s*(["'`])([^"'`$]+)\1""", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """A folder with a project in it.

    Attributes:
        folder: the folder.
        language: the language of its tests; None where nothing says it.
        signs: the files by which that was seen.
        other: the other language that there are signs of as well, if any, and those.
        command: what probably starts the app.
        port: where it probably answers then.
        install: the command that installs the app's packages; None where that is not known.
        service: where its code is kept.
        root: the top of the repository that the folder is in, or the folder.
        playwright_tests: the folder of the tests that run on Playwright Test; None where the project does not have it.
    """

    folder: Path
    language: Language | None
    signs: tuple[str, ...]
    other: tuple[Language, tuple[str, ...]] | None
    command: str
    port: int
    install: str | None
    service: Literal["github", "gitlab"]
    root: Path
    playwright_tests: str | None


def project_in(folder: Path, language: Language | None = None) -> Project:
    """Return what a folder is.

    Python comes first where there are signs of both: its tests need no second program.

    Args:
        folder: the folder.
        language: the language, where the user names it.
    """
    found = {name: tuple(sign for sign in signs if (folder / sign).is_file()) for name, signs in _SIGNS.items()}
    language = language or next((name for name, signs in found.items() if signs), None)
    command, port = _start_of(folder, language)
    root = repository_of(folder)
    return Project(
        folder=folder,
        language=language,
        signs=found[language] if language is not None else (),
        other=next(((name, signs) for name, signs in found.items() if signs and name != language), None),
        command=command,
        port=port,
        install=_install_of(folder, language),
        service=_service_of(root),
        root=root,
        playwright_tests=_playwright_tests_of(folder) if language == "node" else None,
    )


def _start_of(folder: Path, language: Language | None) -> tuple[str, int]:
    """Return what probably starts the app, and its port."""
    if language == "python":
        text = "\n".join(text_of(folder / sign) for sign in _SIGNS["python"]).lower()
        return next(((command, port) for name, command, port in _PYTHON if name in text), ("python app.py", 8000))
    scripts = _package_in(folder).get("scripts")
    dependencies = _dependencies_in(folder)
    has_dev = isinstance(scripts, dict) and "dev" in scripts
    port = next((port for name, port in _NODE_PORTS if name in dependencies), 3000)
    return ("npm run dev" if has_dev else "npm start"), port


def _install_of(folder: Path, language: Language | None) -> str | None:
    if language == "node":
        pinned = (command for file, command in _NODE_INSTALLS if (folder / file).is_file())
        return next(pinned, "npm install" if (folder / "package.json").is_file() else None)
    if (folder / "requirements.txt").is_file():
        return "pip install --requirement requirements.txt"
    return "pip install ." if _can_be_built(folder) else None


def _can_be_built(folder: Path) -> bool:
    """Return whether pip can install a folder: a pyproject.toml may hold the options of tools alone."""
    if (folder / "setup.py").is_file():
        return True
    with suppress(tomllib.TOMLDecodeError):
        return not {"project", "build-system"}.isdisjoint(tomllib.loads(text_of(folder / "pyproject.toml")))
    return False


def _service_of(root: Path) -> Literal["github", "gitlab"]:
    is_gitlab = (root / ".gitlab-ci.yml").exists() or "gitlab" in text_of(root / ".git" / "config").lower()
    return "gitlab" if is_gitlab else "github"


def _package_in(folder: Path) -> Mapping[str, Any]:
    """Return the content of package.json; nothing where it holds no object."""
    with suppress(ValueError, RecursionError):
        package = json.loads(text_of(folder / "package.json"))
        return package if isinstance(package, dict) else {}
    return {}


def _dependencies_in(folder: Path) -> Mapping[str, Any]:
    package = _package_in(folder)
    dependencies: dict[str, Any] = {}
    for kind in ("dependencies", "devDependencies"):
        if isinstance(some := package.get(kind), dict):
            dependencies |= some
    return dependencies


def _playwright_tests_of(folder: Path) -> str | None:
    """Return the folder of the tests on Playwright Test, as far as its configuration says it in so many letters."""
    if "@playwright/test" not in _dependencies_in(folder):
        return None
    for suffix in ("ts", "js", "mjs", "mts", "cjs", "cts"):
        if (found := _TEST_DIR.search(text_of(folder / f"playwright.config.{suffix}"))) is not None:
            path = PurePosixPath(found[2])
            return "tests" if path.is_absolute() or ".." in path.parts else path.as_posix()
    return "tests"


def text_of(file: Path) -> str:
    """Return the text of a file; nothing where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
