"""What an earlier run left in the report folder: which scenarios have to be played again."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.results.folder import RESULTS
from oauth_window_harness.results.model import Results


def words_to_repeat(folder: Path) -> dict[str, str]:
    """Return the scenarios that failed, could not be judged, or rest on one of those: their names, and what names them.

    Args:
        folder: the report folder of the earlier run.

    Raises:
        UsageError: there was no earlier run, or it did not come to its end and nothing had failed.
        BadFileError: its results cannot be read.
    """
    file = folder / RESULTS
    try:
        results = Results.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise UsageError(
            "there are no results of an earlier run",
            where=str(file),
            todo="leave --last-failed out, or name with --output the folder of that run",
        ) from None
    except OSError as error:
        raise BadFileError("the results cannot be read", where=str(file), seen=error.strerror or str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole file"
        raise BadFileError(
            "the results have the wrong shape",
            where=f"{file}: {where}",
            seen=first["msg"],
            todo="leave --last-failed out: the run writes them anew",
        ) from None
    failed = {result.name for result in results.scenarios if result.verdict in ("failed", "broken")}
    resting = {one.name for one in results.scenarios if one.rests_on is not None and one.rests_on.scenario in failed}
    if not failed and (results.error is not None or results.interrupted):
        raise UsageError(
            "the earlier run did not come to its end",
            where=str(file),
            seen=results.error.what if results.error is not None else "it was interrupted",
            todo="leave --last-failed out",
        )
    return {result.name: result.word for result in results.scenarios if result.name in failed | resting}
