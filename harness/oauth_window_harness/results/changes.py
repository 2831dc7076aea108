"""What has changed from an earlier run to a later one: causes, verdicts and durations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.model import CauseResult, Results, ScenarioResult, Severity, Verdict

#: The verdicts from the worst on; that of a scenario is the worst of its plays.
_WORST: tuple[Verdict, ...] = ("failed", "broken", "warned", "passed", "skipped")

#: Slower is what took more than so many times as long as before, and more than so many milliseconds longer. What is
#: below may be the machine's doing: the same page, played beside other work, takes half as long again.
_TIMES, _MORE = 2, 1000

#: A scenario, and the engine that played it, where several did.
_Key = tuple[str, str | None]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ComparedRun(_Part):
    """One of the two runs."""

    app: str
    driver: str
    version: str
    started_at: AwareDatetime
    scenarios: int


class CauseChange(_Part):
    """A cause that only one of the runs showed."""

    code: str
    severity: Severity
    message: str
    known: bool = Field(description="whether the baseline has it, so that it fails nothing")
    scenarios: tuple[str, ...] = Field(description="the scenarios that showed it")


class ScenarioChange(_Part):
    """A scenario that came to something else."""

    scenario: str
    browser: str | None = Field(description="the engine, where several played")
    before: Verdict
    after: Verdict
    codes_before: tuple[str, ...]
    codes_after: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether it failed or could not be judged, and did not before."""
        return self.after in ("failed", "broken") and _WORST.index(self.after) < _WORST.index(self.before)


class Slowdown(_Part):
    """A scenario that took longer, by the mean of its plays."""

    scenario: str
    browser: str | None = Field(description="the engine, where several played")
    before_ms: int
    after_ms: int


class Changes(_Part):
    """What has changed; scenarios that only one of the runs played are left out."""

    schema_version: Literal[1] = 1
    before: ComparedRun
    after: ComparedRun
    new: tuple[CauseChange, ...] = Field(
        description="the causes that the earlier run did not show, though it could have"
    )
    unplayed: tuple[CauseChange, ...] = Field(
        description="those that it did not show, as it judged none of their scenarios"
    )
    mended: tuple[CauseChange, ...] = Field(
        description="those that the later run no longer shows, though it could have"
    )
    unjudged: tuple[CauseChange, ...] = Field(
        description="those that the later run does not show, as none of their scenarios was judged in it"
    )
    changed: tuple[ScenarioChange, ...]
    slower: tuple[Slowdown, ...]

    @property
    def is_worse(self) -> bool:
        """Whether there is a new error, or a scenario fails, or can no longer be judged, that was neither before."""
        errors = (cause for cause in self.new if cause.severity == "error" and not cause.known)
        return any(errors) or any(change.is_worse for change in self.changed)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing has changed."""
        return not (self.new or self.unplayed or self.mended or self.unjudged or self.changed or self.slower)


def changes_between(before: Results, after: Results) -> Changes:
    """Return what has changed from an earlier run to a later one."""
    plays_before, plays_after = _plays_of(before), _plays_of(after)
    both = [key for key in plays_after if key in plays_before]
    causes_before, causes_after = _causes_in(before), _causes_in(after)
    codes_before, codes_after = ({cause.code for cause in causes} for causes in (causes_before, causes_after))
    judged_before, judged = _judged(plays_before), _judged(plays_after)
    come = [cause for cause in causes_after if cause.code not in codes_before]
    gone = [cause for cause in causes_before if cause.code not in codes_after]
    return Changes(
        before=_run(before),
        after=_run(after),
        new=_causes(cause for cause in come if judged_before.intersection(cause.scenarios)),
        unplayed=_causes(cause for cause in come if not judged_before.intersection(cause.scenarios)),
        mended=_causes(cause for cause in gone if judged.intersection(cause.scenarios)),
        unjudged=_causes(cause for cause in gone if not judged.intersection(cause.scenarios)),
        changed=tuple(
            change for key in both if (change := _change(key, plays_before[key], plays_after[key])) is not None
        ),
        slower=tuple(
            slowdown for key in both if (slowdown := _slowdown(key, plays_before[key], plays_after[key])) is not None
        ),
    )


def _causes_in(results: Results) -> Sequence[CauseResult]:
    """Return the causes of a run; of one whose version wrote none, those that its scenarios showed."""
    return results.causes or causes_of(results.scenarios, ())


def _run(results: Results) -> ComparedRun:
    return ComparedRun(
        app=results.app,
        driver=results.driver,
        version=results.tool.version,
        started_at=results.started_at,
        scenarios=len({result.name for result in results.scenarios}),
    )


def _plays_of(results: Results) -> Mapping[_Key, Sequence[ScenarioResult]]:
    plays: dict[_Key, list[ScenarioResult]] = {}
    for result in results.scenarios:
        plays.setdefault((result.name, result.browser), []).append(result)
    return plays


def _judged(plays: Mapping[_Key, Sequence[ScenarioResult]]) -> set[str]:
    """Return the names of the scenarios that were judged."""
    return {name for (name, _), of_one in plays.items() if _verdict(of_one) not in ("skipped", "broken")}


def _causes(causes: Iterable[CauseResult]) -> tuple[CauseChange, ...]:
    return tuple(
        CauseChange(
            code=cause.code,
            severity=cause.severity,
            message=cause.message,
            known=cause.known,
            scenarios=cause.scenarios,
        )
        for cause in causes
    )


def _verdict(plays: Sequence[ScenarioResult]) -> Verdict:
    return min((play.verdict for play in plays), key=_WORST.index)


def _change(key: _Key, before: Sequence[ScenarioResult], after: Sequence[ScenarioResult]) -> ScenarioChange | None:
    """Return how a scenario changed: its verdict, or what was found; None where neither did."""
    codes_before, codes_after = _codes(before), _codes(after)
    if _verdict(before) == _verdict(after) and set(codes_before) == set(codes_after):
        return None
    name, browser = key
    return ScenarioChange(
        scenario=name,
        browser=browser,
        before=_verdict(before),
        after=_verdict(after),
        codes_before=codes_before,
        codes_after=codes_after,
    )


def _codes(plays: Sequence[ScenarioResult]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.code for play in plays for found in play.findings))


def _slowdown(key: _Key, before: Sequence[ScenarioResult], after: Sequence[ScenarioResult]) -> Slowdown | None:
    """Return how much longer a scenario took; None where it did not, or may have taken its time for another reason.

    One that could not be judged, or whose findings are others, was waited for in another way.
    """
    was_judged = all(play.verdict not in ("skipped", "broken") for play in (*before, *after))
    if not was_judged or _change(key, before, after) is not None:
        return None
    was, is_now = (sum(play.duration_ms for play in plays) // len(plays) for plays in (before, after))
    if is_now <= was * _TIMES or is_now - was <= _MORE:
        return None
    return Slowdown(scenario=key[0], browser=key[1], before_ms=was, after_ms=is_now)
