"""Plays once more, with a trace, what first showed a cause: to keep a trace of each play would make all of them slower.

Nothing else of such a play counts: neither its findings nor how long it took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oauth_window_harness.checks.event import SPELLINGS
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.folder import PlayFolder
from oauth_window_harness.results.model import CauseResult, ScenarioResult
from oauth_window_harness.run.footage import footage_in, keep
from oauth_window_harness.run.outcome import Outcome
from oauth_window_harness.run.staging import Staging
from oauth_window_harness.run.turns import Slot, Slots, Turn

_UNPLAYED = "the scenario could not be played once more"

#: The longest that a play may have taken to be played once more, in times the patience: a page that floods its browser
#: would keep its user waiting twice, and a trace takes it longer still.
LONGEST = 3.0

#: The most causes of a run whose first play is played once more, what matters first.
MOST = 3


@dataclass(frozen=True)
class _Retake:
    """A play that is to be played once more, for what it showed."""

    turn: Turn
    code: str


@dataclass
class Retakes:
    """The plays of a run that are played once more.

    Attributes:
        staging: plays them.
        folder: returns the folder of the files of a play that was played.
    """

    staging: Staging
    folder: Callable[[Turn], PlayFolder]
    _codes: set[str] = field(default_factory=set)

    async def make(self, turns: Sequence[Turn], results: dict[int, ScenarioResult], slots: Slots) -> None:
        """Play once more what first showed each cause, and name the traces in the results.

        Args:
            turns: the plays of the run.
            results: what came of them, by their places; replaced where there is a trace.
            slots: where they are played, as many at once as there are; one after another where they share what can be
                seen by another.
        """
        # Where the first failure ends the run, no further play is begun.
        if self.staging.kept != "failed" or not self.staging.driver.keeps_footage or slots.is_over:
            return
        wanted = {one.turn.place: one for one in self._wanted(turns, results)}

        async def make(turn: Turn, slot: Slot) -> None:
            results[turn.place] = await self._retaken(wanted[turn.place], results[turn.place], slot)

        longest = LONGEST * slots.slots[0].target.patience
        for place in [place for place in wanted if results[place].duration_ms > longest * 1000]:
            del wanted[place]
            took = f"the play took longer than {longest:g} s, and a trace of it is kept with --artifacts all"
            results[place] = _with(results[place], untraced=took)
        for turn in await slots.play([one.turn for one in wanted.values()], make):
            await make(turn, slots.slots[0])

    def _wanted(self, turns: Sequence[Turn], results: Mapping[int, ScenarioResult]) -> Iterator[_Retake]:
        """Yield the first play of each cause, once where it showed several."""
        taken: set[int] = set()
        played = {turn: results[turn.place] for turn in turns if turn.place in results}
        causes = [one for one in causes_of(list(played.values()), ()) if one.severity != "info" and not one.known]
        for cause in causes[:MOST]:
            turn = next((turn for turn, result in played.items() if _shows(result, cause)), None)
            if turn is None or cause.code in self._codes or len(self._codes) >= MOST:
                continue
            self._codes.add(cause.code)
            if turn.place not in taken:
                taken.add(turn.place)
                yield _Retake(turn, cause.code)

    async def _retaken(self, retake: _Retake, result: ScenarioResult, slot: Slot) -> ScenarioResult:
        """Return a result with the trace of another play of its scenario; without one where that could not be had."""
        staging, folder = self.staging, self.folder(retake.turn)
        with footage_in(wanted=True) as footage:
            if footage is None:
                return _with(result, untraced="there is no room for a trace")
            try:
                # What showed that the page heeds another form was played in the scenario's own.
                form = None if retake.code in SPELLINGS else staging.form
                played = await staging.play_once(retake.turn.scenario, slot, form, footage=footage)
            except HarnessError as error:
                return _with(result, untraced=f"{_UNPLAYED}: {error.what}")
            if played.judgement.broken is not None:
                return _with(result, untraced=played.play.redactor.text(f"{_UNPLAYED}: {played.judgement.broken}"))
            untraced = keep(footage, folder, staging.world.redactor)
        if untraced is not None:
            return _with(result, untraced=untraced)
        files = folder.artifacts()
        return _with(result, trace=files.trace, screenshots=files.screenshots, trace_shows=_difference(retake, played))


def _shows(result: ScenarioResult, cause: CauseResult) -> bool:
    return result.verdict in ("failed", "warned") and any(
        found.code == cause.code and not found.known for found in result.findings
    )


def _difference(retake: _Retake, played: Outcome) -> tuple[str, ...] | None:
    """Return what another play showed where it is not what the first one showed; else None."""
    codes = tuple(found.code for found in played.judgement.findings)
    return None if retake.code in codes else codes


def _with(result: ScenarioResult, **files: object) -> ScenarioResult:
    return result.model_copy(update={"artifacts": result.artifacts.model_copy(update=files)})
