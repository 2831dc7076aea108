"""The causes of a run: each finding once, with the scenarios that showed it and those that rest on it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence

from oauth_window_harness.results.model import CauseResult, FindingResult, Results, ScenarioResult

_SEVERITIES = ("error", "warning", "info")


def causes_of(results: Sequence[ScenarioResult], again: Sequence[str]) -> tuple[CauseResult, ...]:
    """Return the causes that the plays showed: errors, warnings, infos, and then what is known; else in their order.

    Args:
        results: the plays, in the order of the scenarios.
        again: the words of the command that plays a scenario again, without the scenario's name.
    """
    shown: dict[str, list[tuple[ScenarioResult, FindingResult]]] = {}
    for result, found in _in_order(results):
        shown.setdefault(found.code, []).append((result, found))
    causes = [_cause(places, results, again) for places in shown.values()]
    return tuple(sorted(causes, key=lambda cause: (cause.known, _SEVERITIES.index(cause.severity))))


def fails(found: CauseResult | FindingResult, results: Results) -> bool:
    """Return whether a cause, or a finding, fails the run: an error, or with --strict-warnings a warning, not known."""
    severities = ("error", "warning") if results.strict_warnings else ("error",)
    return found.severity in severities and not found.known


def fails_run(result: ScenarioResult, *, strict: bool) -> bool:
    """Return whether a play fails its run: it failed, or a warning fails the run, and it has one that is not known."""
    return result.verdict == "failed" or (
        strict and any(found.severity == "warning" and not found.known for found in result.findings)
    )


def failing_warnings(results: Results) -> list[CauseResult]:
    """Return the causes that fail the run, though they are no errors."""
    return [cause for cause in results.causes if cause.severity == "warning" and fails(cause, results)]


def _in_order(results: Sequence[ScenarioResult]) -> Iterator[tuple[ScenarioResult, FindingResult]]:
    """Yield each finding with its play: what broke first in any play comes before what only followed in others."""
    for is_first in (True, False):
        for result in results:
            for place, found in enumerate(result.findings):
                # An error of a play that is not failed was not confirmed.
                if (place == 0) is is_first and not (result.verdict == "broken" and found in result.errors):
                    yield result, found


def _cause(
    places: Sequence[tuple[ScenarioResult, FindingResult]], results: Sequence[ScenarioResult], again: Sequence[str]
) -> CauseResult:
    new = [(result, found) for result, found in places if not found.known]
    result, found = (new or places)[0]
    showing = {one.name for one, _ in new or places}
    return CauseResult(
        code=found.code,
        severity=found.severity,
        message=found.message,
        mend=found.mend,
        clause=found.clause,
        place=next((one.place for _, one in new or places if one.place is not None), None),
        lines=found.lines,
        evidence=found.evidence,
        scenarios=_names(one for one in results if one.name in showing),
        rest_on_it=_names(one for one in results if one.rests_on is not None and one.rests_on.code == found.code),
        again=shlex.join([*again, result.word]),
        known=not new,
        browsers=tuple(dict.fromkeys(one.browser for one, _ in new or places if one.browser is not None)),
    )


def _names(results: Iterable[ScenarioResult]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(result.name for result in results))
