"""The control API's operations of the observer: its script, its reports, and what they show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from http import HTTPStatus

from pydantic import BaseModel
from werkzeug import Request, Response

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.findings.finding import first_broken_link
from oauth_window_harness.journal.captures import FollowUp
from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.model import EventResult
from oauth_window_harness.run import verdict
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve import query
from oauth_window_harness.serve.diagnosis import SILENT, Diagnoser
from oauth_window_harness.serve.documents import Batch
from oauth_window_harness.serve.keys import PREFIX
from oauth_window_harness.serve.observer_reports import RefusedReportsError, Reports
from oauth_window_harness.serve.openapi import ControlOperation
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.query import Parameter
from oauth_window_harness.serve.schemas import Events, Findings, FirstBrokenLink, FollowUpResult, Problem, as_response
from oauth_window_harness.stub.problem import problem

#: Where the observer's reports are posted to.
REPORTS_PATH = "/__harness/reports"

#: How long a page may take to react if the call does not say, in seconds.
_PATIENCE = 5.0

_UNPLAYED = "only what drives the browser can play this scenario"

_PATIENCE_QUERY = Parameter(
    "patience", f"how long the page may take to react, in seconds; {_PATIENCE:g} by default", "seconds"
)
_CLICKED_QUERY = Parameter(
    "clicked", "`true` if the suite has clicked the control, so that a click of which nothing came is judged", "flag"
)


class ObserverApi:
    """Answers the calls of the observer, and those that ask what it saw.

    Args:
        plays: the plays by their keys.
    """

    def __init__(self, plays: Plays) -> None:
        self._plays = plays
        self.reports = Reports()
        self.diagnoser = Diagnoser(plays, self.reports)

    def observer(self, request: Request, key: str | None) -> Response:
        """Return the observer's script."""
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return problem(
                HTTPStatus.FORBIDDEN,
                "a page may not load the observer",
                "it is added to a browser's context by the suite, before a page's own scripts",
            )
        key = key or request.args.get("key") or None
        scenario = self._plays.of(key).scenario
        address = script.ReportAddress(
            control=request.host_url.rstrip("/"),
            service=rules.ORIGIN,
            hosts=rules.PRODUCTION_HOSTS,
            path=(f"{PREFIX}{key}" if key else "") + REPORTS_PATH,
            ticket=self.reports.ticket(key),
        )
        text = script.suite_script(blocked=scenario.blocked, address=address)
        return Response(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})

    def post_reports(self, request: Request, key: str | None) -> Response:
        """Keep reports of the observer."""
        self._plays.of(key)
        try:
            self.reports.add(key, request.get_data())
        except RefusedReportsError as error:
            return problem(error.status, error.what, error.why)
        return Response("", HTTPStatus.NO_CONTENT)

    def events(self, request: Request, key: str | None) -> Response:
        """Return the messages that the page received, when the scenario's event has come or the patience has passed."""
        patience = query.seconds(request, "patience", 0.0)
        observation = self.diagnoser.until(key, lambda found: bool(found.flow.scenario_events), patience)
        started_at = self._plays.of(key).play.journal.started_at
        return as_response(Events(observed=observation.observed, events=_messages(observation.flow.events, started_at)))

    def follow_up(self, request: Request, key: str | None) -> Response:
        """Return the account GET that followed the event, once it has come."""
        patience = query.seconds(request, "patience", _PATIENCE)
        observation = self.diagnoser.until(key, lambda found: bool(found.flow.follow_ups), patience)
        made = next(iter(observation.flow.follow_ups), None)
        if made is None:
            return problem(
                HTTPStatus.NOT_FOUND, "no account GET followed the event", "`GET first-broken-link` may say why"
            )
        found = FollowUp.of(made)
        return as_response(FollowUpResult.model_validate(found, from_attributes=True))

    def findings(self, request: Request, key: str | None) -> Response:
        """Return what is wrong with the page."""
        return as_response(self._found(request, key))

    def first_broken_link(self, request: Request, key: str | None) -> Response:
        """Return the link of the integration that broke first."""
        found = self._found(request, key)
        first = first_broken_link(found.findings)
        return as_response(FirstBrokenLink(observed=found.observed, unjudged=found.unjudged, first_broken_link=first))

    def begin(self, key: str | None) -> None:
        """Forget the pages of a key that are no longer there, as another play begins."""
        self.reports.forget(key, time.time() - SILENT)

    def refusal(self, scenario: Scenario, *, observer: bool) -> Response | None:
        """Return the response to a scenario that nobody would play; else None.

        Args:
            scenario: the scenario.
            observer: whether the suite says that it injects the observer, which then plays a blocked window.
        """
        if scenario.intruder is not None:
            return problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                _UNPLAYED,
                f"{scenario.name}: other windows and frames post to the page, and a driver must open them; play "
                "it with `oauth-window run`, or from pytest",
                scenario=scenario.name,
            )
        if scenario.blocked and not observer:
            return problem(
                HTTPStatus.CONFLICT,
                "only the observer can play this scenario",
                f"{scenario.name}: the browser blocks the window; add ?observer=true if this suite injects "
                "`GET observer.js`, and inject it after this call",
                scenario=scenario.name,
            )
        return None

    def _found(self, request: Request, key: str | None) -> Findings:
        diagnosis = self.diagnoser.diagnose(
            key, query.seconds(request, "patience", _PATIENCE), clicked=query.is_set(request, "clicked")
        )
        name = self._plays.of(key).scenario.name
        return Findings(
            observed=diagnosis.observed,
            unjudged=diagnosis.unjudged,
            findings=verdict.findings_of(diagnosis.findings, name, Baseline()),
        )


