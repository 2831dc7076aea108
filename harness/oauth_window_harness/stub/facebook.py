"""Facebook's half of the stub: the login dialog, the login page and the consent."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from werkzeug import Request, Response
from werkzeug.utils import redirect

from oauth_window_harness.stub.answer import Answer, page
from oauth_window_harness.stub.session import Session

_SESSION = "c_user"
_PRIVACY = "gdp"
_REQUIRED = ("client_id", "redirect_uri", "scope", "state", "response_type")


def dialog(session: Session, request: Request) -> Answer:
    """Answer with the consent page, or redirect to the login or privacy page that the scenario puts before it."""
    query = request.args
    missing = [name for name in _REQUIRED if not query.get(name)]
    connection = session.connections.of_state(query.get("state", ""))
    if missing or connection is None or connection.redirect_uri != query["redirect_uri"]:
        problem = (
            f"missing: {', '.join(missing)}" if missing else "the state or the redirect URI was not issued by start"
        )
        return Answer(
            "dialog",
            page("message.html", HTTPStatus.BAD_REQUEST, heading="Sorry, something went wrong.", text=problem),
            "refused",
        )
    provider = session.scenario.provider
    if provider.error:
        text = "URL blocked: this redirect failed because the redirect URI is not white-listed."
        return Answer("dialog", page("message.html", heading="Sorry, something went wrong.", text=text), "error")
    if provider.login and _SESSION not in request.cookies:
        cancel = f"{query['redirect_uri']}?{_refusal(query['state'])}"
        detour = urlencode({"next": request.url, "cancel_url": cancel})
        return Answer("dialog", _redirect_to(f"{request.root_path}/login.php?{detour}"), "login")
    if provider.detour and _PRIVACY not in request.cookies:
        return Answer(
            "dialog",
            _redirect_to(f"{request.root_path}/privacy/consent/gdp?{urlencode({'next': request.url})}"),
            "privacy",
        )
    scope = query["scope"].split(",")
    return Answer(
        "dialog",
        page("consent.html", scope=scope, redirect_uri=query["redirect_uri"], state=query["state"]),
        "consent",
    )


def login(session: Session, request: Request) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer a GET with the login form, and a POST with a redirect to the page that the user came from."""
    return _detour(request, "login", "login.html", _SESSION)


def privacy(session: Session, request: Request) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer a GET with the EU's privacy page, and a POST with a redirect to the page that the user came from."""
    return _detour(request, "privacy", "privacy.html", _PRIVACY)


def _detour(request: Request, endpoint: str, template: str, cookie: str) -> Answer:
    if request.method == "GET":
        return Answer(endpoint, page(template, next=request.args.get("next", "")), "form")
    goal = request.form.get("next", "")
    if urlsplit(goal).netloc != request.host:
        return Answer(
            endpoint,
            page("message.html", HTTPStatus.BAD_REQUEST, heading="Sorry, something went wrong.", text="no way on"),
            "refused",
        )
    response = _redirect_to(goal)
    response.set_cookie(cookie, secrets.token_hex(8), path=request.root_path or "/", httponly=True)
    return Answer(endpoint, response, "taken")


def confirm(session: Session, request: Request) -> Answer:
    """Redirect to the redirect URI with the user's answer (RFC 6749 §4.1.2)."""
    state = request.form.get("state", "")
    connection = session.connections.of_state(state)
    if connection is None:
        return Answer(
            "consent",
            page("message.html", HTTPStatus.BAD_REQUEST, heading="Sorry, something went wrong.", text="unknown state"),
            "refused",
        )
    approved = request.form.get("answer") == "approve"
    answer = urlencode({"code": secrets.token_urlsafe(24), "state": state}) if approved else _refusal(state)
    # Facebook appends this fragment, and it reaches the finish page.
    return Answer(
        "consent", _redirect_to(f"{connection.redirect_uri}?{answer}#_=_"), "approved" if approved else "cancelled"
    )


def _refusal(state: str) -> str:
    return urlencode(
        {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
            "state": state,
        }
    )


def _redirect_to(url: str) -> Response:
    # As the service answers: status 302, with the address unchanged.
    return redirect(url, HTTPStatus.FOUND, Response)
