"""Runs of synthetic plays: what a run of all bundled scenarios tells its listeners, on a page with one mistake."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console

from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.events import RunEnded, RunEvent, RunStarted, ScenarioEnded, ScenarioStarted
from oauth_window_harness.results.model import KnownFinding, RestsOn, Results, ScenarioResult, summarize
from oauth_window_harness.run.verdict import findings_of, verdict_of
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.links import Link, links_of

AGAIN = ["oauth-window", "run", "--app", f"http://localhost:3000/{'settings/' * 30}"]
ALL = catalog.bundled_scenarios()
FIRST = "account-200"

BEGAN = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)

#: As much as a cause may show of what was seen.
EVIDENCE = [f"{number}: " + "what the page did, " * 20 for number in range(6)]


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def play(
    name: str, *codes: str, repeat: int | None = None, broken: str | None = None, known: Iterable[str] = ()
) -> ScenarioResult:
    """Return the result of a play in which these findings were made."""
    scenario = ALL[name]
    baseline = Baseline(known=tuple(KnownFinding(scenario=name, code=code) for code in known))
    findings = findings_of([finding(code, EVIDENCE) for code in codes], name, baseline)
    return ScenarioResult(
        name=name, title=scenario.title, tags=scenario.tags, verdict=verdict_of(findings, broken, None),
        duration_ms=7, reason=broken, repeat=repeat, findings=findings, events=(), requests=(),
    )  # fmt: skip


def resting(name: str, code: str | None, reason: str | None = None) -> ScenarioResult:
    """Return the result of a scenario that was not played, as it rests on what broke in the first."""
    result = play(name)
    told = reason or f"rests on {code}, told of {FIRST}"
    rests_on = RestsOn(code=code, scenario=FIRST)
    return result.model_copy(update={"verdict": "skipped", "reason": told, "rests_on": rests_on})


def skipped(name: str, reason: str) -> ScenarioResult:
    """Return the result of a scenario that cannot be played here."""
    return play(name).model_copy(update={"verdict": "skipped", "reason": reason})


def plays_of_all(found: Mapping[str, Sequence[str]], *, rest_on: str | None = None, link: Link | None = None) -> list[
    ScenarioResult
]:  # fmt: skip
    """Return a play of each bundled scenario: with its findings, or resting if it leads over the broken link."""
    plays = []
    for name, scenario in ALL.items():
        rests = link is not None and name not in found and link in links_of(scenario)
        plays.append(resting(name, rest_on) if rests else play(name, *found.get(name, ())))
    return plays


def one_spelling() -> list[ScenarioResult]:
    """Return the plays of a page that heeds the event with hyphens alone."""
    return plays_of_all({name: ["page-underscore-ignored"] for name in ("event-page-underscore", "event-seen")})


def never_listens() -> list[ScenarioResult]:
    """Return the plays of a page that never listens."""
    return plays_of_all({FIRST: ["listener-missing"]}, rest_on="listener-missing", link="event heard")


def hangs_on_errors() -> list[ScenarioResult]:
    """Return the plays of a page that tells its user of no error of the API."""
    hanging = [name for name, scenario in ALL.items() if "contract" in scenario.tags and name != FIRST][:12]
    return plays_of_all({name: ["silent-hang"] for name in hanging})


BROKEN_PAGES = (one_spelling, never_listens, hangs_on_errors)


def results_of(plays: Sequence[ScenarioResult], again: Sequence[str] = AGAIN) -> Results:
    """Return the results of a run of these plays."""
    return Results(
        app="http://localhost:3000/settings", driver="playwright", browser=None, summary=summarize(tuple(plays)),
        started_at=BEGAN, duration_ms=125_000,
        causes=causes_of(plays, again), scenarios=tuple(plays),
    )  # fmt: skip


def events_of(plays: Sequence[ScenarioResult], again: Sequence[str] = AGAIN) -> Iterator[RunEvent]:
    """Yield the events of a run of these plays, one after another."""
    results = results_of(plays, again)
    yield RunStarted(results.app, results.driver, "chromium 141.0", len(plays))
    for result in plays:
        yield ScenarioStarted(ALL[result.name], result.repeat)
        yield ScenarioEnded(result, Journal())
    yield RunEnded(results, again)


def printed(events: Iterable[RunEvent], *, terminal: int | None = None) -> str:
    """Return what is printed of a run: into a pipe, or on a terminal of so many columns, with what moves its cursor."""
    file = io.StringIO() if terminal is None else Terminal()
    environment = {"TERM": "xterm"}
    console = Console(file=file, width=terminal or 140, color_system=None, highlight=False, _environ=environment)
    listen = terminal_report(console, "oauth-window-report")
    for event in events:
        listen(event)
    return file.getvalue()
