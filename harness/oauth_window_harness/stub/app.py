"""The stub as a whole: finds the endpoint of a request, answers, and writes the request into the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from oauth_window_harness.contract import rules
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.journal.events import RequestSeen, SentBy
from oauth_window_harness.stub import facebook, fault, intruder, leadconnector
from oauth_window_harness.stub.answer import Answer, recorded
from oauth_window_harness.stub.nearest import Expectation, nearest
from oauth_window_harness.stub.problem import problem_of
from oauth_window_harness.stub.session import Session

Endpoint = Callable[..., Answer]

#: How many ended plays are known, for what comes late of them.
_KEPT = 50

_LEADCONNECTOR: list[tuple[str, str, Endpoint]] = [
    ("GET", rules.START_PATH, leadconnector.start),
    ("GET", rules.FINISH_PATH, leadconnector.finish),
    *[(method, path, leadconnector.account) for path in rules.ACCOUNT_PATHS for method in ("GET", "POST")],
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


#: Each name's routes, bound once: what was asked is given to `match`.
_MAPS = {name: _map(rows).bind("stub") for name, rows in (("leadconnector", _LEADCONNECTOR), ("facebook", _FACEBOOK))}

#: What a request must carry for what it is for; the finish page's state and code are Facebook's own affair.
_CREDENTIALS = ("Authorization", "Version")
_WANTED: dict[Endpoint, tuple[tuple[str, ...], tuple[str, ...]]] = {
    leadconnector.start: ((), ("locationId", "userId")),
    leadconnector.account: (_CREDENTIALS, ()),
}
_EXPECTATIONS = {
    name: [Expectation(method, path, *_WANTED.get(endpoint, ())) for method, path, endpoint in rows]
    for name, rows in (("leadconnector", _LEADCONNECTOR), ("facebook", _FACEBOOK))
}


class Stub:
    """Answers what is asked of LeadConnector and of Facebook, for the scenario that is being played.

    Args:
        idle: answers what is asked while nothing is played, before the first play and after the last.
        sender: tells, by the address and port that a request came from, whether the page or its server sent it; None
            where it did not come through the gateway.
    """

    def __init__(self, idle: Session, sender: Callable[[tuple[str, int]], SentBy | None] = lambda _from: None) -> None:
        self._idle = idle
        self._current: Session | None = None
        self._ended: tuple[Session, ...] = ()
        self._sender = sender

    def __call__(self, request: Request) -> Response:
        """Return the response, for the play that is under way, or for an earlier one whose account is named."""
        return self.answer(self._session_of(request), request)

    @property
    def current(self) -> Session | None:
        """What is played, or None where nothing is."""
        return self._current

    def begin(self, session: Session) -> None:
        """Answer for this play from now on."""
        before = self._current
        if before is not None:
            # Known as ended before another is under way, so that what it caused never belongs to that.
            self._ended = (*self._ended, before)[-_KEPT:]
            before.ended.set()
        self._current = session

    def end(self) -> None:
        """Answer for no play from now on; what the last one waits for is waited for no more."""
        before, self._current = self._current, None
        if before is not None:
            before.ended.set()

    def _session_of(self, request: Request) -> Session:
        """Return the play to which a request belongs: what names an ended one's account has been caused by that."""
        current, ended = self._current or self._idle, self._ended
        account = request.path.rstrip("/").rpartition("/")[2]
        if account in current.accounts:
            return current
        return next((session for session in reversed(ended) if account in session.accounts), current)

    def answer(self, session: Session, request: Request) -> Response:
        """Return the response, for one play. A fault of the harness itself is told in the body, with status 500."""
        arrived = session.clock.now()
        request.get_data()
        if intruder.is_asked(request):
            return intruder.document(session, request).response  # no part of the service: it is not in the journal
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
        session.play.journal.add(self._entry(session, request, answer, arrived))
        if answer.fault:
            fault.cause(answer.fault, request, answer.response)
        return answer.response

    def _answer(self, session: Session, request: Request) -> Answer:
        if request.path == "/favicon.ico":
            return Answer("icon", Response("", 204), "icon")
        on_facebook = _plays_facebook(request)
        if request.method == "OPTIONS" and not on_facebook:
            return leadconnector.preflight(session, request)
        routes = _MAPS["facebook" if on_facebook else "leadconnector"]
        try:
            endpoint, values = routes.match(request.path, request.method)
        except HTTPException:
            return _no_route(session, request)
        if values.get("platform", "facebook") not in rules.PLATFORMS:
            return _no_route(session, request, *_UNKNOWN_PLATFORM[endpoint])
        answer: Answer = endpoint(session, request, **values)
        return answer

    def _entry(self, session: Session, request: Request, answer: Answer, arrived: float) -> RequestSeen:
        redact = session.play.redactor.text
        token = rules.bearer_token(request.headers.get("Authorization"))
        if token is not None:
            session.play.redactor.learn(token)
        leak = rules.token_in_url(request.url, request.headers.get("Referer", ""), session.rules.accepted, token)
        return RequestSeen(
            at=arrived,
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
        )

    def _sent_by(self, request: Request) -> SentBy:
        known = self._sender((request.remote_addr or "", int(request.environ.get("REMOTE_PORT", 0))))
        if known is not None:
            return known
        # Every browser tells where a request came from, and nothing else does (Fetch Metadata §2.4).
        return "page" if "Sec-Fetch-Site" in request.headers else "server"


def _plays_facebook(request: Request) -> bool:
    name = request.host.partition(":")[0]
    return name in rules.FACEBOOK_HOSTS or name == rules.LOCAL_FACEBOOK


#: What a request is for, and what is wrong with it, where only its platform is none.
_UNKNOWN_PLATFORM: dict[Endpoint, tuple[str, str]] = {
    leadconnector.start: ("start", "start-path-unknown"),
    leadconnector.finish: ("unknown", "path-unknown"),
    leadconnector.account: ("account", "follow-up-path-unknown"),
}


def _no_route(session: Session, request: Request, endpoint: str = "unknown", problem: str = "path-unknown") -> Answer:
    """Answer as the service does, and add what would have matched, so that a typing error is found at once."""
    response = recorded(session, "api-404-no-route", request)
    told: dict[str, Any] = json.loads(response.get_data())
    told["nearest"] = nearest(request, _EXPECTATIONS["facebook" if _plays_facebook(request) else "leadconnector"])
    response.set_data(json.dumps(told, ensure_ascii=False))
    return Answer(endpoint, response, "api-404-no-route", (problem,))
