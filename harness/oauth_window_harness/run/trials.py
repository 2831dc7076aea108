"""Plays that are not judged, in which is learnt what the page does: what it shows while it waits, what it heeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.event import SPELLINGS, ignored_event
from oauth_window_harness.drivers.base import Stage, Target
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario.model import Expect, Finish, Scenario


@dataclass
class Trials:
    """What can be tried on one page; each thing is tried once.

    Args:
        begin: begins to play a scenario.
        stage: makes the windows for a play.
        target: the page under test.
    """

    begin: Callable[[Scenario], Play]
    stage: Callable[[Play, Target], AbstractAsyncContextManager[Stage]]
    target: Target
    _waiting: frozenset[str] | None = None
    _heeds: dict[str, bool] = field(default_factory=dict)

    async def waiting_texts(self) -> frozenset[str]:
        """Return the texts that the page shows while its window is open: where it is blocked, they mean nothing."""
        if self._waiting is None:
            play = self.begin(_scenario(user=("click",)))
            self._waiting = frozenset()
            try:
                async with self.stage(play, self.target) as stage:
                    self._waiting = await Playing(stage, play, self.target).open_window()
            except (AppUnreachableError, CannotJudgeError):
                return self._waiting
        return self._waiting

    async def explain(self, playing: Playing, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Return the findings of a play, in which an ignored event is told by the spellings that the page heeds."""
        event = ignored_event(playing.flow())
        told = any(found.code == "event-ignored" for found in findings)
        if event is None or isinstance(event.data, str) or not told:
            return findings
        _, *spellings = SPELLINGS[event.data["page"]]
        for spelling in spellings:
            if spelling not in self._heeds:
                self._heeds[spelling] = await self._heeded(spelling)
        playing.acted_on_elsewhere = frozenset(name for name, heeds in self._heeds.items() if heeds)
        return judge(playing.flow())

    async def _heeded(self, event: str) -> bool:
        """Return whether the page acts on an event, by its fixture's name, in a plain flow."""
        play = self.begin(_scenario(finish=Finish(posts=(event,))))
        try:
            async with self.stage(play, self.target) as stage:
                playing = Playing(stage, play, self.target)
                await playing.go()
        except (AppUnreachableError, CannotJudgeError):
            return False
        flow = playing.flow()
        return bool(flow.genuine_events) and ignored_event(flow) is None


def _scenario(**differs: Any) -> Scenario:
    """Return a plain flow that differs in something."""
    expect = Expect(outcome="connected", follow_up=True)
    return Scenario(name="trial", title="What does the page do?", expect=expect, **differs)
