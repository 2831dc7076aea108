"""The plays of a run, in which order and where they are played: several at once, and some alone afterwards."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.scenario.links import is_plain
from oauth_window_harness.scenario.model import Scenario


@dataclass(frozen=True)
class Turn:
    """One play to be played.

    Attributes:
        place: its place among all plays, by which the results are ordered.
        repeat: which play of several of its scenario it is, from 1; None where each is played once.
    """

    place: int
    scenario: Scenario
    repeat: int | None


@dataclass(frozen=True)
class Slot:
    """Where a play is played: one of those at once, with the page under test as it is reached there."""

    number: int
    target: Target


def turns_of(scenarios: Sequence[Scenario], repeat: int, once: Sequence[str] = ()) -> list[Turn]:
    """Return the plays of the scenarios in their order, each ``repeat`` times, but those named in ``once`` one time."""
    numbers = {scenario.name: range(1, 2 if scenario.name in once else repeat + 1) for scenario in scenarios}
    pairs = [(scenario, number) for scenario in scenarios for number in numbers[scenario.name]]
    return [Turn(place, scenario, number if repeat > 1 else None) for place, (scenario, number) in enumerate(pairs)]


def first_of(turns: Sequence[Turn]) -> Turn | None:
    """Return the play that shows how far the page comes, or None if no scenario is the plain flow."""
    return next((turn for turn in turns if is_plain(turn.scenario)), None)


@dataclass
class Slots:
    """Plays turns in several slots at once.

    Attributes:
        slots: the slots.
        is_shared: whether what is played in one slot can be seen in another, so that no further turn is to be begun
            beside others.
        is_over: whether no further turn is to be begun at all.
    """

    slots: Sequence[Slot]
    is_shared: bool = False
    is_over: bool = False
    _under_way: set[int] = field(default_factory=set)
    _beside: set[int] = field(default_factory=set)

    def was_alone(self, slot: Slot) -> bool:
        """Return whether no other slot has played anything since the turn of this one was begun."""
        return slot.number not in self._beside

    async def play(self, turns: Iterable[Turn], play: Callable[[Turn, Slot], Awaitable[None]]) -> Sequence[Turn]:
        """Play the turns, and return those that were not begun.

        An error in one of them ends the others, and is raised when they have ended.
        """
        left = deque(turns)

        async def work(slot: Slot) -> None:
            while left and not self.is_over and not (self.is_shared and len(self.slots) > 1):
                self._begin(slot)
                try:
                    await play(left.popleft(), slot)
                finally:
                    self._under_way.discard(slot.number)

        if len(self.slots) == 1:
            await work(self.slots[0])
            return left
        tasks = [asyncio.create_task(work(slot)) for slot in self.slots]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return left

    def _begin(self, slot: Slot) -> None:
        self._under_way.add(slot.number)
        self._beside.discard(slot.number)
        if len(self._under_way) > 1:
            self._beside |= self._under_way
