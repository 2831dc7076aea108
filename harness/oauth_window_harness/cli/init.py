"""``oauth-window init``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.errors import UsageError
from oauth_window_harness.redact import secrets_of_address

if TYPE_CHECKING:
    from oauth_window_harness.init.project import Project

_NAMES = {"python": "Python", "node": "Node.js"}

_FIXTURE = (
    "with @playwright/test in package.json, init writes a test on Playwright Test as well, and the fixture for it"
)

App = Annotated[
    str | None, typer.Option("--app", metavar="URL", help="The page with the button, to be written into the file.")
]
AppCommand = Annotated[
    str | None, typer.Option("--app-command", metavar="CMD", help="The command that starts the app.")
]
Language = Annotated[
    Literal["python", "node"] | None,
    typer.Option("--language", help="The language of the first test; default: that of the project."),
]


def init(app: App = None, app_command: AppCommand = None, language: Language = None) -> None:
    """Write what a project begins with: its options, a first test and a workflow; what is there is kept."""
    from oauth_window_harness.init.project import project_in  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.init.writing import begin_tests  # noqa: PLC0415

    _check(app, app_command)
    out = console()
    project = project_in(Path.cwd(), language)
    out.print(_kind(project), soft_wrap=True, markup=False)
    for step in begin_tests(project, app, app_command):
        out.print(
            f"{step.deed + ':':<7}{step.path}{f', {step.more}' if step.more else ''}", soft_wrap=True, markup=False
        )
    for line in _to_do(project, app, app_command):
        out.print(f"{'to do:':<7}{line}", soft_wrap=True, markup=False)
    if project.language == "node" and project.playwright_tests is None:
        out.print(f"{'hint:':<7}{_FIXTURE}", soft_wrap=True, markup=False)
    out.print(f"{'next:':<7}{_next(project)}", soft_wrap=True, markup=False)
    # The first scenario has the event as it is documented; the one that was seen is another.
    out.print(f"{'then:':<7}oauth-window run, which plays all scenarios", soft_wrap=True, markup=False)


def _check(app: str | None, command: str | None) -> None:
    """Check what is to be written into a file that is committed.

    Raises:
        UsageError: it cannot be used, or does not belong there.
    """
    from oauth_window_harness.run.target import address_of  # noqa: PLC0415 - only here

    if app is None:
        if command is not None:
            raise UsageError(
                "--app-command without --app", where="--app-command", todo="name with --app where it answers"
            )
        return
    address_of(app)
    if secrets_of_address(app):
        todo = "leave passwords and tokens out of the address; a run takes them from --app, or from --storage-state"
        raise UsageError("a password or a token does not belong in a file", where="--app", todo=todo)


def _kind(project: Project) -> str:
    if project.language is None:
        return "neither a Python nor a Node.js project is here: no test and no workflow; --language names one"
    seen = f", by {', '.join(project.signs)}" if project.signs else ""
    other = ""
    if project.other is not None:
        language, signs = project.other
        other = f"; {', '.join(signs)} says {_NAMES[language]}, which --language {language} chooses"
    return f"a {_NAMES[project.language]} project{seen}{other}"


def _to_do(project: Project, app: str | None, command: str | None) -> list[str]:
    """Return what a user has to do before the next command shows anything of the app."""
    from oauth_window_harness.init.contents import option_line  # noqa: PLC0415 - only here
    from oauth_window_harness.run.configuration import read_configuration  # noqa: PLC0415

    lines = []
    configuration = read_configuration(project.folder)
    file = configuration.file.path.name if configuration.file is not None else "oauth-window.toml"
    named = {"app": app, "app-command": command}
    kept = [
        option_line(key, value)
        for key, value in named.items()
        if value is not None and configuration.values.get(key.replace("-", "_")) != value
    ]
    if kept:  # the file was there
        lines.append(f"set in {file}, which is kept as it is: {', '.join(kept)}")
    elif "app" not in configuration.values:
        lines.append(f"name your page in {file}, as app; until then `oauth-window run` plays the bundled reference app")
    elif "app_command" not in configuration.values and project.language is not None:
        lines.append(f"name what starts the app in {file}, as app-command: the workflow starts nothing else")
    return [*lines, *_to_do_for_workflow(project)]


def _to_do_for_workflow(project: Project) -> Iterator[str]:
    """Yield what a user has to do before the workflow is read."""
    from oauth_window_harness.init.contents import other_pipeline, workflow_file  # noqa: PLC0415 - only here

    pipeline, workflow = other_pipeline(project), workflow_file(project)
    is_inside = project.root != project.folder
    if workflow is not None and pipeline is not None:
        path = (project.folder / workflow.path).relative_to(project.root).as_posix()
        folder = ", and let its jobs work in this folder" if is_inside else ""
        yield (
            f"add to {pipeline if is_inside else pipeline.name}: include: [{{local: /{path}}}]{folder}; where it lists "
            "stages, they need test and report"
        )
    elif workflow is not None and is_inside:
        yield f"move the workflow to the top of the repository, {project.root}, and let it work in this folder"


def _next(project: Project) -> str:
    from oauth_window_harness.init.contents import test_files  # noqa: PLC0415 - only here

    test = next(iter(test_files(project)), None)
    if test is None:
        return "oauth-window run account-200"
    if project.playwright_tests is not None:
        return f"npx playwright test {test.path}"
    return f"pytest {test.path}" if project.language == "python" else f"node --test {test.path}"
