"""What came of one play, and its result: as it was judged, or unconfirmed where others may have disturbed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.base import Driver
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.journal.play import Play
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.folder import PlayFolder
from oauth_window_harness.results.model import BrowserResult, Results, ScenarioResult, summarize
from oauth_window_harness.run.judgement import Judgement
from oauth_window_harness.run.verdict import broken_links_of, events_of, findings_of, requests_of, verdict_of


@dataclass(frozen=True)
class Outcome:
    """What came of one play.

    Attributes:
        folder: its files; None where it only confirms another play.
        flow: what happened; None where it was not played.
        is_doubtful: whether its findings came of trials that others may have disturbed.
        untraced: why there is no trace, where one was to be kept.
    """

    play: Play
    judgement: Judgement
    folder: PlayFolder | None
    flow: Flow | None = None
    is_doubtful: bool = False
    untraced: str | None = None

    @property
    def has_others(self) -> bool:
        """Whether a request came that may be another play's."""
        return self.flow is not None and bool(self.flow.all_of(RequestUnattributed))

    def result(self, baseline: Baseline, **of_turn: Any) -> ScenarioResult:
        """Return it in the form of results.json, with further fields; what the baseline knows fails nothing."""
        scenario, judgement, journal = self.play.scenario, self.judgement, self.play.journal
        broken_links = broken_links_of(self.flow, judgement.findings, journal)
        findings = findings_of(judgement.findings, scenario.name, baseline, broken_links)
        reason = {"broken": judgement.broken, "skipped": judgement.skipped}
        verdict = verdict_of(findings, judgement.broken, judgement.skipped)
        return ScenarioResult(
            name=scenario.name,
            title=self.play.redactor.text(scenario.title),
            tags=scenario.tags,
            verdict=verdict,
            reason=self.play.redactor.text(reason.get(verdict) or "") or None,  # an error may quote an address
            findings=findings,
            events=events_of(journal),
            requests=requests_of(journal),
            artifacts=self._artifacts(),
            **of_turn,
        )

    def _artifacts(self) -> Artifacts:
        files = Artifacts() if self.folder is None else self.folder.artifacts()
        return files.model_copy(update={"untraced": self.untraced})


def unconfirmed(result: ScenarioResult, failure: HarnessError | None = None) -> ScenarioResult:
    """Return the result of a play that others may have disturbed, where it was not played again alone: it is broken.

    Args:
        result: the play.
        failure: why the app that the run started has ended, if it has: that is then what broke the play.
    """
    codes = ", ".join(found.code for found in result.findings if found.severity != "info")
    shown = f"; it showed {codes}" if codes else ""
    reason = f"other plays may have disturbed it, and the run ended before it was played again alone{shown}"
    if failure is not None:
        reason = f"{failure.what}: {failure.seen}{shown}"
    return result.model_copy(update={"verdict": "broken", "reason": reason})


def results_of(
    driver: Driver,
    played: Sequence[ScenarioResult],
    baseline: Baseline,
    again: Sequence[str],
    *,
    app: str,
    interrupted: bool,
) -> Results:
    """Return the results of all plays of a driver.

    Args:
        driver: what drove them.
        played: their results, in the order of the plays.
        baseline: the known findings.
        again: the words of the command that plays a scenario again, without the scenario's name.
        app: the name of the page under test.
        interrupted: whether the run ended before its last scenario.
    """
    browser = driver.browser
    return Results(
        app=app,
        driver=driver.name,
        browser=BrowserResult(name=browser.name, version=browser.version),
        endpoints=tuple(driver.endpoints()),
        interrupted=interrupted,
        summary=summarize(tuple(played)),
        causes=causes_of(played, again),
        stale=baseline.stale(played),
        scenarios=tuple(played),
    )
