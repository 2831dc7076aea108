"""What results.json says of the machines that played a run: which part these results are, or what was merged."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

#: The most parts of one run.
MOST_SHARDS = 9999


class Shard(BaseModel):
    """The part of a run that one machine played."""

    model_config = ConfigDict(frozen=True)

    index: int = Field(ge=1, le=MOST_SHARDS, description="which part of the run this is, from 1")
    count: int = Field(ge=1, le=MOST_SHARDS, description="how many parts there are")
    repeat: int = Field(ge=1, description="how often each scenario of the run is played")
    plan: dict[str, int] = Field(
        description="the scenarios of the whole run, in its order, each with its part; the plain flow belongs to one "
        "part as the others do, and is played first in every one"
    )

    def owns(self, scenario: str) -> bool:
        """Return whether a scenario belongs to this part; else it is the plain flow, which each part plays."""
        return self.plan.get(scenario, self.index) == self.index


class MergedRun(BaseModel):
    """One of the runs whose results were merged."""

    model_config = ConfigDict(frozen=True)

    results: str = Field(description="its results.json, as it was named")
    shard: int | None = Field(description="which part it was, from 1; null where it was a whole run")
    app: str
    version: str = Field(description="of the program that played it")
    started_at: AwareDatetime
    duration_ms: int
    command: str


class Merged(BaseModel):
    """What merged results came from."""

    model_config = ConfigDict(frozen=True)

    runs: tuple[MergedRun, ...]
    shards: int | None = Field(description="how many parts there are; null where whole runs were merged")
    missing: tuple[int, ...] = Field(description="the parts that were not there")
