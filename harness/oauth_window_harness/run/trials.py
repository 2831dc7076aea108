"""Plays that are not judged, but show what the page does: its texts while it waits, the events it acts on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from typing import Any

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.event import form_of, ignored_event, is_doubtful
from oauth_window_harness.checks.without_event import UNKNOWN, WithoutEvent
from oauth_window_harness.drivers.base import Stage, Target
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario.model import Expect, Finish, Scenario


@dataclass
class Trials:
    """The trial plays on one page; each is played at most once.

    Args:
        begin: begins a play of a scenario in a slot.
        stage: makes the stage for a play.
    """

    begin: Callable[[Scenario, int], Play]
    stage: Callable[[Play, Target], AbstractAsyncContextManager[Stage]]
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _texts: frozenset[str] | None = None
    _without_event: WithoutEvent | None = None
    _acted_on: dict[str, bool] = field(default_factory=dict)

    async def texts_while_open(self, target: Target, slot: int = 0) -> frozenset[str]:
        """Return the texts that the page shows while its window is open, which are no reaction to a blocked window."""
        async with self._lock:
            if self._texts is None:
                play = self.begin(_scenario(user=("click",)), slot)
                self._texts = frozenset()
                with suppress(AppUnreachableError, CannotJudgeError):
                    async with self.stage(play, target) as stage:
                        self._texts = await Playing(stage, play, target).open_window()
        return self._texts

    async def explain(
        self, playing: Playing, findings: Sequence[Finding], target: Target, slot: int = 0
    ) -> Sequence[Finding]:
        """Return the findings of a play; that of an ignored event names the spellings that the page does act on.

        Whether a page acts on its event is judged by what it does without the event, where the play leaves a doubt.

        Args:
            playing: the play, which has ended.
            findings: what was judged of it alone.
            target: the page under test, for the trials.
            slot: where to play them.
        """
        async with self._lock:
            return await self._explain(playing, findings, target, slot)

    async def _explain(
        self, playing: Playing, findings: Sequence[Finding], target: Target, slot: int
    ) -> Sequence[Finding]:
        if is_doubtful(playing.flow()) and any(finding.code == "follow-up-missing" for finding in findings):
            playing.without_event = await self._what_comes_without_event(target, slot)
            findings = judge(playing.flow())
        event = ignored_event(playing.flow())
        is_reported = any(finding.code == "event-ignored" for finding in findings)
        if event is None or isinstance(event.data, str) or not is_reported:
            return findings
        form = form_of(event.data)
        for fixture in (form.fixture, *form.alike, *form.others):
            if fixture not in self._acted_on:
                self._acted_on[fixture] = await self._acts_on(fixture, target, slot)
            if self._acted_on[fixture]:
                break
        playing.acted_on_elsewhere = frozenset(name for name, acts in self._acted_on.items() if acts)
        return judge(playing.flow())

    async def _acts_on(self, event: str, target: Target, slot: int) -> bool:
        """Return whether the page acts on an event, given by its fixture's name, in a plain flow."""
        play = self.begin(_scenario(finish=Finish(posts=(event,))), slot)
        try:
            async with self.stage(play, target) as stage:
                playing = Playing(stage, play, target)
                await playing.go()
        except (AppUnreachableError, CannotJudgeError):
            return False
        if is_doubtful(playing.flow()):
            playing.without_event = await self._what_comes_without_event(target, slot)
        flow = playing.flow()
        return bool(flow.genuine_events) and ignored_event(flow) is None

    async def _what_comes_without_event(self, target: Target, slot: int) -> WithoutEvent:
        """Return what the page does in a plain flow in which its window posts what is no event at all."""
        if self._without_event is None:
            expect = Expect(outcome="not-connected", follow_up=False)
            play = self.begin(_scenario(finish=Finish(posts=("noise-object",)), expect=expect), slot)
            try:
                async with self.stage(play, target) as stage:
                    self._without_event = await Playing(stage, play, target).watch_without_event()
            except (AppUnreachableError, CannotJudgeError):
                return UNKNOWN
        return self._without_event


def _scenario(**differs: Any) -> Scenario:
    """Return the scenario of a plain flow with some fields replaced."""
    expected = {"expect": Expect(outcome="connected", follow_up=True)}
    return Scenario(name="trial", title="What does the page do?", **{**expected, **differs})
