"""The documents of intruders: windows and frames, of other origins, that post to the page."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from werkzeug import Request

from oauth_window_harness.scenario.intrusion import PATH, Intrusion
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.answer import Answer, page
from oauth_window_harness.stub.session import Session

ENDPOINT = "intruder"


def document(session: Session, request: Request) -> Answer:
    """Return the document of an intrusion, which posts as soon as it has loaded."""
    number = request.args.get("n", "")
    matches = [intrusion for intrusion in session.play.intrusions() if str(intrusion.number) == number]
    if not matches:
        text = "The scenario that is being played has no such intruder."
        return Answer(ENDPOINT, page("message.html", HTTPStatus.NOT_FOUND, heading="Nobody is here", text=text))
    (intrusion,) = matches
    onward = request.args.get("next", "")
    posts, following = session.play.forged_data(intrusion), _next_address(session, intrusion, onward)
    response = page("intruder.html", number=intrusion.number, posts=posts, next=following)
    if intrusion.is_sandboxed:
        # HTML Standard, sandboxing: a document without allow-same-origin has an opaque origin, reported as `null`.
        response.headers["Content-Security-Policy"] = "sandbox allow-scripts"
    return Answer(ENDPOINT, response)


def detour(session: Session, request: Request) -> Answer | None:
    """Return a page that sends the popup to its first intruder before the finish page, or None if there is none."""
    first = _next_in_popup(session.scenario, session.play.intrusions(), -1)
    if first is None:
        return None
    # By script: browsers warn when a posted form is redirected to plain http.
    onward = f"{first.url}&next={quote(request.url, safe='')}"
    return Answer("finish", page("onward.html", onward=onward), "on to an intruder")


def _next_address(session: Session, intrusion: Intrusion, finish: str) -> str:
    following = _next_in_popup(session.scenario, session.play.intrusions(), intrusion.number)
    return f"{following.url}&next={quote(finish, safe='')}" if following is not None and finish else finish


def _next_in_popup(scenario: Scenario, intrusions: tuple[Intrusion, ...], after: int) -> Intrusion | None:
    if scenario.intruder is None or scenario.intruder.when != "in-flow":
        return None
    return next((one for one in intrusions if one.sender == "popup" and one.number > after), None)


def is_document_request(request: Request) -> bool:
    """Return whether a request is for an intruder's document, on whatever host."""
    return request.path == PATH
