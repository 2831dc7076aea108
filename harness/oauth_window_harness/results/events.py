"""The events of a run: a stream of typed, frozen objects, to which the terminal and every report listen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.model import Results, ScenarioResult
from oauth_window_harness.scenario.model import Scenario


@dataclass(frozen=True)
class RunStarted:
    """The first event: the browser has started, and the app answers.

    Attributes:
        app: the address of the page under test, or ``reference``.
        driver: the name of the driver.
        browser: the name and the version of the browser.
        plays: how many plays there will be.
        repeat: how many of them each scenario has.
    """

    app: str
    driver: str
    browser: str
    plays: int
    repeat: int = 1


@dataclass(frozen=True)
class ScenarioStarted:
    """A scenario is about to be played, or to be played again after it was postponed.

    Attributes:
        repeat: which play of several this is, from 1; None where each scenario is played once.
    """

    scenario: Scenario
    repeat: int | None


@dataclass(frozen=True)
class ScenarioPostponed:
    """A play that others beside it may have disturbed has ended, and waits until it is played again alone.

    Attributes:
        repeat: as in `ScenarioStarted`.
    """

    scenario: Scenario
    repeat: int | None


@dataclass(frozen=True)
class ScenarioEnded:
    """A scenario has been played and judged.

    Attributes:
        posts: the data of the events that its finish page posts.
    """

    result: ScenarioResult
    journal: Journal
    posts: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RunEnded:
    """The last event, also of a run that was interrupted.

    Attributes:
        replay_command: the words of the command that plays a scenario again, without the name of the scenario.
        keeps_earlier: whether the report of an earlier run stays, as an option of this one cannot be used.
    """

    results: Results
    replay_command: Sequence[str]
    keeps_earlier: bool = False


RunEvent = RunStarted | ScenarioStarted | ScenarioPostponed | ScenarioEnded | RunEnded
Listener = Callable[[RunEvent], None]
