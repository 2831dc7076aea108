"""The report of ``oauth-window verify``: the shape of its JSON, on which users' CI files depend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from oauth_window_harness.contract.difference import Difference
from oauth_window_harness.results.model import Tool


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class DriftSummary(_Part):
    """The number of differences of each severity."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0


@dataclass(frozen=True)
class _OfFixture:
    fixture: str


@dataclass(frozen=True)
class FixtureDifference(Difference, _OfFixture):
    """One difference of one fixture, which is named first."""


class Rejection(_Part):
    """A request that should have succeeded, and that the service rejected."""

    fixture: str
    status: int
    message: str = Field(description="what the service said")
    todo: str


class NotCompared(_Part):
    """A fixture that could not be compared, and why."""

    fixture: str
    reason: str


class FileFault(_Part):
    """A fault of the OpenAPI file itself; fixtures were compared with it nevertheless."""

    where: str
    what: str


class Drift(_Part):
    """The whole report."""

    schema_version: Literal[1] = 1
    tool: Tool = Tool()
    against: str = Field(description="the service's origin, or the OpenAPI file")
    summary: DriftSummary
    differences: tuple[FixtureDifference, ...]
    compared: tuple[str, ...] = Field(description="the fixtures that were compared")
    not_compared: tuple[NotCompared, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    faults: tuple[FileFault, ...] = Field(default=(), description="of the OpenAPI file itself")
    notes: tuple[str, ...] = ()

    @property
    def is_drift(self) -> bool:
        """Whether there is any difference that is more than an info."""
        return bool(self.summary.errors or self.summary.warnings)


def summarize_drift(differences: tuple[FixtureDifference, ...]) -> DriftSummary:
    """Count the severities."""
    severities = [one.severity for one in differences]
    return DriftSummary(
        errors=severities.count("error"), warnings=severities.count("warning"), infos=severities.count("info")
    )
