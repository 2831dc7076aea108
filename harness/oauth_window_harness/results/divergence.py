"""Several engines on one page: their results as one, and in what they differ."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.model import Divergence, EngineVerdict, Results, ScenarioResult, summarize


def across_engines(parts: Sequence[Results], again: Sequence[str]) -> Results:
    """Return the results of several engines as one: all plays, each cause once, and what differs.

    Args:
        parts: the results of each engine, whose plays name it.
        again: the words of the command that plays a scenario again, without the scenario's name.
    """
    first = parts[0]
    scenarios = tuple(result for part in parts for result in part.scenarios)
    return first.model_copy(
        update={
            "browser": None,
            "browsers": tuple(part.browser for part in parts if part.browser is not None),
            "interrupted": any(part.interrupted for part in parts),
            "summary": summarize(scenarios),
            "endpoints": tuple(endpoint for part in parts for endpoint in part.endpoints),
            "divergences": divergences_of(scenarios) if len(parts) > 1 else None,
            "causes": causes_of(scenarios, again),
            "stale": tuple(entry for entry in first.stale if all(entry in part.stale for part in parts)),
            "scenarios": scenarios,
        }
    )


def divergences_of(results: Sequence[ScenarioResult]) -> tuple[Divergence, ...]:
    """Return in what the engines differ: those where one holds and another does not come first.

    A scenario that not every engine has played differs in nothing. What is different in the same way is told once: a
    page that one engine cannot run differs in every scenario.
    """
    engines = list(dict.fromkeys(result.browser for result in results))
    patterns: dict[tuple[EngineVerdict, ...], list[str]] = {}
    for name in dict.fromkeys(result.name for result in results):
        plays = [[one for one in results if (one.name, one.browser) == (name, engine)] for engine in engines]
        if not all(plays):
            continue
        verdicts = tuple(_verdict_of(engine or "", own) for engine, own in zip(engines, plays, strict=True))
        if len({(one.verdicts, one.codes) for one in verdicts}) > 1:
            patterns.setdefault(verdicts, []).append(name)
    rows = [Divergence(scenarios=tuple(names), engines=verdicts) for verdicts, names in patterns.items()]
    return tuple(sorted(rows, key=lambda row: not _is_of_verdict(row)))


def _verdict_of(engine: str, plays: Sequence[ScenarioResult]) -> EngineVerdict:
    codes = {finding.code for play in plays for finding in play.findings if finding.severity != "info"}
    codes |= {play.rests_on.code for play in plays if play.rests_on is not None and play.rests_on.code is not None}
    return EngineVerdict(
        browser=engine, verdicts=tuple(sorted({play.verdict for play in plays})), codes=tuple(sorted(codes))
    )


def _is_of_verdict(row: Divergence) -> bool:
    """Return whether one engine holds where another does not."""
    return len({all(verdict in ("passed", "warned") for verdict in one.verdicts) for one in row.engines}) > 1
