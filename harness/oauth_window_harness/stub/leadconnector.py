"""LeadConnector's half of the stub: start, finish, and the account GET and POST; see `stub.accounts` for the list."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from werkzeug import Request, Response

from oauth_window_harness.contract import rules
from oauth_window_harness.stub import intruder
from oauth_window_harness.stub.answer import Addresses, Answer, is_of_browser, page, recorded_response
from oauth_window_harness.stub.connections import OAuthConnection
from oauth_window_harness.stub.prefer import preferred_fixture
from oauth_window_harness.stub.session import Session

#: The header by which a request to `serve` names the test that it belongs to.
KEY_HEADER = "X-Oauth-Window-Key"

#: The query parameter of the window that the finish page opens, where another window than its own is to post.
_SECOND = "posts_from_here"

#: What a preflight's answer allows beside what its request asks for.
_PREFLIGHT = (
    ("Methods", "Method", "GET, POST, OPTIONS"),
    ("Headers", "Headers", f"Authorization, Version, Content-Type, Accept, Prefer, {KEY_HEADER}"),
)


def start(session: Session, request: Request, platform: str) -> Answer:
    """Redirect the window to Facebook, or answer as the scenario or the ``Prefer`` header says."""
    query = request.args
    location = query.get("locationId")
    chosen = preferred_fixture(request.headers.get("Prefer"), "start", session.fixtures)
    problem = _start_problem(session, request)
    name = chosen or (problem.answer if problem else session.scenario.answers.start)
    is_handed_on = session.rules.proxied and not is_of_browser(request)
    addresses = Addresses.production(request.root_path) if is_handed_on else Addresses.of(request)
    redirect_uri = addresses.leadconnector + rules.FINISH_PATH.replace("<platform>", platform)
    connection = OAuthConnection(
        location=location or "",
        user=query.get("userId", ""),
        page=query.get("page", "undefined"),
        reconnect=query.get("reconnect", "undefined"),
        redirect_uri=redirect_uri,
    )
    redirects = "location" in {header.lower() for header in session.fixtures.exchange(name).response.headers}
    signed = session.scenario.provider.state == "signed"
    state = session.connections.begin(connection, signed=signed) if redirects else ""
    response = recorded_response(
        session,
        name,
        request,
        redirect_uri=quote(redirect_uri, safe=":/"),
        state=quote(state, safe=","),
        facebook=addresses.facebook,
    )
    return Answer("start", response, name, (problem.code,) if problem else (), location=location)


def finish(session: Session, request: Request, platform: str) -> Answer:  # noqa: ARG001 - a part of the path
    """Answer with the page that posts the events to the opener and closes, as the scenario says."""
    connection = session.connections.of_state(request.args.get("state", ""))
    if connection is None or not (request.args.get("code") or request.args.get("error")):
        text = "The state or the code of this redirect is not one that was issued."
        return Answer(
            "finish",
            page("message.html", HTTPStatus.BAD_REQUEST, heading="This link cannot be used", text=text),
            "refused",
        )
    refused = "error" in request.args
    if not refused and session.connections.is_first_visit(request.args["state"]):
        session.connections.finish(connection)
        detour = intruder.detour(session, request)
        if detour is not None:
            return detour
    posting = _posting(session, refused=refused, second=_SECOND in request.args)
    heading = "The account was not connected" if refused else "The account is connected"
    return Answer(
        "finish", page("finish.html", heading=heading, finish=posting), "cancelled" if refused else "finished"
    )


def _posting(session: Session, *, refused: bool, second: bool) -> dict[str, Any]:
    """Return what the finish page does, as data.

    Args:
        session: the play.
        refused: whether the user has cancelled; then only what the scenario itself names is posted.
        second: whether this is the window that the finish page has opened to post from.
    """
    finish = session.scenario.finish
    posts = [] if refused and "posts" not in finish.model_fields_set else session.play.events()
    return {
        "posts": [{"data": event.data, "target_origin": event.target_origin} for event in posts],
        "closes": finish.closes,
        "delay_ms": finish.delay * 1000,
        **({"second": True} if second else {"opens": _SECOND} if finish.window == "new" else {}),
    }


def account(session: Session, request: Request, platform: str, account: str, location: str | None = None) -> Answer:
    """Answer the account GET, or attach a page by POST."""
    endpoint = "attach" if request.method == "POST" else "account"
    chosen = preferred_fixture(request.headers.get("Prefer"), endpoint, session.fixtures)
    problems = _account_problems(session, request, account, location)
    if chosen:
        name = chosen
    elif problems:
        name = problems[0].answer
    elif endpoint == "attach":
        name = "attach-201"
    else:
        name = session.connections.next_answer("account", session.scenario.answers.account)
    plain = not chosen and not problems and endpoint == "account"
    if plain:
        seconds = max(session.rules.latency, session.scenario.answers.delay)
        if seconds:
            session.clock.wait(seconds, session.end_signal)
    fault = session.scenario.answers.fault if plain else None
    body = None if fault == "truncated" else session.fixtures.exchange(name).response.body
    return Answer(
        endpoint,
        recorded_response(session, name, request),
        name,
        (*(problem.code for problem in problems), *remarks(request)),
        account=account,
        location=location,
        fault=fault,
        listed=rules.connectable_count(platform, body),
    )


def preflight(session: Session, request: Request) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer a CORS preflight request (Fetch Standard §4.8)."""
    return Answer("preflight", Response("", HTTPStatus.NO_CONTENT), "preflight")


def allow_any_origin(request: Request, response: Response) -> None:
    """Allow every origin, and all that a preflight asks for, as an open API would.

    Pages have been seen to call the service across origins, with headers that are nowhere documented.
    """
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response.headers.add("Vary", "Origin")
    if request.method != "OPTIONS":
        return
    for allowed, asked, always in _PREFLIGHT:
        wanted = request.headers.get(f"Access-Control-Request-{asked}")
        response.headers[f"Access-Control-Allow-{allowed}"] = f"{always}, {wanted}" if wanted else always


def _start_problem(session: Session, request: Request) -> rules.Violation | None:
    problem = rules.start_problem(request.args, session.rules.accepted)
    if problem is not None:
        return problem
    # Integrators report that the service redirects without any header, for windows and for servers alike.
    credential, version = (session.rules.strict or name in request.headers for name in ("Authorization", "Version"))
    problem = credential_problem(session, request) if credential else None
    return problem or (rules.version_problem(request.headers.get("Version")) if version else None)


def credential_problem(session: Session, request: Request) -> rules.Violation | None:
    """Return the violation in a request's credential, or None; ``token-id`` may stand in its place."""
    if rules.has_token_id(request.headers.get(rules.TOKEN_ID)):
        return None
    return rules.credential_problem(request.headers.get("Authorization"), session.rules.accepted)


def remarks(request: Request) -> tuple[str, ...]:
    """Return the codes of what is undocumented in a request's credential, and accepted all the same."""
    return ("authorization-undocumented",) if rules.has_token_id(request.headers.get(rules.TOKEN_ID)) else ()


def _account_problems(session: Session, request: Request, account: str, location: str | None) -> list[rules.Violation]:
    """Return all problems of a follow-up, the one that the service would report first at the head."""
    problems = [
        rules.version_problem(request.headers.get("Version")),
        credential_problem(session, request),
    ]
    if location is not None and not session.knows_location(location):
        problems.append(rules.Violation("follow-up-location-mismatch", "api-403-location"))
    if account not in session.accounts:
        problems.append(rules.Violation("follow-up-account-mismatch", "account-422"))
    return [problem for problem in problems if problem is not None]
