"""The shape of results.json, on which users' CI files depend; its JSON Schema is published from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.findings.mends import Lines
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.place import PlaceResult
from oauth_window_harness.results.run_error import ErrorResult
from oauth_window_harness.results.shards import Merged, Shard

Severity = Literal["error", "warning", "info"]
Verdict = Literal["passed", "warned", "failed", "skipped", "broken"]

#: What tells a play from all others of a run: the name of its scenario, which of its plays it is, and the engine.
PlayKey = tuple[str, int | None, str | None]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class FindingResult(_Part):
    """A finding: a cause by its code, with its evidence and its mend."""

    code: str
    severity: Severity
    message: str
    evidence: tuple[str, ...]
    mend: str
    clause: str
    place: PlaceResult | None = Field(default=None, description="where in the page's own code it lies, where known")
    lines: Lines | None = Field(default=None, description="some lines of a typical page with the mistake, and without")
    known: bool = Field(default=False, description="whether the baseline has it, so that it fails nothing")
    broken_link: BrokenLink | None = Field(default=None, description="the link of the flow that it breaks, if any")


class EventResult(_Part):
    """A message that the browser saw."""

    data: Any
    origin: str
    source: Literal["popup", "other"]
    target_origin: str | None = Field(description="null where the sender's call was not seen")
    delivered: bool = Field(description="whether the page under test received it")
    at_ms: int


class RequestResult(_Part):
    """A request that the stub answered."""

    method: str
    url: str
    headers: dict[str, str]
    status: int | None
    sent_by: Literal["page", "server"]
    at_ms: int
    endpoint: str = Field(description="what it was for: start, dialog, consent, finish, account, …")
    answer: str = Field(description="the contract fixture that was replayed, or what stands in its place")


class RestsOn(_Part):
    """Why a scenario was not played: a link that it leads over is broken, as another scenario has shown."""

    code: str | None = Field(description="what is broken; null where the play that showed it could not be judged")
    scenario: str = Field(description="the scenario that was told of it")


class ScenarioResult(_Part):
    """One play of one scenario."""

    name: str
    title: str
    tags: tuple[str, ...]
    verdict: Verdict
    duration_ms: int
    file: str | None = Field(default=None, description="the user's own file that holds it; null of a bundled scenario")
    reason: str | None = Field(default=None, description="why it is broken or skipped")
    rests_on: RestsOn | None = Field(default=None, description="what it rests on, where it was skipped for that")
    repeat: int | None = Field(default=None, description="which play of several this is, from 1")
    browser: str | None = Field(default=None, description="the engine that played it, where several play")
    findings: tuple[FindingResult, ...]
    events: tuple[EventResult, ...]
    requests: tuple[RequestResult, ...]
    artifacts: Artifacts = Artifacts()

    @property
    def key(self) -> PlayKey:
        """What tells the play from all others of a run."""
        return self.name, self.repeat, self.browser

    @property
    def word(self) -> str:
        """What names the scenario on the command line: its file, or its name."""
        return self.file or self.name

    @property
    def label(self) -> str:
        """The name of the play for people: the scenario's, with which play of several it is, and in which engine."""
        number = "" if self.repeat is None else f" ({self.repeat})"
        return f"{self.name}{number}" if self.browser is None else f"{self.name}{number} in {self.browser}"

    @property
    def errors(self) -> tuple[FindingResult, ...]:
        """The findings that fail the play, the first broken link first."""
        return errors_of(self.findings)

    @computed_field(  # type: ignore[prop-decorator] # mypy does not support decorated properties (python/mypy#1362)
        description="what broke first in the order of the flow, and is not known: its code and its sentence"
    )
    @property
    def first_broken_link(self) -> str | None:
        """The code and the sentence of the first error; None where the baseline knows every error."""
        return next((f"{finding.code}: {finding.message}" for finding in self.errors), None)


