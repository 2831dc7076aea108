"""The stub as a whole: finds the endpoint of a request, answers, and writes the request into the journal."""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from harness import contract
from harness.errors import HarnessError
from harness.events import RequestSeen, SentBy
from harness.stub import facebook, fault, intruder, leadconnector
from harness.stub.answer import Answer, recorded
from harness.stub.play import Play

Endpoint = Callable[..., Answer]

_LEADCONNECTOR: list[tuple[str, str, Endpoint]] = [
    ("GET", contract.START_PATH, leadconnector.start),
    ("GET", contract.FINISH_PATH, leadconnector.finish),
    *[(method, path, leadconnector.account) for path in contract.ACCOUNT_PATHS for method in ("GET", "POST")],
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


_MAPS = {"leadconnector": _map(_LEADCONNECTOR), "facebook": _map(_FACEBOOK)}


class Stub:
    """Answers what is asked of LeadConnector and of Facebook, for the scenario that is being played.

    Args:
        sender: tells, by the TCP port that a request came from, whether the page or its server sent it; None where
            it did not come through the gateway.
    """

    def __init__(self, play: Play, sender: Callable[[int], SentBy | None] = lambda _port: None) -> None:
        self.play = play
        self._sender = sender

    def __call__(self, request: Request) -> Response:
        """Give the response. A fault of the harness itself is told in the body, with status 500."""
        arrived = time.time()
        play = self.play
        request.get_data()
        if intruder.is_asked(request):
            return intruder.document(play, request).response  # no part of the service: it is not in the journal
        try:
            answer = self._answer(play, request)
        except HarnessError as error:
            answer = Answer(
                "unknown", _problem(400 if error.exit_code.name == "USAGE" else 500, error), "harness error"
            )
        if _plays_facebook(request):
            answer.response.headers["Cache-Control"] = "no-store"
            policy = play.scenario.provider.opener_policy
        else:
            leadconnector.allow_any_origin(request, answer.response)
            policy = play.scenario.finish.opener_policy if answer.endpoint == "finish" else None
        if policy:
            answer.response.headers["Cross-Origin-Opener-Policy"] = policy
        play.journal.add(self._entry(play, request, answer, arrived))
        if answer.fault:
            fault.cause(answer.fault, request, answer.response)
        return answer.response

    def _answer(self, play: Play, request: Request) -> Answer:
        if request.path == "/favicon.ico":
            return Answer("icon", Response("", 204), "icon")
        on_facebook = _plays_facebook(request)
        if request.method == "OPTIONS" and not on_facebook:
            return leadconnector.preflight(play, request)
        routes = _MAPS["facebook" if on_facebook else "leadconnector"].bind_to_environ(request.environ)
        try:
            endpoint, values = routes.match()
        except HTTPException:
            return _no_route(play, request)
        if values.get("platform", "facebook") not in contract.PLATFORMS:
            return _no_route(play, request, *_UNKNOWN_PLATFORM[endpoint])
        answer: Answer = endpoint(play, request, **values)
        return answer

    def _entry(self, play: Play, request: Request, answer: Answer, arrived: float) -> RequestSeen:
        redact = play.redactor.text
        leak = contract.token_in_url(request.url, request.headers.get("Referer", ""), play.accepted)
        return RequestSeen(
            at=arrived,
            answered_at=time.time(),
            method=request.method,
            url=redact(request.url),
            headers=play.redactor.headers(request.headers.items()),
            endpoint=answer.endpoint,
            status=None if answer.fault == "reset" else answer.response.status_code,
            listed=answer.listed,
            sent_by=self._sent_by(request),
            account=None if answer.account is None else redact(answer.account),
            location=None if answer.location is None else redact(answer.location),
            problems=(*answer.problems, "token-in-url") if leak else answer.problems,
            answer=f"{answer.name}, {answer.fault}" if answer.fault else answer.name,
        )

    def _sent_by(self, request: Request) -> SentBy:
        known = self._sender(int(request.environ.get("REMOTE_PORT", 0)))
        if known is not None:
            return known
        # Every browser tells where a request came from, and nothing else does (Fetch Metadata §2.4).
        return "page" if "Sec-Fetch-Site" in request.headers else "server"


def _plays_facebook(request: Request) -> bool:
    name = request.host.partition(":")[0]
    return name in contract.FACEBOOK_HOSTS or name == contract.LOCAL_FACEBOOK


#: What a request is for, and what is wrong with it, where only its platform is none.
_UNKNOWN_PLATFORM: dict[Endpoint, tuple[str, str]] = {
    leadconnector.start: ("start", "start-path-unknown"),
    leadconnector.finish: ("unknown", "path-unknown"),
    leadconnector.account: ("account", "follow-up-path-unknown"),
}


def _no_route(play: Play, request: Request, endpoint: str = "unknown", problem: str = "path-unknown") -> Answer:
    """Answer as the service does, and add what would have matched, so that a typing error is found at once."""
    response = recorded(play, "api-404-no-route", request)
    told: dict[str, Any] = json.loads(response.get_data())
    told["nearest"] = _nearest(request)
    response.set_data(json.dumps(told, ensure_ascii=False))
    return Answer(endpoint, response, "api-404-no-route", (problem,))


def _nearest(request: Request) -> list[dict[str, str]]:
    rows = _FACEBOOK if _plays_facebook(request) else _LEADCONNECTOR

    def likeness(row: tuple[str, str, Endpoint]) -> float:
        return difflib.SequenceMatcher(None, _fitted(row[1], request.path), request.path).ratio()

    by_likeness = sorted(rows, key=likeness, reverse=True)
    return [
        {"method": method, "path": path, "differs": "method" if _same_shape(path, request.path) else "path"}
        for method, path, _ in by_likeness[:2]
    ]


def _fitted(template: str, path: str) -> str:
    """Give a route with what was asked in the place of its variables, where it has as many parts."""
    ours, theirs = template.split("/"), path.rstrip("/").split("/")
    if len(ours) != len(theirs):
        return template
    return "/".join(yours if mine.startswith("<") else mine for mine, yours in zip(ours, theirs, strict=True))


def _same_shape(template: str, path: str) -> bool:
    ours, theirs = template.split("/"), path.rstrip("/").split("/")
    return len(ours) == len(theirs) and all(
        mine.startswith("<") or mine == yours for mine, yours in zip(ours, theirs, strict=True)
    )


def _problem(status: int, error: HarnessError) -> Response:
    """Give a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": error.what, "status": status, "detail": str(error)}
    return Response(json.dumps(body), status, content_type="application/problem+json")
