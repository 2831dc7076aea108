"""The files that begin a project's own tests: what is written into each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

from oauth_window_harness.init.project import Project, text_of
from oauth_window_harness.resources import bundled
from oauth_window_harness.run.configuration_file import FILE

#: The file in which GitLab reads a project's pipeline, and the one that it can include where that is there already.
PIPELINE, PART = ".gitlab-ci.yml", "oauth-window.gitlab-ci.yml"

#: The folder, beside a spec for Playwright Test, of the fixture that it imports.
_FIXTURE = "oauth-window-playwright"

#: The lines of the workflows that install the app, as far as projects differ in them.
_INSTALLS = {"python": "pip install --requirement requirements.txt", "node": "npm ci"}


@dataclass(frozen=True)
class NewFile:
    """A file to be written: its path in the project, and its text."""

    path: str
    text: str


def test_files(project: Project) -> list[NewFile]:
    """Return the first test, and after it what it needs beside it; nothing in a language that is not known."""
    if project.language == "python":
        return [NewFile("tests/test_oauth_window.py", _starter("test_oauth_window.py.txt"))]
    if project.playwright_tests is not None:
        return _playwright_files(PurePosixPath(project.playwright_tests))
    if project.language == "node":
        folder = "tests" if (project.folder / "tests").is_dir() else "test"
        # Not `.test.mjs`, which is how Jest and Vitest know files for themselves; `node --test` finds either.
        return [NewFile(f"{folder}/oauth-window-test.mjs", _starter("oauth-window-test.mjs"))]
    return []


def _playwright_files(folder: PurePosixPath) -> list[NewFile]:
    """Return a spec for Playwright Test, and the fixture that it imports: a copy, as no registry need have it."""
    up = "../" * len(folder.parts) or "./"
    spec = _starter("oauth-window.spec.mjs").replace(f"../{FILE}", f"{up}{FILE}")
    fixture = files("oauth_window_harness").joinpath("javascript")
    return [
        NewFile((folder / "oauth-window.spec.mjs").as_posix(), spec),
        *(
            NewFile((folder / _FIXTURE / name).as_posix(), fixture.joinpath(name).read_text(encoding="utf-8"))
            for name in ("index.mjs", "index.d.mts")
        ),
    ]


def workflow_file(project: Project) -> NewFile | None:
    """Return the workflow, with the command that installs the app here; None in a language that is not known."""
    if project.language is None:
        return None
    template = bundled("templates") / f"{project.service}-{project.language}.yml"
    before = _INSTALLS[project.language]
    lines = [
        line.replace(before, project.install or "")
        for line in template.read_text(encoding="utf-8").splitlines()
        if project.install is not None or not line.endswith(f" {before}")
    ]
    path = ".github/workflows/oauth-window.yml" if project.service == "github" else PIPELINE
    return NewFile(PART if other_pipeline(project) is not None else path, "\n".join(lines) + "\n")


def other_pipeline(project: Project) -> Path | None:
    """Return the user's own pipeline that GitLab reads here; None where it names this program already."""
    pipeline = project.root / PIPELINE
    is_other = project.service == "gitlab" and pipeline.exists() and "oauth-window" not in text_of(pipeline)
    return pipeline if is_other and project.language is not None else None


def configuration_file(project: Project, app: str | None, command: str | None) -> NewFile:
    """Return the file with the options of a run.

    Args:
        project: the project.
        app: the address of the page; None where the user has not named it, which leaves a line to be filled in.
        command: the command that starts the app.
    """
    text = f"""\
# The options of `oauth-window run`, which pytest reads as well; what is typed wins. `oauth-window run --help` has them
# all: each stands here by its name, without the dashes in front.

# The page with the button. Without it, the bundled reference app is played, which shows nothing of yours.
{option_line("app", app, f"http://localhost:{project.port}/settings")}

# What starts the app, if nothing else does; it is ended with the run.
{option_line("app-command", command, project.command)}

# What is visible when the page says that it is connected, or that it failed. Without them, any change of its visible
# text counts.
{option_line("connected", None, "[data-state=connected]")}
{option_line("failed", None, "[data-state=failed]")}
"""
    return NewFile(FILE, text)


def option_line(key: str, value: str | None, example: str = "") -> str:
    """Return an option; as a comment, where it has no value yet."""
    return f"# {key} = {_quoted(example)}" if value is None else f"{key} = {_quoted(value)}"


def _quoted(value: str) -> str:
    """Return a text as TOML has it, which is as JSON has it but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _starter(name: str) -> str:
    return files("oauth_window_harness.init").joinpath("files", name).read_text(encoding="utf-8")
