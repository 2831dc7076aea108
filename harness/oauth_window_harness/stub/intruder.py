"""The documents of intruders: other origins, other windows and frames that post to the page."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug import Request

from oauth_window_harness.scenario.intrusion import PATH, Intrusion
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.answer import Answer, page
from oauth_window_harness.stub.session import Session

ENDPOINT = "intruder"


def document(session: Session, request: Request) -> Answer:
    """Return the document of an intrusion, which posts as soon as it is there."""
    number = request.args.get("n", "")
    found = [intrusion for intrusion in session.play.intrusions() if str(intrusion.number) == number]
    if not found:
        text = "The scenario that is being played has no such intruder."
        return Answer(ENDPOINT, page("message.html", 404, heading="Nobody is here", text=text))
    (intrusion,) = found
    onward = request.args.get("next", "")
    posts, following = session.play.forged_data(intrusion), _onward(session, intrusion, onward)
    response = page("intruder.html", number=intrusion.number, posts=posts, next=following)
    if intrusion.is_sandboxed:
        # HTML Standard, sandboxing: a document without allow-same-origin has an origin of its own, told as `null`.
        response.headers["Content-Security-Policy"] = "sandbox allow-scripts"
    return Answer(ENDPOINT, response)


def waylaid(session: Session, request: Request) -> Answer | None:
    """Send the popup to its first intruder before the finish page, or give None where it has none."""
    first = _next_in_popup(session.scenario, session.play.intrusions(), -1)
    if first is None:
        return None
    # By script: a redirect of a posted form to plain http is something that browsers warn of.
    onward = f"{first.url}&next={quote(request.url, safe='')}"
    return Answer("finish", page("onward.html", onward=onward), "on to an intruder")


def _onward(session: Session, intrusion: Intrusion, finish: str) -> str:
    following = _next_in_popup(session.scenario, session.play.intrusions(), intrusion.number)
    return f"{following.url}&next={quote(finish, safe='')}" if following is not None and finish else finish


def _next_in_popup(scenario: Scenario, all_of_them: tuple[Intrusion, ...], after: int) -> Intrusion | None:
    if scenario.intruder is None or scenario.intruder.when != "in-flow":
        return None
    return next((one for one in all_of_them if one.sender == "popup" and one.number > after), None)


def is_asked(request: Request) -> bool:
    """Return whether a request is for an intruder's document, on whatever host."""
    return request.path == PATH
