"""What a run tells its listeners: a stream of typed, frozen events. The terminal and every report listen to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.model import Results, ScenarioResult
from oauth_window_harness.scenario.model import Scenario


@dataclass(frozen=True)
class RunStarted:
    """The first event: the browser is there, and so is the app."""

    app: str
    driver: str
    browser: str
    plays: int


@dataclass(frozen=True)
class ScenarioStarted:
    """A scenario is about to be played."""

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
    """The last event, also of a run that was interrupted."""

    results: Results
    replay_command: Sequence[str]


RunEvent = RunStarted | ScenarioStarted | ScenarioEnded | RunEnded
Listener = Callable[[RunEvent], None]
