"""Keys of a scenario that have no effect in its story, so that a file never says what is not played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.errors import UsageError
from oauth_window_harness.scenario.model import Scenario

#: The steps after which the finish page is asked for.
_ANSWERS = ("approve", "cancel")


def ineffective_keys(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each key that has no effect, as its place in the file, with the reason."""
    parts = {name: getattr(scenario, name).model_fields_set for name in ("provider", "finish", "answers")}
    reason = _never_at_provider(scenario)
    for name in ("provider", "finish"):
        yield from (((name, key), reason) for key in sorted(parts[name]) if reason)
    if reason:
        if scenario.blocked and scenario.intruder is not None:
            yield ("intruder",), reason
        return
    reason = _never_at_finish(scenario)
    if reason:
        yield from ((("finish", key), reason) for key in sorted(parts["finish"]))
        if scenario.intruder is None and not scenario.expect.follow_up:
            yield from ((("answers", key), reason) for key in sorted(parts["answers"] - {"start"}))
    elif "delay" in parts["finish"] and not scenario.finish.posts and not scenario.finish.closes:
        yield ("finish", "delay"), "the finish page neither posts nor closes"


def _never_at_provider(scenario: Scenario) -> str | None:
    if scenario.blocked:
        return "the window is blocked"
    return (
        None
        if _redirects(scenario.answers.start)
        else f"start answers {scenario.answers.start}, which redirects nowhere"
    )


def _never_at_finish(scenario: Scenario) -> str | None:
    if scenario.provider.error:
        return "Facebook shows an error page, so the finish page is never asked for"
    if any(step in _ANSWERS for step in scenario.user):
        return None
    return "the user neither approves nor cancels, so the finish page is never asked for"


@cache
def _redirects(start: str) -> bool:
    try:
        headers = contracts().exchange(start).response.headers
    except UsageError:
        return True  # a fixture that is not bundled, which may redirect
    return "location" in {name.lower() for name in headers}
