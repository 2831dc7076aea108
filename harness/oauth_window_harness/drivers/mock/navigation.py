"""Navigates: follows a window's requests from hop to hop, and tells what comes of them (HTML Standard §7.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from oauth_window_harness.drivers.mock.documents import Submission
from oauth_window_harness.drivers.mock.network import HttpAnswer, Profile
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy, leaves_group
from oauth_window_harness.drivers.mock.origins import OPAQUE, is_same, origin_of

#: The most hops of one navigation (Fetch Standard §4.4).
_HOPS = 20

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Navigation:
    """What a window is to show.

    Attributes:
        initiator: the address of the document that wants it; empty where the user does.
        frame: whether it is a frame, not a window.
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
        policy: the answer's Cross-Origin-Opener-Policy.
        leaves: whether the navigation has left the browsing context group by now.
    """

    answer: HttpAnswer
    policy: OpenerPolicy
    leaves: bool


def hops(profile: Profile, navigation: Navigation, current: OpenerPolicy, *, initial_blank: bool) -> Iterator[Hop]:
    """Make the requests of a navigation, one after another; the last hop brings the document, or an error.

    Each answer's policy is compared with that of the one before it, redirects included, as browsers do.
    """
    leaves = False
    for _ in range(_HOPS):
        asked = navigation.submission
        form = asked.fields if asked.method == "POST" else None
        answer = profile.ask(asked.method, asked.url, headers=_headers(navigation), form=form)
        policy = OpenerPolicy.of(answer.headers.get("cross-origin-opener-policy"), origin_of(answer.url))
        leaves = leaves or (not navigation.frame and leaves_group(current, policy, initial_blank=initial_blank))
        yield Hop(answer, policy, leaves)
        if answer.redirect is None:
            return
        current = policy
        kept = asked.method if answer.status in (307, 308) else "GET"
        navigation = replace(
            navigation, submission=Submission(kept, answer.redirect, asked.fields if kept == "POST" else ())
        )
    yield Hop(HttpAnswer(navigation.submission.url, error="too many redirects"), current, leaves)


def origin_of_document(answer: HttpAnswer) -> str:
    """Return the origin of the document that an answer brings: opaque where it is sandboxed."""
    for directive in answer.headers.get("content-security-policy", "").split(";"):
        words = directive.split()
        if words[:1] == ["sandbox"] and "allow-same-origin" not in words:
            return OPAQUE
    return origin_of(answer.url)


def _headers(navigation: Navigation) -> dict[str, str]:
    """Return what a browser sends with a navigation; the stub tells by it whom it speaks to."""
    asked, initiator = navigation.submission, navigation.initiator
    headers = {"Accept": _ACCEPT, "Upgrade-Insecure-Requests": "1"}
    origin, own = origin_of(asked.url), origin_of(initiator)
    if initiator:
        # The default policy of browsers: strict-origin-when-cross-origin (Referrer Policy §3.7).
        headers["Referer"] = initiator.partition("#")[0] if is_same(origin, own) else f"{own}/"
    if asked.method == "POST":
        headers["Origin"] = own
    if origin.startswith("https:") or urlsplit(asked.url).hostname in ("127.0.0.1", "localhost"):
        headers["Sec-Fetch-Dest"] = "iframe" if navigation.frame else "document"
        headers["Sec-Fetch-Mode"] = "navigate"
        headers["Sec-Fetch-Site"] = _site(origin, own) if initiator else "none"
    return headers


def _site(origin: str, initiator: str) -> str:
    if is_same(origin, initiator):
        return "same-origin"
    # The harness' own names have registrable domains of two labels; no list of public suffixes is needed for them.
    one, other = (urlsplit(each) for each in (origin, initiator))
    related = (one.hostname or "").split(".")[-2:] == (other.hostname or "").split(".")[-2:]
    return "same-site" if related and one.scheme == other.scheme else "cross-site"
