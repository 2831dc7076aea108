"""Writes the files that begin a project's tests, never over one that is there, and ignores the report folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oauth_window_harness.errors import OutputError
from oauth_window_harness.init.contents import NewFile, configuration_file, other_pipeline, test_files, workflow_file
from oauth_window_harness.init.project import Project
from oauth_window_harness.run.configuration import read_configuration

_IGNORED = ".gitignore"


@dataclass(frozen=True)
class Step:
    """What became of a file.

    Attributes:
        deed: whether it was written, was there already, or got a line.
        path: the file, in the project.
        more: what else there is to say of it.
    """

    deed: Literal["wrote", "kept", "added"]
    path: str
    more: str = ""


def begin_tests(project: Project, app: str | None = None, command: str | None = None) -> Iterator[Step]:
    """Write the files that a project lacks, and yield what became of each.

    Args:
        project: the project.
        app: the address of the page under test, where it is known.
        command: the command that starts the app.

    Raises:
        BadFileError: the project's file with the options of a run is there, and invalid.
        OutputError: a file cannot be written; those before it are.
    """
    configuration = read_configuration(project.folder)
    if configuration.file is not None:
        table = f", [{'.'.join(configuration.file.table)}]" if configuration.file.table else ""
        yield Step("kept", configuration.file.path.name, f"it has the options of a run already{table}")
    else:
        yield _write(project.folder, configuration_file(project, app, command))
    if (pipeline := other_pipeline(project)) is not None:
        yield Step("kept", os.path.relpath(pipeline, project.folder), "it is there already")
    for file in (*test_files(project), workflow_file(project)):
        if file is not None:
            yield _write(project.folder, file)
    output = configuration.defaults.output
    inside = Path(os.path.relpath(project.folder / output, project.folder)).as_posix()
    if inside != "." and not inside.startswith("../"):
        yield _ignore(project.folder, inside)


def _write(folder: Path, file: NewFile) -> Step:
    path = folder / file.path
    with _blamed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path):
            return Step("kept", file.path, "it is there already")
        with path.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(file.text)
    return Step("wrote", file.path)


def _ignore(folder: Path, output: str) -> Step:
    """Add the report folder to what Git ignores; the lines that are there stay, byte for byte."""
    path = folder / _IGNORED
    with _blamed(path):
        before = path.read_bytes() if path.exists() else b""
        ignored = {line.strip().removeprefix(b"/").rstrip(b"*").rstrip(b"/") for line in before.splitlines()}
        if output.encode() in ignored:
            return Step("kept", _IGNORED, f"it has {output} already")
        end = b"\r\n" if b"\r\n" in before else b"\n"
        apart = end if before and not before.endswith((b"\n", b"\r")) else b""
        with path.open("ab") as opened:
            opened.write(apart + f"{output}/".encode() + end)
    return Step("added" if before else "wrote", _IGNORED, f"with the report folder, {output}/")


@contextmanager
def _blamed(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            "a file of the project cannot be written",
            where=str(path),
            seen=error.strerror or str(error),
            todo="make the folder writable, or take away what is in the way, and run it again: it keeps what is there",
        ) from None
