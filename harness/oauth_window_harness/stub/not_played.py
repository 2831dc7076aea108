"""Routes of the service beside those of the window that is played: answered as documented, and nobody's mistake."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from werkzeug import Request, Response
from werkzeug.utils import redirect

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.not_played import OTHER_PLATFORMS
from oauth_window_harness.stub.answer import Addresses, Answer, page, recorded_response
from oauth_window_harness.stub.leadconnector import credential_problem
from oauth_window_harness.stub.near_misses import Expectation, distance
from oauth_window_harness.stub.session import Session

#: The code of what is told of such a request.
CODE = "not-played-here"

#: Where a window is sent that asks for another platform's start: a page of the stub's own.
NOTICE_PATH = "/oauth-window-harness/not-played/<what>"

#: The user that is listed where nobody said whom to accept: that of the vendor's examples.
_USER = "s8qyTiO1UrYvKUxr9Yw2"
#: The company and the location that are told where nobody said which to accept: those of the vendor's examples.
_COMPANY = "5DP4iH6HLkQsiKESj6rh"
_LOCATION = "ve9EPM428h8vShlRW1KT"
#: A token that is no secret, where nobody said which to accept: any is accepted then.
_TOKEN = "token-of-the-harness"  # noqa: S105

#: The greatest distance between a path and the route that it is meant to be, in parts of the path.
_NEAR = 2.0
#: The same, where the method is another one: only a path that is spelled nearly as it should be.
_SAME = 0.4


def other_start(session: Session, request: Request, platform: str) -> Answer:  # noqa: ARG001 - as every endpoint
    """Redirect the window to a page that says that its platform is not played."""
    url = Addresses.of(request).leadconnector + NOTICE_PATH.replace("<what>", platform)
    return Answer("other-start", redirect(url, 302, Response), platform, (CODE,))


def other_window(session: Session, request: Request) -> Answer:
    """Redirect the window of the vendor's page of integrations likewise."""
    return other_start(session, request, "integrations")


def notice(session: Session, request: Request, what: str) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer with a page that says what is not played here."""
    text = "The harness plays the window of Facebook alone. Nothing is wrong with the page that opened this one."
    return Answer("notice", page("message.html", heading=f"{what}: not played here", text=text), what)


def other_account(session: Session, request: Request, platform: str) -> Answer:
    """Answer another platform's account GET as documented, with nothing to connect."""
    problem = rules.version_problem(request.headers.get("Version")) or credential_problem(session, request)
    if problem is not None:
        return Answer("other", recorded_response(session, problem.answer, request), problem.answer, (CODE,))
    document = {
        "success": True,
        "statusCode": 200,
        "message": f"Fetched {platform.title()} Account",
        "results": {OTHER_PLATFORMS[platform]: []},
    }
    return Answer("other", _json(document), platform, (CODE,))


def users(session: Session, request: Request) -> Answer:
    """Answer the list of a location's users, whom backends ask for the ``userId`` of start."""
    problem = rules.version_problem(request.headers.get("Version")) or credential_problem(session, request)
    if problem is not None:
        return Answer("users", recorded_response(session, problem.answer, request), problem.answer)
    location = request.args.get("locationId", "")
    user = {
        "id": session.rules.accepted.user or _USER,
        "name": "Example User",
        "firstName": "Example",
        "lastName": "User",
        "email": "user@example.com",
        "phone": "",
        "extension": "",
        "permissions": {},
        "scopes": "",
        "roles": {"type": "account", "role": "admin", "locationIds": [location]},
        "deleted": False,
    }
    return Answer("users", _json({"users": [user]}), "users", location=location or None)


def location(session: Session, request: Request, location: str) -> Answer:
    """Answer a location's own data, which backends read on their way."""
    problem = rules.version_problem(request.headers.get("Version")) or credential_problem(session, request)
    if problem is not None:
        return Answer("location", recorded_response(session, problem.answer, request), problem.answer)
    known = {"id": location, "companyId": _COMPANY, "name": "Example Location", "email": "user@example.com"}
    return Answer("location", _json({"location": known}), "location", location=location)


def token(session: Session, request: Request) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer with the access token that is accepted; whose refresh token it came from is not checked."""
    document = {
        "access_token": session.rules.accepted.token or _TOKEN,
        "token_type": "Bearer",
        "expires_in": 86399,
        "refresh_token": _TOKEN,
        "scope": "",
        "userType": "Location",
        "companyId": _COMPANY,
        "locationId": session.rules.accepted.location or _LOCATION,
        "userId": session.rules.accepted.user or _USER,
    }
    return Answer("token", _json(document), "token")


def is_meant(request: Request, expectations: Sequence[Expectation], session: Session) -> bool:
    """Return whether a request without a route is a misspelling of one that is played, or a window's own address."""
    if _is_navigation(request) or any(account in request.full_path for account in session.accounts):
        return True
    nearest = min(expectations, key=lambda expectation: distance(expectation, request))
    is_played = nearest.path in (rules.START_PATH, rules.FINISH_PATH, *rules.ACCOUNT_PATHS)
    limit = _NEAR if nearest.method == request.method else _SAME
    return is_played and distance(nearest, request)[0] <= limit


def _is_navigation(request: Request) -> bool:
    mode = request.headers.get("Sec-Fetch-Mode")
    # Browsers send the mode to trustworthy addresses only; elsewhere a navigation is known by what it accepts.
    return mode == "navigate" if mode else "text/html" in request.headers.get("Accept", "")


def _json(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), 200, content_type="application/json; charset=utf-8")
