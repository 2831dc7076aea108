"""Which scenarios the mock browser cannot judge on a user's app, whose scripts it does not run, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.scenario.model import Scenario

#: Why no scenario is judged on a user's page.
SCRIPT = (
    "the page's own script decides this, and the mock browser runs none: use --driver playwright, or name with "
    "--deliver where the app's backend takes the event"
)


def page_skip_reason(scenario: Scenario) -> str | None:  # noqa: ARG001 - the signature of every skip reason
    """Return why a scenario cannot be judged if the app's backend takes no event: no scenario can."""
    return SCRIPT


def backend_skip_reason(fixtures: FixtureSet) -> Callable[[Scenario], str | None]:
    """Return a function that says why a scenario cannot be judged on a backend alone, or None if it can be."""

    def skip_reason(scenario: Scenario) -> str | None:
        return next((reason for reason, holds in _PAGES_OWN.items() if holds(scenario, fixtures)), None)

    return skip_reason


def _posts_nothing(scenario: Scenario, fixtures: FixtureSet) -> bool:
    redirected = fixtures.exchange(scenario.answers.start).response.status == HTTPStatus.FOUND
    comes_back = "approve" in scenario.user and redirected and not scenario.provider.error
    return not comes_back or not scenario.finish.posts


def _is_text(scenario: Scenario, fixtures: FixtureSet) -> bool:
    return not all(isinstance(fixtures.event(name).data, Mapping) for name in scenario.finish.posts)


def _lists_nothing(scenario: Scenario, fixtures: FixtureSet) -> bool:
    answer = fixtures.exchange(scenario.answers.account[-1]).response
    whole = answer.status == HTTPStatus.OK and answer.body is not None and scenario.answers.fault is None
    return whole and scenario.expect.follow_up and scenario.expect.outcome == "not-connected"


#: What the page's own script decides in a scenario; the first reason that holds is given.
_PAGES_OWN: dict[str, Callable[[Scenario, FixtureSet], bool]] = {
    "whether a blocked window is told to the user is the page's own affair": lambda story, _: story.blocked,
    "whether a forgery is refused is decided by the page's own listener": lambda story, _: story.intruder is not None,
    "the opener is cut, so no event comes that could be delivered": lambda story, _: story.opener_is_cut(),
    "the window posts no event that could be delivered": _posts_nothing,
    "whether one window or several are opened is decided by the page's own script": (
        lambda story, _: story.user.count("click") > 1
    ),
    "which of several messages is acted on is decided by the page's own listener": (
        lambda story, _: len(story.finish.posts) > 1
    ),
    "how an event is read that comes as text is decided by the page's own listener": _is_text,
    "whether an empty list is shown as connected is the page's own affair": _lists_nothing,
}
