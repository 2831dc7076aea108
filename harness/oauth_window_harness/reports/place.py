"""The place in the user's own source that a cause comes from, for what can show it beside the line."""

from __future__ import annotations

from typing import NamedTuple

from oauth_window_harness.results.model import CauseResult


class Place(NamedTuple):
    """A place in a file of the user's.

    Attributes:
        file: the file, relative to the project.
        line: the line, from 1.
        column: the column, from 1; None where only the line is known.
    """

    file: str
    line: int
    column: int | None = None


def place_of(cause: CauseResult) -> Place | None:  # noqa: ARG001 - results have no places yet; they are read here
    """Return the place of a cause; None where it is not known, or lies in nothing of the user's own."""
    return None
