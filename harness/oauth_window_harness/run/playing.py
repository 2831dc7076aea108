"""Plays one scenario on a stage: does what the user does, and waits for what the page makes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from oauth_window_harness.checks.played import Played
from oauth_window_harness.drivers.base import Stage, StepNotTakenError, Target
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Moment, Step


@dataclass
class Playing:
    """One scenario on its stage.

    Attributes:
        heeded: the event fixtures on which the page has acted in other plays.
        waiting: the texts that the page shows while its window is open, from another play.
        not_taken: the step that the user could not take, if there was one.
    """

    stage: Stage
    play: Play
    target: Target
    heeded: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    not_taken: StepNotTakenError | None = None

    async def go(self) -> None:
        """Play from the loading of the page to the moment at which nothing more is to come.

        Raises:
            AppUnreachableError: the page does not load.
            UsageError: the control is not in it.
            CannotJudgeError: the page has crashed, or has gone.
        """
        await self.stage.load()
        try:
            await self._take_steps()
        except StepNotTakenError as error:
            self.not_taken = error
        else:
            # Two waits, for the page has the patience for each: to follow up, and then to tell its user.
            delay = self.play.scenario.finish.delay + self.play.scenario.answers.delay
            if await self._until(lambda played: played.moment() is not None, delay):
                await self._until(Played.told)
            await self._intrude("after-end")
        await self.stage.drain()

    async def open_window(self) -> None:
        """Play until the window is open, and no further."""
        await self.stage.load()
        with suppress(StepNotTakenError):
            await self.stage.take("click")
            await self._until(lambda played: bool(played.popups) and bool(played.starts))
        await self.stage.drain()

    def played(self) -> Played:
        """Give what has happened until now."""
        return Played.of_play(
            self.play,
            knows_connected=self.target.connected is not None,
            knows_failed=self.target.failed is not None,
            heeded=self.heeded,
            waiting=self.waiting,
        )

    async def _take_steps(self) -> None:
        await self._intrude("before-click")
        before: Step | None = None
        for step in self.play.scenario.user:
            if step == "linger":
                await self._until(Played.told)
            else:
                if before == "close":
                    # Whoever closed the window clicks again when the page has said something.
                    await self._until(Played.told_of_closing)
                await self._take(step, again=before == "close")
            if step == "click" and before != "click":
                await self._intrude("in-flow", from_popup=False)
            elif step == "approve":
                await self._intrude("in-flow", from_popup=True)
            before = step

    async def _take(self, step: Step, *, again: bool) -> None:
        """Take a step; a click that opens no new window is tried once more, as its page may not have been ready."""
        windows = len(self.played().popups)
        await self.stage.take(step)
        if again and not await self._until(lambda played: len(played.popups) > windows):
            await self.stage.take(step)

    async def _intrude(self, when: Moment, *, from_popup: bool | None = None) -> None:
        wanted = [one for one in self.play.intrusions() if one.when == when]
        if when == "in-flow" and wanted:
            # A window that opens while an intruder's does could not be told from it.
            await self._until(lambda played: bool(played.popups))
        for intrusion in wanted:
            if from_popup in (None, intrusion.sender == "popup"):
                await self.stage.intrude(intrusion)

    async def _until(self, holds: Callable[[Played], bool], delay: float = 0) -> bool:
        return await self.stage.until(lambda: holds(self.played()), delay)
