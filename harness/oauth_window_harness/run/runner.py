"""Plays scenarios: a driver takes the steps, the journal records, the checks judge, the listeners get the results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from oauth_window_harness.checks.broken_link import in_order
from oauth_window_harness.checks.event import SPELLINGS
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.base import Driver, Target
from oauth_window_harness.errors import CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, RunStarted, ScenarioEnded, ScenarioStarted
from oauth_window_harness.results.folder import ArtifactFolder, PlayFolder
from oauth_window_harness.results.model import BrowserResult, RestsOn, Results, ScenarioResult, summarize
from oauth_window_harness.run.first_play import FirstPlay, other_form
from oauth_window_harness.run.judgement import Judgement, play_and_judge
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.run.sharing import Sharing
from oauth_window_harness.run.trials import Trials
from oauth_window_harness.run.turns import Slot, Slots, Turn, first_of, turns_of
from oauth_window_harness.run.verdict import events_of, findings_of, requests_of, verdict_of
from oauth_window_harness.scenario.links import is_about_form, is_plain
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World


@dataclass(frozen=True)
class _Played:
    """What came of one play; it has no flow where it was not played."""

    play: Play
    judgement: Judgement
    folder: PlayFolder
    flow: Flow | None = None


@dataclass
class Runner:
    """Plays scenarios in one world, as many at once as there are targets.

    Attributes:
        targets: the page under test as it is reached from each of the plays at once.
        app: the name of the page under test in the results.
        again: the command line that runs a scenario again, without the scenario's name.
        baseline: the known findings, which fail no scenario.
        plays_all: whether to play also what rests on a link that is known to be broken.
        ends_at_failure: whether to begin no further play after the first that failed.
    """

    world: World
    driver: Driver
    targets: Sequence[Target]
    artifacts: ArtifactFolder
    app: str
    listeners: Sequence[Listener]
    again: Sequence[str] = ()
    baseline: Baseline = field(default_factory=Baseline)
    plays_all: bool = False
    ends_at_failure: bool = False
    _results: dict[int, ScenarioResult] = field(default_factory=dict)
    _first_play: FirstPlay = field(default_factory=FirstPlay)
    _form: str | None = None
    _spelling: Sequence[Finding] = ()
    _doubtful: list[Turn] = field(default_factory=list)
    _has_played: bool = False

    def __post_init__(self) -> None:
        self._trials = Trials(self._begin, self.driver.stage)
        self._slots = Slots([Slot(number, target) for number, target in enumerate(self.targets)])
        first, *others = self.targets
        self._sharing = Sharing(apart=not others or first is not others[-1])

    async def run(self, scenarios: Sequence[Scenario], *, repeat: int = 1) -> Results:
        """Play the scenarios, each ``repeat`` times, and return the results.

        The plain flow is played first and alone. However the run ends, the listeners get its end, with the results so
        far.
        """
        turns = turns_of(scenarios, repeat)
        browser = self.driver.browser
        self._tell(RunStarted(self.app, self.driver.name, f"{browser.name} {browser.version}", len(turns)))
        self._results, self._doubtful = {}, []
        interrupted = True
        try:
            await self._play_all(turns)
            interrupted = False
        finally:
            played = [self._results[place] for place in sorted(self._results)]
            results = Results(
                app=self.app,
                driver=self.driver.name,
                browser=BrowserResult(name=browser.name, version=browser.version),
                interrupted=interrupted,
                summary=summarize(tuple(played)),
                causes=causes_of(played, self.again),
                stale=self.baseline.stale(played),
                scenarios=tuple(played),
            )
            self._tell(RunEnded(results, self.again))
        return results

    async def _play_all(self, turns: Sequence[Turn]) -> None:
        alone = self._slots.slots[0]
        first = first_of([turn for turn in turns if self.driver.skip_reason(turn.scenario) is None])
        if first is not None:
            await self._play_first(first, alone)
        left = await self._slots.play([turn for turn in turns if turn is not first], self._take_turn)
        for turn in sorted([*left, *self._doubtful], key=lambda turn: turn.place):
            if not self._slots.is_over:
                await self._take_turn(turn, alone, alone=True)

    async def _play_first(self, turn: Turn, slot: Slot) -> None:
        began = self._start(turn)
        played = await self._play(turn, slot)
        if played.flow and played.judgement.is_whole:
            findings = [found for found in played.judgement.findings if found not in self._spelling]
            self._first_play = FirstPlay.of(played.flow, findings, played.judgement.skipped)
        self._end(turn, played, began, alone=True)

    async def _take_turn(self, turn: Turn, slot: Slot, *, alone: bool = False) -> None:
        """Play a turn, or say why it is not played."""
        rest = None if self.plays_all or turn.repeat is not None else self._first_play.rest_of(turn.scenario)
        skipped = self.driver.skip_reason(turn.scenario) if rest is None else rest[1]
        began = self._start(turn)
        if skipped is None:
            self._end(turn, await self._play(turn, slot), began, alone=alone or len(self.targets) == 1)
            return
        played = _Played(self.world.session(turn.scenario).play, Judgement(skipped=skipped), self._folder(turn))
        self._end(turn, played, began, alone=True, rests_on=rest[0] if rest else None)

    async def _play(self, turn: Turn, slot: Slot) -> _Played:
        """Play a turn; and once more in the form that the page heeds, so that its next mistake can be seen."""
        played = await self._stage(turn, slot)
        form = other_form(played.flow, played.judgement.findings) if played.flow else None
        if form is not None and not is_about_form(turn.scenario):
            self._form = form
            self._spelling = [found for found in played.judgement.findings if found.code in SPELLINGS]
            played = await self._stage(turn, slot)
        elif not (self._spelling and is_plain(turn.scenario)):
            return played
        findings = in_order([*self._spelling, *played.judgement.findings])
        return replace(played, judgement=replace(played.judgement, findings=findings))

    async def _stage(self, turn: Turn, slot: Slot) -> _Played:
        """Play a scenario, and judge the play."""
        scenario, target = turn.scenario, slot.target
        folder = self._folder(turn)
        texts = await self._trials.texts_while_open(target, slot.number) if scenario.blocked else None
        play = self._begin(scenario, slot.number)
        try:
            async with self.driver.stage(play, target) as stage:
                playing = Playing(stage, play, target, texts_while_open=texts)
                judgement = await play_and_judge(playing, is_first=not self._has_played)
                if judgement.findings or judgement.broken:
                    await stage.picture(folder.picture)
            findings = await self._trials.explain(playing, judgement.findings, target, slot.number)
        except CannotJudgeError as error:  # the stage itself could not be made
            return _Played(play, Judgement(broken=str(error), is_whole=False), folder)
        finally:
            self.world.end(slot.number)
        return _Played(play, replace(judgement, findings=findings), folder, playing.flow())

    def _begin(self, scenario: Scenario, slot: int) -> Play:
        return self.world.begin(scenario, own_accounts=True, slot=slot, form=self._form)

    def _folder(self, turn: Turn) -> PlayFolder:
        return self.artifacts.folder(turn.scenario.name, turn.repeat)

    def _start(self, turn: Turn) -> float:
        if turn not in self._doubtful:  # it was told when the play was begun that is now made again
            self._tell(ScenarioStarted(turn.scenario, turn.repeat))
        return time.perf_counter()

    def _end(self, turn: Turn, played: _Played, began: float, *, alone: bool, rests_on: RestsOn | None = None) -> None:
        """Keep the result of a play, and tell of it; or, if others may have disturbed it, play it again later."""
        seconds = time.perf_counter() - began if played.flow else 0
        result = self._result(turn, played, rests_on, seconds)
        if played.flow is not None:
            self._sharing.learn(result, alone=alone)
            if not alone and self._sharing.is_doubtful(played.flow, result):
                self._doubtful.append(turn)
                self._slots.is_shared |= self.ends_at_failure or self._sharing.forbids_others
                return
            self._slots.is_shared |= self._sharing.forbids_others
        self._results[turn.place] = result
        self._has_played = True
        self._slots.is_over |= self.ends_at_failure and result.verdict == "failed"
        posts = tuple(event.data for event in played.play.events())
        self._tell(ScenarioEnded(result, played.play.journal, posts))

    def _result(self, turn: Turn, played: _Played, rests_on: RestsOn | None, seconds: float) -> ScenarioResult:
        scenario, play, judgement = turn.scenario, played.play, played.judgement
        findings = findings_of(judgement.findings, scenario.name, self.baseline)
        verdict = verdict_of(findings, judgement.broken, judgement.skipped)
        return ScenarioResult(
            name=scenario.name,
            title=play.redactor.text(scenario.title),
            tags=scenario.tags,
            verdict=verdict,
            duration_ms=round(seconds * 1000),
            reason={"broken": judgement.broken, "skipped": judgement.skipped}.get(verdict),
            rests_on=rests_on,
            repeat=turn.repeat,
            findings=findings,
            events=events_of(play.journal),
            requests=requests_of(play.journal),
            artifacts=played.folder.artifacts(),
        )

    def _tell(self, event: RunEvent) -> None:
        for listener in self.listeners:
            listener(event)