def _messages(events: Sequence[Event], started_at: float) -> tuple[EventResult, ...]:
    journal = Journal()
    journal.started_at = started_at
    for event in events:
        journal.add(event)
    return verdict.events_of(journal)


_ANY: dict[int, type[BaseModel] | None] = {
    HTTPStatus.BAD_REQUEST: Problem,
    HTTPStatus.FORBIDDEN: Problem,
    HTTPStatus.MISDIRECTED_REQUEST: Problem,
}

OPERATIONS = (
    ControlOperation(
        "observer",
        "GET",
        "/observer.js",
        "Return the script that observes the pages of a browser's context; the suite runs it before their own scripts.",
        {HTTPStatus.OK: None, **_ANY},
        query=(Parameter("key", "the key, where neither the header nor the prefix names it"),),
    ),
    ControlOperation(
        "post_reports",
        "POST",
        "/reports",
        "Keep reports of the observer; what its page sends in its name is bounded.",
        {
            HTTPStatus.NO_CONTENT: None,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Problem,
            HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
            HTTPStatus.TOO_MANY_REQUESTS: Problem,
            **_ANY,
        },
        bodies=(Batch,),
    ),
    ControlOperation(
        "events",
        "GET",
        "/events",
        "Return the messages that the page received; with a patience, wait for the scenario's event.",
        {HTTPStatus.OK: Events, HTTPStatus.CONFLICT: Problem, **_ANY},
        query=(Parameter("patience", "how long to wait for the event, in seconds; 0 by default", "seconds"),),
    ),
    ControlOperation(
        "follow_up",
        "GET",
        "/follow-up",
        "Wait for the account GET that follows the event, and return it.",
        {HTTPStatus.OK: FollowUpResult, HTTPStatus.NOT_FOUND: Problem, HTTPStatus.CONFLICT: Problem, **_ANY},
        query=(_PATIENCE_QUERY,),
    ),
    ControlOperation(
        "findings",
        "GET",
        "/findings",
        "Wait until the page has told its user, and return what is wrong with it, the first broken link first.",
        {HTTPStatus.OK: Findings, HTTPStatus.CONFLICT: Problem, **_ANY},
        query=(_PATIENCE_QUERY, _CLICKED_QUERY),
    ),
    ControlOperation(
        "first_broken_link",
        "GET",
        "/first-broken-link",
        "Wait as for the findings, and return the first that stops the flow.",
        {HTTPStatus.OK: FirstBrokenLink, HTTPStatus.CONFLICT: Problem, **_ANY},
        query=(_PATIENCE_QUERY, _CLICKED_QUERY),
    ),
)
