"""The files of plays that are merged: they are copied into the folder of the merged report."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from oauth_window_harness.errors import BadFileError, OutputError
from oauth_window_harness.results.folder import ArtifactFolder, PlayFolder
from oauth_window_harness.results.merge import MergedPlay, Run
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.results.ownership import OF_PLAYS
from oauth_window_harness.scenario.model import Scenario

#: The pattern of a scenario's name, which also names the folder of its files.
_NAME = re.compile(next(part.pattern for part in Scenario.model_fields["name"].metadata if hasattr(part, "pattern")))


def check_names(run: Run) -> None:
    """Check that the scenarios and the engines of a run have names that they can have: folders are made of them.

    Raises:
        BadFileError: one has not.
    """
    shard = run.results.shard
    names = {f"scenarios.{place}.name": result.name for place, result in enumerate(run.results.scenarios)}
    names |= {
        f"scenarios.{place}.browser": result.browser
        for place, result in enumerate(run.results.scenarios)
        if result.browser is not None
    }
    names |= {f"shard.plan.{place}": name for place, name in enumerate(shard.plan if shard is not None else ())}
    for where, name in names.items():
        if not _NAME.fullmatch(name):
            raise BadFileError(
                "the results file has the wrong shape",
                where=f"{run.file}: {where}",
                seen=repr(name),
                todo="name a results.json as `oauth-window run` wrote it",
            )


def with_files(play: MergedPlay, folder: ArtifactFolder) -> ScenarioResult:
    """Copy the files of a play into the report folder, and return its result, which names the copies.

    A file that is not there, or is not one of the report's own, is left out.

    Raises:
        OutputError: a file cannot be copied.
    """
    result, source = play.result, play.run.file.parent
    wanted = result.artifacts
    goal = folder.folder(*result.key)
    try:
        copies = {
            "trace": _copy(source, wanted.trace, goal),
            "screenshots": tuple(
                copy for name in wanted.screenshots if (copy := _copy(source, name, goal)) is not None
            ),
            "diagram": _copy(source, wanted.diagram, goal),
        }
    except OSError as error:
        raise OutputError(
            "a file of a play cannot be copied", where=str(goal.path), seen=error.strerror or str(error)
        ) from None
    return result.model_copy(update={"artifacts": wanted.model_copy(update=copies)})


def _copy(report: Path, name: str | None, goal: PlayFolder) -> str | None:
    """Copy a file of a report, and return what names the copy; None where the report has no such file of its own."""
    if name is None:
        return None
    file = (report / name).resolve()
    if not (file.is_relative_to(report.resolve()) and file.name in OF_PLAYS and file.is_file()):
        return None
    copy = goal.path / file.name
    shutil.copyfile(file, copy)
    return copy.relative_to(goal.root).as_posix()
