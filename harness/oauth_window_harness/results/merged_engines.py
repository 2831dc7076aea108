"""The engines of merged results: which played, and in what they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from oauth_window_harness.results.divergence import divergences_of
from oauth_window_harness.results.model import BrowserResult, Results, ScenarioResult


def browsers_of(results: Results) -> tuple[BrowserResult, ...]:
    """Return the browsers that played a run."""
    return results.browsers or ((results.browser,) if results.browser is not None else ())


def browser_names(browsers: Iterable[BrowserResult]) -> str:
    """Return browsers with their versions, in words."""
    return joined(f"{one.name} {one.version}" for one in browsers)


def engine_names(all_results: Iterable[Results]) -> list[str]:
    """Return the names of the engines that played in runs where several were to, in their order."""
    return list(dict.fromkeys(one.name for results in all_results for one in results.browsers))


def engines_of(all_results: Sequence[Results], scenarios: Sequence[ScenarioResult]) -> dict[str, Any]:
    """Return the fields of merged results that tell of engines.

    Args:
        all_results: the results that are merged.
        scenarios: the plays of the merged results.
    """
    played = [one for results in all_results for one in browsers_of(results)]
    if not any(results.browsers for results in all_results):
        return {"browser": _as_one(played)}
    names = engine_names(all_results)
    browsers = [_as_one([one for one in played if one.name == name]) for name in names]
    absent = dict.fromkeys(
        joined([name]) for results in all_results for name in results.absent_browsers if name not in names
    )
    compared = [result for result in scenarios if result.browser is not None]
    return {
        "browser": None,
        "browsers": tuple(one for one in browsers if one is not None),
        "absent_browsers": tuple(absent),
        "divergences": divergences_of(compared) if len(names) > 1 else None,
    }


def joined(values: Iterable[str]) -> str:
    """Return different texts in a row, without what a terminal would obey: they come from files."""
    text = ", ".join(dict.fromkeys(values))
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _as_one(browsers: Sequence[BrowserResult]) -> BrowserResult | None:
    if not browsers:
        return None
    return BrowserResult(name=joined(one.name for one in browsers), version=joined(one.version for one in browsers))