class CauseResult(_Part):
    """One thing to mend, told once, with all the scenarios that it concerns."""

    code: str
    severity: Severity
    message: str
    mend: str
    clause: str
    lines: Lines | None = Field(default=None, description="some lines of a typical page with the mistake, and without")
    evidence: tuple[str, ...] = Field(description="what the first of its scenarios showed")
    scenarios: tuple[str, ...] = Field(description="the scenarios that showed it")
    rest_on_it: tuple[str, ...] = Field(description="the scenarios that were not played, as a link is broken by it")
    again: str = Field(description="the command that plays the first of its scenarios again")
    known: bool = Field(description="whether the baseline has it in each of its scenarios")
    browsers: tuple[str, ...] = Field(default=(), description="the engines that showed it, where several play")
    place: PlaceResult | None = Field(default=None, description="where in the page's own code it lies, where known")


class Tool(_Part):
    """The program that wrote the file."""

    name: Literal["oauth-window"] = "oauth-window"
    version: str = __version__


class BrowserResult(_Part):
    """The browser that played the scenarios."""

    name: str
    version: str


class EndpointResult(_Part):
    """A browser that was started elsewhere, where it was named by ``--endpoint``."""

    address: str = Field(description="without what lets a client in")
    version: str
    plays: int = Field(description="how many plays were begun there, also those that explain what another showed")
    ended: int = Field(default=0, description="how often its browser ended; its plays were then played again")
    lost: str | None = Field(default=None, description="why it was taken out of the run; null where it stayed")


class EngineVerdict(_Part):
    """What one engine made of some scenarios, in which another engine came to something else."""

    browser: str
    verdicts: tuple[Verdict, ...] = Field(description="several where the plays of a scenario differ")
    codes: tuple[str, ...] = Field(description="what was found there, or what the scenario rests on")


class Divergence(_Part):
    """Scenarios in which the engines differ, and all in the same way."""

    scenarios: tuple[str, ...]
    engines: tuple[EngineVerdict, ...]


class Summary(_Part):
    """The number of plays with each verdict."""

    passed: int = 0
    warned: int = 0
    failed: int = 0
    skipped: int = 0
    broken: int = 0


class KnownFinding(_Part):
    """A finding of the baseline: its scenario and its code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    code: str


class Results(_Part):
    """The whole of results.json."""

    schema_version: Literal[1] = 1
    tool: Tool = Tool()
    app: str = Field(description="the address of the page under test, or `reference`")
    driver: str
    browser: BrowserResult | None = Field(description="null where several played")
    browsers: tuple[BrowserResult, ...] = Field(default=(), description="all that played, where several were to")
    absent_browsers: tuple[str, ...] = Field(
        default=(), description="the engines that --browser all did not play, as they are not here"
    )
    endpoints: tuple[EndpointResult, ...] = Field(
        default=(), description="the browsers elsewhere that played; none where the run started its own"
    )
    started_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    duration_ms: int = Field(default=0, description="of the whole run, with the start of app and browser")
    command: str = Field(default="", description="the command line as it was typed, without secrets")
    again: str = Field(default="", description="the command that plays a scenario again, without the scenario's name")
    shard: Shard | None = Field(default=None, description="which part of a run this is; null of a whole run")
    merged: Merged | None = Field(default=None, description="what these results were merged from; null of a run")
    error: ErrorResult | None = Field(default=None, description="what ended the run before its last scenario")
    interrupted: bool = Field(default=False, description="whether the run ended before its last scenario")
    strict_warnings: bool = Field(default=False, description="whether a warning that is not known fails the run, too")
    summary: Summary
    divergences: tuple[Divergence, ...] | None = Field(
        default=None, description="in what the engines differ; null where one played"
    )
    causes: tuple[CauseResult, ...] = Field(
        default=(), description="what is to be mended, each once, what matters first"
    )
    stale: tuple[KnownFinding, ...] = Field(default=(), description="entries of the baseline that no longer occur")
    scenarios: tuple[ScenarioResult, ...]


def errors_of(findings: Sequence[FindingResult]) -> tuple[FindingResult, ...]:
    """Return the findings that fail a play: its errors without those that the baseline knows."""
    return tuple(finding for finding in findings if finding.severity == "error" and not finding.known)


def summarize(results: tuple[ScenarioResult, ...]) -> Summary:
    """Return the number of results with each verdict."""
    return Summary.model_validate(Counter(result.verdict for result in results))
