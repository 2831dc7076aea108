"""Plays that are not judged, but show what the page does: its texts while it waits, the events it acts on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.event import form_of, ignored_event, is_doubtful
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.list_fallback import is_rescued, list_in_place
from oauth_window_harness.checks.without_event import UNKNOWN, WithoutEvent
from oauth_window_harness.drivers.base import Stage, Target
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario.model import Expect, Finish, Scenario

T = TypeVar("T")


@dataclass
class Asker:
    """The play for which trials are made.

    Attributes:
        target: the page under test, as it is reached there.
        slot: where the play is played, and its trials.
        alone: whether nothing is played beside it that could disturb its trials.
        is_doubtful: whether it was told something that came of a trial beside others.
    """

    target: Target
    slot: int = 0
    alone: bool = True
    is_doubtful: bool = False


@dataclass(frozen=True)
class _Answer:
    """What came of a trial, and whether it was played alone."""

    value: Any
    alone: bool


@dataclass
class Trials:
    """The trial plays on one page; each is played at most once, and once more where only one beside others was.

    Args:
        begin: begins a play of a scenario in a slot.
        stage: makes the stage for a play.
    """

    begin: Callable[[Scenario, int], Play]
    stage: Callable[[Play, Target], AbstractAsyncContextManager[Stage]]
    _locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _answers: dict[str, _Answer] = field(default_factory=dict)

    async def texts_while_open(self, asker: Asker) -> frozenset[str]:
        """Return the texts that the page shows while its window is open, which are no reaction to a blocked window."""

        async def trial() -> frozenset[str]:
            play = self.begin(_scenario(user=("click",)), asker.slot)
            with suppress(AppUnreachableError, CannotJudgeError):
                async with self.stage(play, asker.target) as stage:
                    return await Playing(stage, play, asker.target).open_window()
            return frozenset()

        return await self._answer("texts", asker, trial)

    async def explain(self, playing: Playing, findings: Sequence[Finding], asker: Asker) -> Sequence[Finding]:
        """Return the findings of a play; that of an ignored event names the spellings that the page does act on.

        Whether a page acts on its event is judged by what it does without the event, where the play leaves a doubt.

        Args:
            playing: the play, which has ended.
            findings: what was judged of it alone.
            asker: the same play, as far as trials are concerned.
        """
        if _needs_comparison(playing.flow(), findings):
            playing.without_event = await self._what_comes_without_event(asker)
            findings = judge(playing.flow())
        flow = playing.flow()
        # A page that the list told in the event's place is accused of nothing before a trial has shown its way.
        rescued = is_rescued(flow)
        event = flow.genuine_events[0] if rescued else ignored_event(flow)
        is_reported = rescued or any(finding.code == "event-ignored" for finding in findings)
        if event is None or isinstance(event.data, str) or not is_reported:
            return findings
        form = form_of(event.data)
        for fixture in (form.fixture, *form.alike, *form.others):
            if await self._acts_on(fixture, asker):
                break
        playing.acted_on_elsewhere = self._acted_on(asker)
        return judge(playing.flow())

    async def _answer(self, question: str, asker: Asker, trial: Callable[[], Awaitable[T]]) -> T:
        """Return what came of the trial that answers a question; who asks alone is told only what was seen alone."""
        async with self._locks[question]:
            known = self._answers.get(question)
            if known is None or (asker.alone and not known.alone):
                known = self._answers[question] = _Answer(await trial(), asker.alone)
        asker.is_doubtful |= not known.alone
        value: T = known.value
        return value

    def _acted_on(self, asker: Asker) -> frozenset[str]:
        """Return the event fixtures on which the page acts, as far as trials have shown that."""
        known = {name: answer for name, answer in self._answers.items() if answer.value is True}
        known = {name: answer for name, answer in known.items() if answer.alone or not asker.alone}
        asker.is_doubtful |= not all(answer.alone for answer in known.values())
        return frozenset(known)

    async def _acts_on(self, event: str, asker: Asker) -> bool:
        """Return whether the page acts on an event, given by its fixture's name, in a plain flow."""

        async def trial() -> bool:
            play = self.begin(_scenario(finish=Finish(posts=(event,))), asker.slot)
            try:
                async with self.stage(play, asker.target) as stage:
                    playing = Playing(stage, play, asker.target)
                    await playing.go()
            except (AppUnreachableError, CannotJudgeError):
                return False
            if is_doubtful(playing.flow()):
                playing.without_event = await self._what_comes_without_event(asker)
            flow = playing.flow()
            return bool(flow.genuine_events) and ignored_event(flow) is None and not is_rescued(flow)

        return await self._answer(event, asker, trial)

    async def _what_comes_without_event(self, asker: Asker) -> WithoutEvent:
        """Return what the page does in a plain flow in which its window posts what is no event at all."""

        async def trial() -> WithoutEvent:
            expect = Expect(outcome="not-connected", follow_up=False)
            play = self.begin(_scenario(finish=Finish(posts=("noise-object",)), expect=expect), asker.slot)
            async with self.stage(play, asker.target) as stage:
                return await Playing(stage, play, asker.target).watch_without_event()

        try:
            return await self._answer("without event", asker, trial)
        except (AppUnreachableError, CannotJudgeError):
            return UNKNOWN


def _needs_comparison(flow: Flow, findings: Sequence[Finding]) -> bool:
    """Return whether a play without the event must show what the page does as well without it."""
    if is_rescued(flow):
        return True
    lacks = any(finding.code == "follow-up-missing" for finding in findings)
    return is_doubtful(flow) and (lacks or list_in_place(flow, flow.genuine_events[0]) is not None)


def _scenario(**differs: Any) -> Scenario:
    """Return the scenario of a plain flow with some fields replaced."""
    expected = {"expect": Expect(outcome="connected", follow_up=True)}
    return Scenario(name="trial", title="What does the page do?", **{**expected, **differs})
