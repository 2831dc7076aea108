"""Navigation (HTML Standard §7.4): makes the requests of a window, one for each redirect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.drivers.mock.documents import Submission
from oauth_window_harness.drivers.mock.network import HttpAnswer, Profile
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy, leaves_group
from oauth_window_harness.drivers.mock.origins import OPAQUE, is_same, origin_of

#: The most hops of one navigation (Fetch Standard §4.4).
_HOPS = 20
#: The redirects that keep the method of their request (RFC 9110 §15.4).
_KEEPING_METHOD = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Navigation:
    """A navigation of a window or of a frame.

    Attributes:
        initiator: the address of the document that starts it; empty if the user does.
        frame: whether a frame navigates, not a window.
    """

    submission: Submission
    initiator: str = ""
    frame: bool = False

    @classmethod
    def to(cls, url: str, *, initiator: str = "", frame: bool = False) -> Navigation:
        """Return the navigation to an address."""
        return cls(Submission("GET", url, ()), initiator, frame)


@dataclass(frozen=True)
class Hop:
    """One request of a navigation, and its answer.

    Attributes:
        policy: the Cross-Origin-Opener-Policy of the answer.
        leaves: whether this hop or one before it left the browsing context group.
    """

    answer: HttpAnswer
    policy: OpenerPolicy
    leaves: bool


def hops(profile: Profile, navigation: Navigation, current: OpenerPolicy, *, initial_blank: bool) -> Iterator[Hop]:
    """Make the requests of a navigation, and yield each with its answer; the last has the document, or an error.

    Compare each answer's policy with that of the answer before it, redirects included, as browsers do.
    """
    leaves = False
    for _ in range(_HOPS):
        submission = navigation.submission
        form = submission.fields if submission.method == "POST" else None
        answer = profile.ask(submission.method, submission.url, headers=_headers(navigation), form=form)
        policy = OpenerPolicy.of(answer.headers.get("cross-origin-opener-policy"), origin_of(answer.url))
        leaves = leaves or (not navigation.frame and leaves_group(current, policy, initial_blank=initial_blank))
        yield Hop(answer, policy, leaves)
        if answer.redirect is None:
            return
        current = policy
        kept = submission.method if answer.status in _KEEPING_METHOD else "GET"
        navigation = replace(
            navigation, submission=Submission(kept, answer.redirect, submission.fields if kept == "POST" else ())
        )
    yield Hop(HttpAnswer(navigation.submission.url, error="too many redirects"), current, leaves)


def origin_of_document(answer: HttpAnswer) -> str:
    """Return the origin of the document in an answer; opaque if it is sandboxed."""
    for directive in answer.headers.get("content-security-policy", "").split(";"):
        words = directive.split()
        if words[:1] == ["sandbox"] and "allow-same-origin" not in words:
            return OPAQUE
    return origin_of(answer.url)


def _headers(navigation: Navigation) -> dict[str, str]:
    """Return the headers that a browser sends with a navigation; by them the stub recognizes a page's request."""
    submission, initiator = navigation.submission, navigation.initiator
    headers = {"Accept": _ACCEPT, "Upgrade-Insecure-Requests": "1"}
    origin, own = origin_of(submission.url), origin_of(initiator)
    if initiator:
        # The default policy of browsers: strict-origin-when-cross-origin (Referrer Policy §3.7).
        headers["Referer"] = initiator.partition("#")[0] if is_same(origin, own) else f"{own}/"
    if submission.method == "POST":
        headers["Origin"] = own
    if origin.startswith("https:") or urlsplit(submission.url).hostname in ("127.0.0.1", "localhost"):
        headers["Sec-Fetch-Dest"] = "iframe" if navigation.frame else "document"
        headers["Sec-Fetch-Mode"] = "navigate"
        headers["Sec-Fetch-Site"] = _site(origin, own) if initiator else "none"
    return headers


def _site(origin: str, initiator: str) -> str:
    if is_same(origin, initiator):
        return "same-origin"
    # All names of the harness have registrable domains of two labels, so it needs no list of public suffixes.
    one, other = (urlsplit(each) for each in (origin, initiator))
    related = (one.hostname or "").split(".")[-2:] == (other.hostname or "").split(".")[-2:]
    return "same-site" if related and one.scheme == other.scheme else "cross-site"
