"""The list of a location's accounts, by which a connection may be learnt without the event.

It is empty before the finish page was reached, and has the account afterwards. Where the account GET fails by the
scenario, the list fails as it does from then on.
"""

from __future__ import annotations

from http import HTTPStatus

from werkzeug import Request

from oauth_window_harness.contract import rules
from oauth_window_harness.stub.answer import Answer, recorded_response
from oauth_window_harness.stub.leadconnector import credential_problem, remarks
from oauth_window_harness.stub.prefer import preferred_fixture
from oauth_window_harness.stub.session import Session

_ENDPOINT = "accounts"
_LISTED, _EMPTY = "accounts-200", "accounts-200-empty"


def accounts(session: Session, request: Request, location: str) -> Answer:
    """Answer the list of a location's accounts."""
    chosen = preferred_fixture(request.headers.get("Prefer"), _ENDPOINT, session.fixtures)
    problems = _problems(session, request, location)
    fault = None
    if chosen:
        name = chosen
    elif problems:
        name = problems[0].answer
    elif session.connections.lists(location):
        name, fault = _after_finish(session), session.scenario.answers.fault
    else:
        name = _EMPTY
    return Answer(
        _ENDPOINT,
        recorded_response(session, name, request, account=session.connected_account),
        name,
        (*(problem.code for problem in problems), *remarks(request)),
        location=location,
        fault=fault,
        listed=rules.listed_count(session.fixtures.exchange(name).response.body),
    )


def _problems(session: Session, request: Request, location: str) -> list[rules.Violation]:
    accepted = session.rules.accepted.location
    problems = [rules.version_problem(request.headers.get("Version")), credential_problem(session, request)]
    if accepted is not None and location != accepted:
        problems.append(rules.Violation("follow-up-location-mismatch", "api-403-location"))
    return [problem for problem in problems if problem is not None]


def _after_finish(session: Session) -> str:
    answers = session.scenario.answers
    if answers.accounts is not None:
        return answers.accounts
    name = session.connections.next_answer(_ENDPOINT, answers.account)
    response, platform = session.fixtures.exchange(name).response, session.fixtures.exchange(name).platform
    if response.status != HTTPStatus.OK or response.body is None:
        return name
    return _EMPTY if rules.connectable_count(platform, response.body) == 0 else _LISTED
