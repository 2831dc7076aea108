"""Plays of their own, in which a failed test learns what its page does; `run.runner` does the same in a run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.event import SPELLINGS, ignored
from oauth_window_harness.drivers.base import StepNotTakenError
from oauth_window_harness.scenario.model import Expect, Finish, Scenario
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:
    from oauth_window_harness.pytest.guided import Guided

T = TypeVar("T")


@dataclass(frozen=True)
class Trial:
    """What can be tried on the page at an address, in another window of the same browser."""

    world: World
    url: str

    def explain(self, guided: Guided) -> None:
        """Learn what the checks need to tell the cause: what the page shows while it waits, which spelling it hears."""
        if guided.play.scenario.blocked and guided.waiting is None:
            guided.waiting = self._tried(guided, lambda other: other.opened(self.url), user=("click",)) or frozenset()
        event = ignored(guided.played())
        if event is None or guided.heeded is not None:
            return
        if any(found.code == "event-ignored" for found in judge(guided.played())):
            _, *spellings = SPELLINGS[event.data["page"]]
            guided.heeded = frozenset(spelling for spelling in spellings if self._heeds(guided, spelling))

    def _heeds(self, guided: Guided, event: str) -> bool:
        played = self._tried(guided, lambda other: other.tried(self.url), finish=Finish(posts=(event,)))
        return played is not None and bool(played.heard) and ignored(played) is None

    def _tried(self, guided: Guided, doing: Callable[[Guided], T], **differs: Any) -> T | None:
        """Do something in a play of its own, and give what came of it; None where there can be no other window."""
        expect = Expect(outcome="connected", follow_up=True)
        play = self.world.begin(Scenario(name="trial", title="What does the page do?", expect=expect, **differs))
        with suppress(StepNotTakenError), guided.windows.another(play) as windows:
            return doing(replace(guided, windows=windows, play=play, since=float("inf")))
        return None
