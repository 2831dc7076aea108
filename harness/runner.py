"""Plays scenarios: a driver does what the user does, the journal fills, the checks judge, the listeners are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness import outcome
from harness.artifacts import ArtifactFolder
from harness.checks.flow import judge
from harness.checks.played import Played
from harness.drivers.base import Driver, Stage, StepNotTakenError, Target
from harness.errors import AppUnreachableError, CannotJudgeError
from harness.events import Finding
from harness.results import BrowserResult, Results, ScenarioResult, summarize
from harness.run_events import Listener, RunEnded, RunEvent, RunStarted, ScenarioEnded, ScenarioStarted
from harness.scenario import Scenario
from harness.stub.play import Play
from harness.waiting import until
from harness.world import World

PlayedCondition = Callable[[Played], bool]


@dataclass
class Runner:
    """Plays scenarios one after another in one world.

    Attributes:
        app: how the page under test is called in the results.
        again: the command line that runs a scenario again, without its name.
    """

    world: World
    driver: Driver
    target: Target
    artifacts: ArtifactFolder
    app: str
    listeners: Sequence[Listener]
    again: Sequence[str] = ()
    _results: list[ScenarioResult] = field(default_factory=list)

    async def run(self, scenarios: Sequence[Scenario], *, repeat: int = 1) -> Results:
        """Play the scenarios, each ``repeat`` times, and give what came of it.

        However the run ends, the listeners are told of its end, with the results so far.
        """
        plays = [(scenario, turn) for scenario in scenarios for turn in range(1, repeat + 1)]
        browser = self.driver.browser
        self._tell(RunStarted(self.app, "playwright", f"{browser.name} {browser.version}", len(plays)))
        interrupted = True
        try:
            for scenario, turn in plays:
                numbered = turn if repeat > 1 else None
                self._tell(ScenarioStarted(scenario, numbered))
                result, play = await self._play(scenario, numbered)
                self._results.append(result)
                self._tell(ScenarioEnded(result, play.journal))
            interrupted = False
        finally:
            results = Results(
                app=self.app,
                driver="playwright",
                browser=BrowserResult(name=browser.name, version=browser.version),
                interrupted=interrupted,
                summary=summarize(tuple(self._results)),
                scenarios=tuple(self._results),
            )
            self._tell(RunEnded(results, self.again))
        return results

    async def _play(self, scenario: Scenario, repeat: int | None) -> tuple[ScenarioResult, Play]:
        play = self.world.begin(scenario)
        began = time.perf_counter()
        reason = None
        findings: list[Finding] = []
        folder = self.artifacts.folder(scenario.name, repeat)
        async with self.driver.stage(play, self.target) as stage:
            try:
                findings = await self._act(stage, play)
            except CannotJudgeError as error:
                reason = str(error)
            verdict = outcome.verdict_of(findings, reason)
            pictures = () if verdict == "passed" else await folder.picture(stage)
        result = ScenarioResult(
            name=scenario.name,
            title=scenario.title,
            tags=scenario.tags,
            verdict=verdict,
            duration_ms=round((time.perf_counter() - began) * 1000),
            reason=reason if verdict == "broken" else None,
            repeat=repeat,
            findings=outcome.findings_of(findings),
            events=outcome.events_of(play.journal),
            requests=outcome.requests_of(play.journal),
            artifacts=folder.artifacts(play.journal, pictures),
        )
        return result, play

    async def _load(self, stage: Stage) -> None:
        try:
            await stage.load()
        except AppUnreachableError as error:
            # An app that never answered ends the run; one that did, and does no more, is this scenario's affair.
            if not self._results:
                raise
            raise CannotJudgeError(error.what, where=error.where, seen=error.seen, todo=error.todo) from None

    async def _act(self, stage: Stage, play: Play) -> list[Finding]:
        """Play one scenario and give its findings.

        Raises:
            CannotJudgeError: it did not go as the scenario wants it, and no finding says why.
        """
        await self._load(stage)
        not_taken = None
        try:
            for step in play.scenario.user:
                await stage.take(step)
        except StepNotTakenError as error:
            not_taken = error
        else:
            # Two waits, for the page has the patience for each: to follow up, and then to tell its user.
            await self._until(play, lambda played: played.moment() is not None)
            await self._until(play, Played.told)
        await stage.drain()
        played = self._played(play)
        findings = judge(played)
        if not any(finding.severity == "error" for finding in findings):
            if not_taken is not None:
                raise CannotJudgeError(not_taken.what, where=not_taken.where, seen=not_taken.seen)
            if not played.told():
                raise CannotJudgeError(
                    "the flow stopped, and nothing that was seen says why", todo="look at the journal in results.json"
                )
        return findings

    async def _until(self, play: Play, holds: PlayedCondition) -> None:
        await until(play.journal, lambda: holds(self._played(play)), self.target.patience)

    def _played(self, play: Play) -> Played:
        return Played(play.scenario, play.journal.entries(), self.target.connected is not None)

    def _tell(self, event: RunEvent) -> None:
        for listener in self.listeners:
            listener(event)
