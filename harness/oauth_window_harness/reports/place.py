"""The place in the user's own source that a cause comes from, for what can show it beside the line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from oauth_window_harness.results.model import CauseResult, FindingResult


class Place(NamedTuple):
    """A place in a file of the user's.

    Attributes:
        file: the file, relative to the top of the repository.
        line: the line, from 1.
        column: the column, from 1; None where only the line is known.
    """

    file: str
    line: int
    column: int | None = None

    @property
    def uri(self) -> str:
        """The file as a relative reference, whose special characters are encoded (RFC 3986)."""
        return quote(self.file)


def place_of(found: CauseResult | FindingResult, folder: Path | None = None) -> Place | None:
    """Return the place of a cause or a finding; None where it is not known, or lies in nothing of the user's own.

    Args:
        found: the cause or the finding.
        folder: the folder of the run, to which the files in the results are relative; by default the current one. If it
            is in no repository, the path stays relative to it.
    """
    place, folder = found.place, (folder or Path.cwd()).absolute()
    if place is None or not place.in_project or not is_inside(folder, place.file):
        return None
    top = repository_of(folder)
    file = folder / place.file
    return Place(file.relative_to(top).as_posix(), place.line, place.column)


def repository_of(folder: Path) -> Path:
    """Return the top of the repository that a folder is in; the folder itself where it is in none."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def is_inside(folder: Path, name: str) -> bool:
    """Return whether a name leads to a file below a folder; results may hold any name."""
    path = PurePosixPath(name)
    with suppress(OSError, ValueError):  # too long, or with a character that no name has
        return not path.is_absolute() and ".." not in path.parts and (folder / path).is_file()
    return False
