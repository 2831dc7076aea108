"""The place of a finding in results.json."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class PlaceResult(BaseModel):
    """A place in the page's own code; line and column count from 1."""

    model_config = ConfigDict(frozen=True)

    file: str = Field(description="relative to the folder of the run, where it is there; else its name or address")
    line: int
    column: int
    in_project: bool = Field(default=False, description="whether the file is there, below the folder of the run")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
