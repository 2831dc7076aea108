"""The files of a play beside results.json: its trace, its pictures, its sequence diagram."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Artifacts(BaseModel):
    """Files beside results.json, relative to it."""

    model_config = ConfigDict(frozen=True)

    trace: str | None = Field(default=None, description="Playwright's trace of all windows, without secrets")
    trace_shows: tuple[str, ...] | None = Field(
        default=None,
        description="what another playing of the scenario showed, of which the trace is; null where it showed the same",
    )
    untraced: str | None = Field(default=None, description="why there is no trace, where one was to be kept")
    screenshots: tuple[str, ...] = Field(default=(), description="of the page under test, and of the popup")
    diagram: str | None = None
