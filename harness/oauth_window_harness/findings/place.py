"""The place in the user's own code at which a finding lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1.

    Attributes:
        file: its path, relative to the current folder where it is there; else the name that its source map has for it,
            or the address of the script.
        in_project: whether the file is there, and has the line.
    """

    file: str
    line: int
    column: int
    in_project: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
