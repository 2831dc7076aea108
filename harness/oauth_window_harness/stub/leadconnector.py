"""LeadConnector's half of the stub: start, finish, and the account GET and POST."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug import Request, Response

from oauth_window_harness.contract import rules
from oauth_window_harness.journal.play import Connection, Play
from oauth_window_harness.stub import intruder
from oauth_window_harness.stub.answer import Addresses, Answer, page, recorded
from oauth_window_harness.stub.prefer import preferred

#: By which a request to `serve` names the test that it belongs to.
KEY_HEADER = "X-Oauth-Window-Key"

_ALLOWED_HEADERS = f"Authorization, Version, Content-Type, Accept, Prefer, {KEY_HEADER}"


def start(play: Play, request: Request, platform: str) -> Answer:
    """Redirect the window to Facebook, or answer as the scenario and the ``Prefer`` header say."""
    query = request.args
    location = query.get("locationId")
    chosen = preferred(request.headers.get("Prefer"), "start", play.fixtures)
    problem = _start_problem(play, request)
    name = chosen or (problem.answer if problem else play.scenario.answers.start)
    addresses = Addresses.of(request)
    redirect_uri = addresses.leadconnector + rules.FINISH_PATH.replace("<platform>", platform)
    connection = Connection(
        location=location or "",
        user=query.get("userId", ""),
        page=query.get("page", "undefined"),
        reconnect=query.get("reconnect", "undefined"),
        redirect_uri=redirect_uri,
    )
    redirects = "location" in {header.lower() for header in play.fixtures.exchange(name).response.headers}
    state = play.begin(connection) if redirects else ""
    response = recorded(
        play,
        name,
        request,
        redirect_uri=quote(redirect_uri, safe=":/"),
        state=quote(state, safe=","),
        facebook=addresses.facebook,
    )
    return Answer("start", response, name, (problem.code,) if problem else (), location=location)


def finish(play: Play, request: Request, platform: str) -> Answer:  # noqa: ARG001 - a path's part
    """Post the events to the opener and close, as the scenario says."""
    connection = play.connection(request.args.get("state", ""))
    if connection is None or not (request.args.get("code") or request.args.get("error")):
        text = "The state or the code of this redirect is not one that was issued."
        return Answer("finish", page("message.html", 400, heading="This link cannot be used", text=text), "refused")
    refused = "error" in request.args
    if not refused and play.first_visit(request.args["state"]):
        play.finish(connection)
        waylaid = intruder.waylaid(play, request)
        if waylaid is not None:
            return waylaid
    told = {
        "posts": []
        if refused
        else [{"data": event.data, "target_origin": event.target_origin} for event in play.events()],
        "closes": play.scenario.finish.closes,
        "delay_ms": play.scenario.finish.delay * 1000,
    }
    heading = "The account was not connected" if refused else "The account is connected"
    return Answer("finish", page("finish.html", heading=heading, finish=told), "cancelled" if refused else "finished")


def account(play: Play, request: Request, platform: str, account: str, location: str | None = None) -> Answer:
    """Answer the account GET, or attach a page by POST."""
    endpoint = "attach" if request.method == "POST" else "account"
    chosen = preferred(request.headers.get("Prefer"), endpoint, play.fixtures)
    problems = _account_problems(play, request, account, location)
    if chosen:
        name = chosen
    elif problems:
        name = problems[0].answer
    elif endpoint == "attach":
        name = "attach-201"
    else:
        name = play.next_account_answer()
    plain = not chosen and not problems and endpoint == "account"
    if plain:
        seconds = max(play.latency, play.scenario.answers.delay)
        if seconds:
            play.clock.wait(seconds, play.ended)
    return Answer(
        endpoint,
        recorded(play, name, request),
        name,
        tuple(problem.code for problem in problems),
        account=account,
        location=location,
        fault=play.scenario.answers.fault if plain else None,
        listed=rules.listed(platform, play.fixtures.exchange(name).response.body),
    )


def preflight(play: Play, request: Request) -> Answer:  # noqa: ARG001 - as every endpoint
    """Answer CORS' question whether the request may be made (Fetch Standard §4.8)."""
    return Answer("preflight", Response("", 204), "preflight")


def allow_any_origin(request: Request, response: Response) -> None:
    """Answer cross-origin requests as an open API would; whether the live service does is unknown."""
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
    response.headers.add("Vary", "Origin")


def _start_problem(play: Play, request: Request) -> rules.Problem | None:
    problem = rules.start_problem(request.args, play.accepted)
    # A browser cannot set headers on a window's first request, so pages open it without them.
    if problem is None and (play.strict or not _is_navigation(request)):
        problem = _credentials(play, request) or rules.version_problem(request.headers.get("Version"))
    return problem


def _credentials(play: Play, request: Request) -> rules.Problem | None:
    return rules.credential_problem(request.headers.get("Authorization"), play.accepted)


def _account_problems(play: Play, request: Request, account: str, location: str | None) -> list[rules.Problem]:
    """Give all that is wrong with a follow-up, that which the service would tell first at the head."""
    found = [
        rules.version_problem(request.headers.get("Version")),
        _credentials(play, request),
    ]
    if location is not None and not play.knows_location(location):
        found.append(rules.Problem("follow-up-location-mismatch", "api-403-location"))
    if not play.knows_account(account):
        found.append(rules.Problem("follow-up-account-mismatch", "account-422"))
    return [problem for problem in found if problem is not None]


def _is_navigation(request: Request) -> bool:
    mode = request.headers.get("Sec-Fetch-Mode")
    # Browsers tell the mode on trustworthy addresses only; before that, navigations are known by what they accept.
    return mode == "navigate" if mode else "text/html" in request.headers.get("Accept", "")
