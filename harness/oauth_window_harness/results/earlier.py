"""What an earlier run left in the report folder: its results, and which scenarios have to be played again."""

from __future__ import annotations

from pathlib import Path

from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.results.causes import fails
from oauth_window_harness.results.model import Results
from oauth_window_harness.results.ownership import is_replaced
from oauth_window_harness.results.results_file import read_results, results_file


def words_to_repeat(folder: Path) -> dict[str, str]:
    """Return the scenarios that failed, could not be judged, or rest on one of those: their names, and what names them.

    Args:
        folder: the report folder of the earlier run.

    Raises:
        UsageError: there was no earlier run, or it did not come to its end and nothing had failed.
        BadFileError: its results cannot be read.
    """
    file = results_file(folder)
    if not file.exists():
        raise UsageError(
            "there are no results of an earlier run",
            where=str(file),
            todo="leave --last-failed out, or name with --output the folder of that run",
        )
    results = _read(folder)
    failed = {
        result.name
        for result in results.scenarios
        if result.verdict in ("failed", "broken") or any(fails(found, results) for found in result.findings)
    }
    resting = {one.name for one in results.scenarios if one.rests_on is not None and one.rests_on.scenario in failed}
    if not failed and (results.error is not None or results.interrupted):
        raise UsageError(
            "the earlier run did not come to its end",
            where=str(file),
            seen=results.error.what if results.error is not None else "it was interrupted",
            todo="leave --last-failed out",
        )
    return {result.name: result.word for result in results.scenarios if result.name in failed | resting}


def _read(folder: Path) -> Results:
    """Return the results in a report folder.

    Raises:
        BadFileError: they cannot be read; what can be done is what the run without --last-failed would do.
    """
    try:
        return read_results(folder, "")
    except BadFileError as error:
        anew, other = "leave --last-failed out: the run writes them anew", "name with --output the folder of that run"
        error.todo = anew if is_replaced(folder) else other
        raise


def earlier_results(folder: Path) -> Results | None:
    """Return the results of the earlier run in a report folder; None where there are none that can be read."""
    try:
        return read_results(folder, "")
    except BadFileError:
        return None
