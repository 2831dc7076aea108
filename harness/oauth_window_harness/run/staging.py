"""Plays one scenario on a stage of the driver, judges the play, and keeps its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from oauth_window_harness.drivers.base import BrowserGoneError, Driver, Footage
from oauth_window_harness.errors import CannotJudgeError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.folder import PlayFolder
from oauth_window_harness.run.code.of_plays import PlayPlaces
from oauth_window_harness.run.footage import footage_in, keep
from oauth_window_harness.run.judgement import Judgement, play_and_judge
from oauth_window_harness.run.options import KeptPlays
from oauth_window_harness.run.outcome import Outcome
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.run.sharing import Sharing
from oauth_window_harness.run.trials import Asker, Trials
from oauth_window_harness.run.turns import Slot
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

#: Makes the folder of a play's files, empty.
MakeFolder = Callable[[], PlayFolder]


@dataclass
class Staging:
    """Plays scenarios one at a time in a slot, each on a stage of its own.

    Attributes:
        sharing: what the plays at once share.
        kept: of which plays pictures and a trace are kept.
        form: the event fixture whose form the page heeds; None where it heeds that of the scenarios.
        has_played: whether anything was played on the page before.
    """

    world: World
    driver: Driver
    sharing: Sharing
    kept: KeptPlays = "failed"
    form: str | None = None
    has_played: bool = False

    def __post_init__(self) -> None:
        self._trials = Trials(self._begin, self.driver.stage)
        self._places = PlayPlaces(self.world)

    async def play(self, scenario: Scenario, slot: Slot, folder: MakeFolder | None, *, alone: bool) -> Outcome:
        """Play a scenario, and judge the play; once more, if a browser elsewhere took the play with it as it ended.

        Args:
            scenario: the one to play.
            slot: where it is played.
            folder: makes the folder of its files; None keeps none.
            alone: whether nothing is played beside it.
        """
        filmed = folder is not None and self.kept == "all" and self.driver.keeps_footage
        with footage_in(wanted=filmed) as footage:
            played = await self.play_once(scenario, slot, self.form, folder, alone=alone, footage=footage)
            if played.judgement.is_lost and self.driver.endpoints():
                played = await self.play_once(scenario, slot, self.form, folder, alone=alone, footage=footage)
            if footage is None or played.folder is None:
                return played
            return replace(played, untraced=keep(footage, played.folder, self.world.redactor))

    async def play_once(
        self,
        scenario: Scenario,
        slot: Slot,
        form: str | None,
        folder: MakeFolder | None = None,
        *,
        alone: bool = False,
        footage: Footage | None = None,
    ) -> Outcome:
        """Play a scenario once, with its events in a form, and judge the play; the driver keeps ``footage`` of it."""
        kept, flow, asker = None, None, Asker(slot.target, slot.number, alone or self.sharing.apart)
        texts = await self._trials.texts_while_open(asker) if scenario.blocked else None
        play = self.world.begin(scenario, own_accounts=True, slot=slot.number, form=form)
        try:
            async with self.driver.stage(play, slot.target, *([footage] if footage is not None else [])) as stage:
                playing = Playing(stage, play, slot.target, texts_while_open=texts, is_first=not self.has_played)
                flow = playing.flow
                judgement = await play_and_judge(playing)
                self.world.check()
                kept = folder() if folder is not None else None
                if kept is not None and self._wants_pictures(judgement):
                    await stage.picture(kept.picture, kept.popup)
            findings = judgement.findings
            if judgement.broken is None and judgement.skipped is None:
                findings = await self._trials.explain(playing, findings, asker)
        except CannotJudgeError as error:  # the stage could not be made, or was lost
            lost = Judgement.unplayed(str(error), is_lost=isinstance(error, BrowserGoneError))
            return Outcome(play, lost, folder() if folder is not None else None, flow and flow())
        finally:
            self.world.end(slot.number)
        doubtful = asker.is_doubtful and any(found.severity != "info" for found in findings)
        findings = await self._places.placed(findings, playing.flow(), slot.number)
        return Outcome(play, replace(judgement, findings=findings), kept, playing.flow(), doubtful)

    def _begin(self, scenario: Scenario, slot: int) -> Play:
        return self.world.begin(scenario, own_accounts=True, slot=slot, form=self.form)

    def _wants_pictures(self, judgement: Judgement) -> bool:
        return self.kept == "all" or (self.kept == "failed" and bool(judgement.findings or judgement.broken))
