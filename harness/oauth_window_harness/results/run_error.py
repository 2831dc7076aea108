"""What results.json says of the error that ended a run."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ErrorResult(BaseModel):
    """The error that ended the run, such as an app that does not answer."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["usage", "environment"] = Field(description="wrong use, exit code 2, or the environment, exit code 3")
    what: str
    where: str = Field(description="the option, the address or the file")
    seen: str
    todo: str = Field(description="what can be done about it")

    def parts(self) -> list[tuple[str, str]]:
        """Return the parts that are not empty as pairs of name and text."""
        parts = [("error", self.what), ("where", self.where), ("seen", self.seen), ("to do", self.todo)]
        return [(name, text) for name, text in parts if text]
