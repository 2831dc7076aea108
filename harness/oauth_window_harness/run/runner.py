"""Plays scenarios: a driver takes the steps, the journal records, the checks judge, the listeners get the results."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from oauth_window_harness.checks.broken_link import in_order
from oauth_window_harness.checks.event import SPELLINGS
from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import EndpointsGoneError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results import events
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import fails_run
from oauth_window_harness.results.folder import ArtifactFolder, PlayFolder
from oauth_window_harness.results.model import PlayKey, RestsOn, Results, ScenarioResult
from oauth_window_harness.run.first_play import FirstPlay, other_form
from oauth_window_harness.run.judgement import Judgement
from oauth_window_harness.run.options import KeptPlays
from oauth_window_harness.run.outcome import Outcome, results_of, unconfirmed
from oauth_window_harness.run.retakes import Retakes
from oauth_window_harness.run.sharing import Sharing
from oauth_window_harness.run.staging import Staging
from oauth_window_harness.run.turns import Slot, Slots, Turn, first_of, turns_of
from oauth_window_harness.scenario.links import is_about_form, is_plain
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

#: Why a scenario was not played where the first failure ends the run.
_ENDED = "the run ended at its first failure, as -x wants it"


@dataclass
class Runner:
    """Plays scenarios in one world, as many at once as there are targets.

    Attributes:
        targets: the page under test as it is reached from each of the plays at once.
        app: the name of the page under test in the results.
        again: the command line that runs a scenario again, without the scenario's name.
        baseline: the known findings, which fail no scenario.
        plays_all: whether to play also what rests on a link that is known to be broken.
        ends_at_failure: whether to begin no further play after the first that fails the run.
        is_strict: whether a warning that is not known fails the run.
        files: the files of the scenarios that are the user's own, by the scenarios' names.
        engine: the engine's name, where several play, and each play is to name its own.
        kept: of which plays pictures and a trace are kept.
    """

    world: World
    driver: Driver
    targets: Sequence[Target]
    artifacts: ArtifactFolder
    app: str
    listeners: Sequence[events.Listener]
    again: Sequence[str] = ()
    baseline: Baseline = field(default_factory=Baseline)
    plays_all: bool = False
    ends_at_failure: bool = False
    is_strict: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    engine: str | None = None
    kept: KeptPlays = "failed"
    _results: dict[int, ScenarioResult] = field(default_factory=dict)
    _first_play: FirstPlay = field(default_factory=FirstPlay)
    _spelling: Sequence[Finding] = ()
    _doubtful: dict[int, tuple[Turn, Play, ScenarioResult]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._slots = Slots([Slot(number, target) for number, target in enumerate(self.targets)])
        self._sharing = Sharing(apart=len(self.targets) == 1 or self.targets[0] is not self.targets[-1])
        self._staging = Staging(self.world, self.driver, self._sharing, self.kept)
        self._retakes = Retakes(self._staging, lambda turn: self.artifacts.folder_of_play(*self._name_of(turn)))

    async def run(self, scenarios: Sequence[Scenario], *, repeat: int = 1, once: Sequence[str] = ()) -> Results:
        """Play the scenarios, each ``repeat`` times but those named in ``once``, and return the results.

        The plain flow is played first and alone. However the run ends, the listeners get its results so far.
        """
        turns = turns_of(scenarios, repeat, once)
        browser = f"{self.driver.browser.name} {self.driver.browser.version}"
        self._tell(events.RunStarted(self.app, self.driver.name, browser, len(turns), repeat))
        self._results, self._doubtful = {}, {}
        unplayed: Judgement | None = None
        try:
            await self._play_all(turns)
            unplayed = Judgement(skipped=_ENDED)
            await self._retakes.make(turns, self._results, self._slots)
        except EndpointsGoneError as error:
            unplayed = Judgement(broken=error.what, is_whole=False)
            raise
        finally:
            self._tell_unconfirmed()
            for turn in turns:
                if unplayed is not None and turn.place not in self._results:
                    self._pass_over(turn, unplayed)
            interrupted = unplayed is None or unplayed.broken is not None
            played = [self._results[place] for place in sorted(self._results)]
            results = results_of(self.driver, played, self.baseline, self.again, app=self.app, interrupted=interrupted)
            self._tell(events.RunEnded(results, self.again))
        return results

    async def _play_all(self, turns: Sequence[Turn]) -> None:
        alone = self._slots.slots[0]
        first = first_of([turn for turn in turns if self.driver.skip_reason(turn.scenario) is None])
        left = [turn for turn in turns if turn is not first]
        if first is not None:
            await self._play_first(first, alone, left)
        while not self._slots.is_over:
            left = list(await self._slots.play(left, self._take_turn))
            doubtful = [turn for turn, _, _ in self._doubtful.values()]
            alone_from_now = left if self._sharing.forbids_others else []
            for turn in [*sorted(doubtful, key=lambda turn: turn.place), *alone_from_now]:
                if not self._slots.is_over:
                    await self._take_turn(turn, alone, alone=True)
            if not left or alone_from_now:
                return
            self._slots.is_shared = self._sharing.forbids_others

    async def _play_first(self, turn: Turn, slot: Slot, others: Sequence[Turn]) -> None:
        """Play the plain flow; and, if others would rest on what it shows, see whether it shows that again."""
        began = self._start(turn)
        played = await self._play(turn, slot, alone=True)
        first = self._first_play_of(played)
        self._end(turn, played, began, alone=True)
        if not self._slots.is_over and any(self._rest_of(other, first) for other in others):
            again = self._first_play_of(await self._staging.play(turn.scenario, slot, None, alone=True))
            self._first_play = first if again.link == first.link else FirstPlay()

    def _first_play_of(self, played: Outcome) -> FirstPlay:
        if played.flow is None or not played.judgement.is_whole:
            return FirstPlay()
        findings = [found for found in played.judgement.findings if found not in self._spelling]
        return FirstPlay.of(played.flow, findings, played.judgement.skipped)

    def _rest_of(self, turn: Turn, first: FirstPlay) -> tuple[RestsOn, str] | None:
        return None if self.plays_all or turn.repeat is not None else first.rest_of(turn.scenario)

    async def _take_turn(self, turn: Turn, slot: Slot, *, alone: bool = False) -> None:
        """Play a turn, or say why it is not played."""
        rest = self._rest_of(turn, self._first_play)
        skipped = self.driver.skip_reason(turn.scenario) if rest is None else rest[1]
        if skipped is not None:
            self._pass_over(turn, Judgement(skipped=skipped), rest[0] if rest else None)
            return
        began = self._start(turn)
        alone = alone or len(self.targets) == 1
        played = await self._play(turn, slot, alone=alone)
        alone = alone or (self._slots.was_alone(slot) and not played.has_others)
        self._end(turn, played, began, alone=alone)

    async def _play(self, turn: Turn, slot: Slot, *, alone: bool) -> Outcome:
        """Play a turn; and once more in the form that the page heeds, so that its next mistake can be seen."""
        folder = partial(self._folder, turn)
        played = await self._staging.play(turn.scenario, slot, folder, alone=alone)
        form = other_form(played.flow, played.judgement.findings) if played.flow else None
        if form is not None and not is_about_form(turn.scenario):
            self._staging.form = form
            self._spelling = [found for found in played.judgement.findings if found.code in SPELLINGS]
            played = await self._staging.play(turn.scenario, slot, folder, alone=alone)
        elif not (self._spelling and is_plain(turn.scenario)):
            return played
        findings = in_order([*self._spelling, *played.judgement.findings])
        return replace(played, judgement=replace(played.judgement, findings=findings))

    def _folder(self, turn: Turn) -> PlayFolder:
        return self.artifacts.folder(*self._name_of(turn))

    def _name_of(self, turn: Turn) -> PlayKey:
        return turn.scenario.name, turn.repeat, self.engine

    def _start(self, turn: Turn) -> float:
        self._tell(events.ScenarioStarted(turn.scenario, turn.repeat))
        return time.perf_counter()

    def _pass_over(self, turn: Turn, judgement: Judgement, rests_on: RestsOn | None = None) -> None:
        """Report why a scenario is not played."""
        began, play = self._start(turn), self.world.session(turn.scenario).play
        self._end(turn, Outcome(play, judgement, self._folder(turn)), began, rests_on=rests_on)

    def _end(
        self, turn: Turn, played: Outcome, began: float, *, alone: bool = True, rests_on: RestsOn | None = None
    ) -> None:
        """Keep the result of a play, and tell of it; or, if others may have disturbed it, play it again later."""
        result = played.result(
            self.baseline,
            duration_ms=round((time.perf_counter() - began) * 1000) if played.flow else 0,
            file=self.files.get(turn.scenario.name),
            rests_on=rests_on,
            repeat=turn.repeat,
            browser=self.engine,
        )
        if played.flow is not None:
            self._sharing.learn(result, alone=alone)
            if not alone and (played.is_doubtful or self._sharing.is_doubtful(result, has_others=played.has_others)):
                self._doubtful[turn.place] = (turn, played.play, result)
                self._tell(events.ScenarioPostponed(turn.scenario, turn.repeat))
                # Where the first failure ends the run, it is to be seen at once whether this is one.
                self._slots.is_shared |= self.ends_at_failure or self._sharing.forbids_others
                return
            self._slots.is_shared |= self._sharing.forbids_others
        self._staging.has_played = True
        self._slots.is_over |= self.ends_at_failure and fails_run(result, strict=self.is_strict)
        self._keep(turn.place, played.play, result)

    def _tell_unconfirmed(self) -> None:
        """Report the plays that were to be played again alone when the run ended."""
        failure = self.targets[0].app_failure() if self._doubtful else None
        for place, (_, play, result) in list(self._doubtful.items()):
            self._keep(place, play, unconfirmed(result, failure))

    def _keep(self, place: int, play: Play, result: ScenarioResult) -> None:
        self._doubtful.pop(place, None)
        self._results[place] = result
        self._tell(events.ScenarioEnded(result, play.journal, tuple(event.data for event in play.events())))

    def _tell(self, event: events.RunEvent) -> None:
        for listener in self.listeners:
            listener(event)
