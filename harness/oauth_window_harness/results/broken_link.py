"""Where a play is broken: the link of the flow that a finding breaks, and what should have come from there on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from oauth_window_harness.scenario.links import Link


class BrokenLink(BaseModel):
    """The link of the flow that a finding breaks in one play."""

    model_config = ConfigDict(frozen=True)

    link: Link
    at_ms: int | None = Field(
        default=None,
        description="when the request or message came that should not have, or not so; null where it is none",
    )
    missing: tuple[Link, ...] = Field(
        default=(), description="the links from this one on, if the play stopped here; none where it went on"
    )
