"""The stub as a whole: it finds the endpoint of a request, answers, and writes the request into the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.routing import Map, Rule

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.not_played import (
    GOOGLE_LOCATIONS_PATH,
    LOCATION_PATH,
    OTHER_PLATFORMS,
    OTHER_WINDOW,
    TOKEN_PATH,
    USERS_PATH,
)
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.journal.events import RequestSeen, SentBy
from oauth_window_harness.network.gateway import Client
from oauth_window_harness.stub import accounts, facebook, fault, intruder, leadconnector, not_played
from oauth_window_harness.stub.answer import Answer, is_of_browser, recorded_response
from oauth_window_harness.stub.current_plays import CurrentPlays
from oauth_window_harness.stub.near_misses import Expectation, near_misses
from oauth_window_harness.stub.problem import problem, problem_of
from oauth_window_harness.stub.session import Session

Endpoint = Callable[..., Answer]

_LEADCONNECTOR: list[tuple[str, str, Endpoint]] = [
    ("GET", rules.START_PATH, leadconnector.start),
    ("GET", rules.FINISH_PATH, leadconnector.finish),
    *[(method, path, leadconnector.account) for path in rules.ACCOUNT_PATHS for method in ("GET", "POST")],
    ("GET", rules.ACCOUNTS_PATH, accounts.accounts),
]
#: Routes that are answered, and are no part of what a request may be meant as.
_BESIDE: list[tuple[str, str, Endpoint]] = [
    ("GET", USERS_PATH, not_played.users),
    ("POST", TOKEN_PATH, not_played.token),
    ("GET", LOCATION_PATH, not_played.location),
    *[(method, GOOGLE_LOCATIONS_PATH, not_played.other_account) for method in ("GET", "POST")],
    ("GET", OTHER_WINDOW, not_played.other_window),
    ("GET", not_played.NOTICE_PATH, not_played.notice),
]
_FACEBOOK: list[tuple[str, str, Endpoint]] = [
    ("GET", "/dialog/oauth", facebook.dialog),
    ("POST", "/dialog/oauth/confirm", facebook.confirm),
    ("GET", "/login.php", facebook.login),
    ("POST", "/login.php", facebook.login),
    ("GET", "/privacy/consent/gdp", facebook.privacy),
    ("POST", "/privacy/consent/gdp", facebook.privacy),
]


def _map(rows: list[tuple[str, str, Endpoint]]) -> Map:
    return Map(
        [Rule(path, methods=[method], endpoint=endpoint) for method, path, endpoint in rows], strict_slashes=False
    )


#: Each service's routes, bound once; a request's path and method are passed to `match`.
_MAPS = {
    "leadconnector": _map([*_LEADCONNECTOR, *_BESIDE]).bind("stub"),
    "facebook": _map(_FACEBOOK).bind("stub"),
}

#: The headers and query parameters that each endpoint requires; Facebook sets those of the finish page.
_CREDENTIALS = ("Authorization", "Version")
_REQUIREMENTS: dict[Endpoint, tuple[tuple[str, ...], tuple[str, ...]]] = {
    leadconnector.start: ((), ("locationId", "userId")),
    leadconnector.account: (_CREDENTIALS, ()),
    accounts.accounts: (_CREDENTIALS, ()),
}
_EXPECTATIONS = {
    name: [Expectation(method, path, *_REQUIREMENTS.get(endpoint, ())) for method, path, endpoint in rows]
    for name, rows in (("leadconnector", _LEADCONNECTOR), ("facebook", _FACEBOOK))
}


class Stub:
    """Answers requests to LeadConnector and to Facebook, by the scenario that is being played.

    Args:
        idle: answers while nothing is being played: before the first play and after the last.
        client: returns, for the address and port that a request came from, who sent it; None where it did not come
            through the gateway.
        asking: returns the slots whose page waits for its own server.
    """

    def __init__(
        self,
        idle: Session,
        client: Callable[[tuple[str, int]], Client | None] = lambda _from: None,
        asking: Callable[[], Collection[int | None]] = frozenset,
    ) -> None:
        self._client = client
        self.plays = CurrentPlays(idle, asking)

    def __call__(self, request: Request) -> Response:
        """Return the response, by the current play, or by an earlier one if the path names its account."""
        client = self._client_of(request)
        account = request.path.rstrip("/").rpartition("/")[2]
        return self.answer(self.plays.of(client.slot if client else None, account), request)

    def answer(self, session: Session, request: Request) -> Response:
        """Return the response, by one play; a fault of the harness itself is described in the body, with status 500."""
        received_at = session.clock.now()
        try:
            request.get_data()
        except (OSError, ClientDisconnected):
            return problem(HTTPStatus.BAD_REQUEST, "the body cannot be read", "its chunks or its length are wrong")
        if intruder.is_document_request(request):
            # Not a part of the service, so it is not in the journal.
            return intruder.document(session, request).response
        try:
            answer = self._answer(session, request)
        except HarnessError as error:
            answer = Answer("unknown", problem_of(error), "harness error")
        if _plays_facebook(request):
            answer.response.headers["Cache-Control"] = "no-store"
            policy = session.scenario.provider.opener_policy
        else:
            leadconnector.allow_any_origin(request, answer.response)
            policy = session.scenario.finish.opener_policy if answer.endpoint == "finish" else None
        if policy:
            answer.response.headers["Cross-Origin-Opener-Policy"] = policy
        session.play.journal.add(self._entry(session, request, answer, received_at))
        if answer.fault:
            fault.cause(answer.fault, request, answer.response)
        return answer.response

    def _answer(self, session: Session, request: Request) -> Answer:
        if request.path == "/favicon.ico":
            return Answer("icon", Response("", HTTPStatus.NO_CONTENT), "icon")
        on_facebook = _plays_facebook(request)
        if request.method == "OPTIONS" and not on_facebook:
            return leadconnector.preflight(session, request)
        routes = _MAPS["facebook" if on_facebook else "leadconnector"]
        try:
            endpoint, values = routes.match(request.path, request.method)
        except HTTPException:
            return _no_route(session, request)
        platform = values.get("platform", "facebook")
        if platform not in rules.PLATFORMS:
            return _other_platform(session, request, endpoint, platform, values.get("account"))
        if values.get("location") == "oauth":
            return _no_route(session, request)  # the list of accounts has the location in this place
        answer: Answer = endpoint(session, request, **values)
        return answer

    def _entry(self, session: Session, request: Request, answer: Answer, received_at: float) -> RequestSeen:
        redact = session.play.redactor.text
        token = rules.bearer_token(request.headers.get("Authorization"))
        for secret in filter(None, (token, request.headers.get("token-id"))):
            # An id in the place of a token, by mistake, is no secret: the fixtures have it.
            if not rules.is_no_id(secret) and secret not in session.accounts:
                session.play.redactor.learn(secret)
        leak = rules.token_in_url(request.url, request.headers.get("Referer", ""), session.rules.accepted, token)
        return RequestSeen(
            at=received_at,
            answered_at=session.clock.now(),
            method=request.method,
            url=redact(request.url),
            headers=session.play.redactor.headers(request.headers.items()),
            endpoint=answer.endpoint,
            status=None if answer.fault == "reset" else answer.response.status_code,
            connectable_count=answer.listed,
            sent_by=self._sent_by(request),
            account=None if answer.account is None else redact(answer.account),
            location=None if answer.location is None else redact(answer.location),
            problems=(*answer.problems, "token-in-url") if leak else answer.problems,
            answer=f"{answer.name}, {answer.fault}" if answer.fault else answer.name,
            nearest=answer.nearest,
        )

    def _sent_by(self, request: Request) -> SentBy:
        client = self._client_of(request)
        if client is not None and client.sent_by is not None:
            return client.sent_by
        return "page" if is_of_browser(request) else "server"

    def _client_of(self, request: Request) -> Client | None:
        return self._client((request.remote_addr or "", int(request.environ.get("REMOTE_PORT", 0))))


def _plays_facebook(request: Request) -> bool:
    name = request.host.partition(":")[0]
    return name in rules.FACEBOOK_HOSTS or name == rules.LOCAL_FACEBOOK


#: The endpoint and the problem of a request whose path is right but for an unknown platform.
_UNKNOWN_PLATFORM: dict[Endpoint, tuple[str, str]] = {
    leadconnector.start: ("start", "start-path-unknown"),
    leadconnector.finish: ("unknown", "path-unknown"),
    leadconnector.account: ("account", "follow-up-path-unknown"),
    not_played.other_account: ("unknown", "path-unknown"),
}


def _other_platform(
    session: Session, request: Request, endpoint: Endpoint, platform: str, account: str | None
) -> Answer:
    # The account of this play's event belongs to no other platform.
    if platform in OTHER_PLATFORMS and account not in session.accounts:
        if endpoint is leadconnector.start:
            return not_played.other_start(session, request, platform)
        if endpoint in (leadconnector.account, not_played.other_account):
            if request.method == "GET":
                return not_played.other_account(session, request, platform)
            return _no_route(session, request, "other", not_played.CODE)
    return _no_route(session, request, *_UNKNOWN_PLATFORM[endpoint])


def _no_route(session: Session, request: Request, endpoint: str = "unknown", problem: str | None = None) -> Answer:
    """Answer as the service does, and add the routes that nearly match, so that a typing error is found at once."""
    response = recorded_response(session, "api-404-no-route", request)
    body: dict[str, Any] = json.loads(response.get_data())
    on_facebook = _plays_facebook(request)
    expectations = _EXPECTATIONS["facebook" if on_facebook else "leadconnector"]
    body["nearest"] = near_misses(request, expectations)
    response.set_data(json.dumps(body, ensure_ascii=False))
    if problem is None:
        is_meant = on_facebook or not_played.is_meant(request, expectations, session)
        problem = "path-unknown" if is_meant else not_played.CODE
    return Answer(endpoint, response, "api-404-no-route", (problem,), nearest=body["nearest"][0]["path"])
