"""Keys of a scenario that have no effect in its story, so that a file never says what is not played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.errors import UsageError
from oauth_window_harness.scenario.model import Scenario

#: The steps after which the finish page is asked for.
_ANSWERS = ("approve", "cancel")


#: The steps that are taken in the window.
_IN_WINDOW = ("log-in", "continue", "approve", "cancel")


def ineffective_keys(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each key that has no effect, as its place in the file, with the reason."""
    parts = {name: getattr(scenario, name).model_fields_set for name in ("provider", "finish", "answers")}
    reason = _never_at_provider(scenario)
    if reason:
        for name in ("provider", "finish"):
            yield from (((name, key), reason) for key in sorted(parts[name]))
        # A page that is refused start, or a window, may ask for the list; but nothing is connected, so it is empty.
        kept = set() if scenario.blocked else {"start"}
        yield from ((("answers", key), reason) for key in sorted(parts["answers"] - kept))
        if scenario.blocked and scenario.intruder is not None:
            yield ("intruder",), reason
        return
    yield from _steps(scenario)
    reason = _never_at_finish(scenario)
    if reason:
        yield from ((("finish", key), reason) for key in sorted(parts["finish"]))
        if scenario.intruder is None and not scenario.expect.follow_up:
            yield from ((("answers", key), reason) for key in sorted(parts["answers"] - {"start"}))
        return
    yield from _at_finish(scenario)
    if not _posts(scenario) and "approve" not in scenario.user and scenario.intruder is None:
        cancelled = "the user cancels, and the finish page posts nothing, so no account is asked for"
        yield from ((("answers", key), cancelled) for key in sorted(parts["answers"] - {"start"}))


def _steps(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what the user's steps leave without effect, and the steps that nothing leads to."""
    user = scenario.user
    if scenario.provider.login and "log-in" not in user and any(step in user for step in _IN_WINDOW):
        yield ("provider", "login"), "the user does not log in, so nothing comes after the login page"
    if "log-in" in user and not scenario.provider.login:
        yield ("user",), "log-in: Facebook does not ask for it without provider.login: true"
    open_ = False
    for step in user:
        open_ = step == "click" or (open_ and step != "close")
        if step in _IN_WINDOW and not open_:
            yield ("user",), f"{step}: the user has closed the window, and not clicked again"
            return


def _at_finish(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what the finish page, which is asked for, does not do."""
    finish, given = scenario.finish, scenario.finish.model_fields_set
    if scenario.opener_is_cut():
        reason = "the opener is cut, so the finish page neither posts nor closes"
        says = {"posts": bool(finish.posts), "window": finish.window == "new", "delay": True, "closes": finish.closes}
        yield from ((("finish", key), reason) for key in sorted(given) if says.get(key))
        return
    if finish.window == "new" and not _posts(scenario):
        yield ("finish", "window"), "the finish page posts nothing, so no other window posts it"
    if "delay" in given and not finish.closes and not _posts(scenario):
        yield ("finish", "delay"), "the finish page neither posts nor closes"


def _posts(scenario: Scenario) -> bool:
    """Return whether the finish page posts anything; after a cancel only what the file itself names."""
    is_named = "posts" in scenario.finish.model_fields_set
    return bool(scenario.finish.posts) and (is_named or "approve" in scenario.user)


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
