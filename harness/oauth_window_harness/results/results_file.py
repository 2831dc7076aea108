"""Reads the results.json of an earlier run."""

from __future__ import annotations

from pathlib import Path

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.results.folder import RESULTS
from oauth_window_harness.results.model import Results
from oauth_window_harness.results.reading import read_model


def results_file(path: Path) -> Path:
    """Return the results.json that a path names: a file itself, or the one in a report folder."""
    return path / RESULTS if path.is_dir() else path


def read_results(path: Path, todo: str) -> Results:
    """Return the results that a file, or a report folder, holds.

    Args:
        path: the file or the folder.
        todo: what the user can do where it holds none.

    Raises:
        BadFileError: there is no such file, or it is not a results.json.
    """
    file = results_file(path)
    try:
        results = read_model(Results, file, "the results file", todo)
    except FileNotFoundError as error:
        raise BadFileError(
            "the results file cannot be read", where=str(file), seen=error.strerror or str(error), todo=todo
        ) from None
    if "tool" not in results.model_fields_set or "version" not in results.tool.model_fields_set:
        raise BadFileError(
            "the results file has the wrong shape",
            where=f"{file}: tool",
            seen="no program and no version of it",
            todo=todo,
        )
    return results
