"""Plays scenarios: a driver takes the steps, the journal records, the checks judge, the listeners get the results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from oauth_window_harness.checks.acceptance import wrong_acceptance
from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.base import ControlGoneError, Driver, StepUndoneError, Target
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, RunStarted, ScenarioEnded, ScenarioStarted
from oauth_window_harness.results.folder import ArtifactFolder, PlayFolder
from oauth_window_harness.results.model import BrowserResult, Results, ScenarioResult, summarize
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.run.trials import Trials
from oauth_window_harness.run.verdict import events_of, findings_of, requests_of, verdict_of
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

_NOT_BLOCKED = (
    "the window was opened by a link or a form, which no browser blocks, or from a frame, where the harness blocks none"
)


@dataclass(frozen=True)
class _Judgement:
    """The judgement of one play: its findings, or why it could not be judged."""

    findings: Sequence[Finding] = ()
    broken: str | None = None
    skipped: str | None = None


@dataclass
class Runner:
    """Plays scenarios one after another in one world.

    Attributes:
        app: the name of the page under test in the results.
        again: the command line that runs a scenario again, without the scenario's name.
        baseline: the known findings, which fail no scenario.
    """

    world: World
    driver: Driver
    target: Target
    artifacts: ArtifactFolder
    app: str
    listeners: Sequence[Listener]
    again: Sequence[str] = ()
    baseline: Baseline = field(default_factory=Baseline)
    _results: list[ScenarioResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._trials = Trials(partial(self.world.begin, own_accounts=True), self.driver.stage, self.target)

    async def run(self, scenarios: Sequence[Scenario], *, repeat: int = 1) -> Results:
        """Play the scenarios, each ``repeat`` times, and return the results.

        However the run ends, the listeners get its end, with the results so far.
        """
        plays = [(scenario, turn) for scenario in scenarios for turn in range(1, repeat + 1)]
        browser = self.driver.browser
        self._tell(RunStarted(self.app, self.driver.name, f"{browser.name} {browser.version}", len(plays)))
        interrupted = True
        try:
            for scenario, turn in plays:
                numbered = turn if repeat > 1 else None
                self._tell(ScenarioStarted(scenario, numbered))
                result, play = await self._play(scenario, numbered)
                self._results.append(result)
                posts = tuple(event.data for event in play.events())
                self._tell(ScenarioEnded(result, play.journal, posts))
            interrupted = False
        finally:
            results = Results(
                app=self.app,
                driver=self.driver.name,
                browser=BrowserResult(name=browser.name, version=browser.version),
                interrupted=interrupted,
                summary=summarize(tuple(self._results)),
                causes=causes_of(self._results, self.again),
                stale=self.baseline.stale(self._results),
                scenarios=tuple(self._results),
            )
            self._tell(RunEnded(results, self.again))
        return results

    async def _play(self, scenario: Scenario, repeat: int | None) -> tuple[ScenarioResult, Play]:
        began = time.perf_counter()
        folder = self.artifacts.folder(scenario.name, repeat)
        skip_reason = self.driver.skip_reason(scenario)
        if skip_reason is not None:
            play = self.world.begin(scenario, own_accounts=True)
            return self._result(play, _Judgement(skipped=skip_reason), folder, repeat, 0), play
        texts_while_open = await self._trials.texts_while_open() if scenario.blocked else None
        play = self.world.begin(scenario, own_accounts=True)
        async with self.driver.stage(play, self.target) as stage:
            playing = Playing(stage, play, self.target, texts_while_open=texts_while_open)
            judgement = await self._judge(playing)
            if judgement.findings or judgement.broken:
                await stage.picture(folder.picture)
        judgement = replace(judgement, findings=await self._trials.explain(playing, judgement.findings))
        result = self._result(play, judgement, folder, repeat, time.perf_counter() - began)
        return result, play

    def _result(
        self,
        play: Play,
        judgement: _Judgement,
        folder: PlayFolder,
        repeat: int | None,
        seconds: float,
    ) -> ScenarioResult:
        scenario = play.scenario
        findings = findings_of(judgement.findings, scenario.name, self.baseline)
        verdict = verdict_of(findings, judgement.broken, judgement.skipped)
        return ScenarioResult(
            name=scenario.name,
            title=scenario.title,
            tags=scenario.tags,
            verdict=verdict,
            duration_ms=round(seconds * 1000),
            reason={"broken": judgement.broken, "skipped": judgement.skipped}.get(verdict),
            repeat=repeat,
            findings=findings,
            events=events_of(play.journal),
            requests=requests_of(play.journal),
            artifacts=folder.artifacts(),
        )

    async def _judge(self, playing: Playing) -> _Judgement:
        try:
            await playing.go()
        except AppUnreachableError as error:
            # An app that never answered ends the run, and so does one that the run started and that has ended. If an
            # app that answered before no longer does, only this scenario is broken.
            if not self._results:
                raise
            if (failure := self.target.app_failure()) is not None:
                raise failure from None
            return _Judgement(broken=str(error))
        except CannotJudgeError as error:
            return _Judgement(broken=str(error))
        flow = playing.flow()
        skip_reason = _skip_reason(flow)
        if skip_reason is not None:
            return _Judgement(skipped=skip_reason)
        findings = judge(flow)
        if isinstance(playing.step_error, StepUndoneError):
            # What the driver did not get done is never the page's fault, nor is what followed from that.
            findings = [finding for finding in findings if finding.severity != "error"]
        if any(finding.severity == "error" for finding in findings):
            return _Judgement(findings)
        if isinstance(playing.step_error, ControlGoneError) and flow.clicks:
            return _Judgement(findings, skipped="the page takes its control away, so that nobody can click it again")
        return _Judgement(findings, broken=_reason_broken(playing, flow))

    def _tell(self, event: RunEvent) -> None:
        for listener in self.listeners:
            listener(event)


def _skip_reason(flow: Flow) -> str | None:
    """Return why the scenario has no meaning for what the page did, or None."""
    if flow.other_starts and not flow.starts:
        return f"{flow.other_starts[0].answer} is not played here: the page asked for its start, not for Facebook's"
    if flow.is_from_new_window and not flow.follow_ups:
        return "the page does not act on an event from a window that it has not opened, and it need not"
    return _NOT_BLOCKED if flow.scenario.blocked and not flow.open_calls and flow.popups else None


def _reason_broken(playing: Playing, flow: Flow) -> str | None:
    """Return why a play without errors has not passed either, or None if the page did all that it should."""
    stopped = playing.step_error
    if stopped is not None:
        return str(stopped)
    # If a forgery was accepted, that is reported already, and what follows from it cannot be expected.
    if flow.user_is_told() or any(wrong_acceptance(flow)):
        return None
    if flow.lists:
        what = "the page asks for the list of accounts, and told its user nothing within the patience"
        return str(CannotJudgeError(what, todo="name a longer --patience"))
    error = CannotJudgeError(
        "the flow stopped, and nothing that was seen says why", todo="look at the journal in results.json"
    )
    return str(error)
