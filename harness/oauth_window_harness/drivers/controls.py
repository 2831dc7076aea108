"""Chooses, as a person would, the control that opens the window, from the controls that a page has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.control_words import ends_connection, is_aside, is_social, leaves

#: Facebook as a word of its own, also beside other scripts, and as other scripts write it.
_FACEBOOK = re.compile(
    r"(?<![a-z0-9])(?:facebook|fb)(?![a-z0-9])|فيسبوك|फ़?ेसबुक|फेसबुक|フェイスブック|脸书|臉書|페이스북|фейсбук",
    re.IGNORECASE,
)
_META = re.compile(r"(?<![a-z0-9])meta(?![a-z0-9])", re.IGNORECASE)
_CONNECTING = re.compile(
    r"(?<![a-z])(?:re-?)?connect(?!ed|ion)|verbinden|verknüpfen|conectar|vincular|connecter|associer|relier|anslut"
    r"|collega|koppelen|連携|接続|连接|連接|연결|जोड़|ربط",
    re.IGNORECASE,
)
#: What a control may also be called that leads to the window, in English: for the order in which controls are listed.
_NEAR = re.compile(r"connect|link|social|channel|integrat|account|add|facebook", re.IGNORECASE)
_UNDOING = re.compile(r"(?<![a-z])(?:dis-?connect|unlink|remove|delete|help|learn)", re.IGNORECASE)

#: The path of Facebook's own authorization dialog; any other page of Facebook's is a company's, or a share button.
_OAUTH = re.compile(r"^(?:/v\d+\.\d+)?/(?:dialog|login)/oauth\b")
#: A path that leads to an authorization rather than to something to read.
_STARTING = re.compile(r"(?<![a-z])(?:oauth2?|auth|authorize|connect|start|login|popup)(?![a-z])", re.IGNORECASE)
_READING = re.compile(r"(?<![a-z])(?:guides?|help|docs?|blog|support|learn|articles?|faq|news)(?![a-z])", re.IGNORECASE)
_FACEBOOK_HOSTS = ("facebook.com", "fb.com", "fb.me", "facebook.localhost")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")

#: The order in which a person would try controls, by their roles and how they are named. What only looks like a control
#: comes late if nothing says that it connects.
_ORDER: Sequence[tuple[str, int]] = (
    ("button", 0), ("connecting link", 0), ("connecting element", 0), ("button", 1), ("button", 2), ("element", 1),
    ("element", 2), ("link", 0), ("link", 1), ("button", 3), ("link", 2), ("link", 3), ("element", 3), ("element", 0),
)  # fmt: skip
_TIERS = 4

#: How a control is named: by Facebook, by Meta, by its surroundings, by its purpose alone, or by its card's heading.
Tier = Literal[0, 1, 2, 3, 4]


@dataclass(frozen=True)
class Candidate:
    """A control of a page, which may be the one that opens the window.

    Attributes:
        selector: a selector that matches it alone.
        name: its accessible name.
        role: ``button`` or ``link``; ``tab`` for what only chooses what is shown; ``element`` for what is none of them
            by its markup, and can be clicked.
        href: the address of a link that is a navigation; an empty string otherwise.
        hinted: whether its HTML says that a link does more than lead to its address: a target, or a handler.
        enabled: whether it is enabled, by ``disabled`` and ``aria-disabled``.
        visible: whether a person can see it.
        context: the text that it stands in.
        card: a selector of the nearest place around it that has a heading of its own, and no field to fill in; empty if
            there is none.
        heading: the heading of that place.
        markup: the beginning of its HTML.
        pasted: a selector that a user can paste; empty if nobody asked for it.
        opener: the selector of what opens the place where it is hidden; empty if that is not known.
        frame: the frame that it is in, as the driver knows it.
    """

    selector: str
    name: str
    role: str = "button"
    href: str = ""
    hinted: bool = False
    enabled: bool = True
    visible: bool = True
    context: str = ""
    card: str = ""
    heading: str = ""
    markup: str = ""
    pasted: str = ""
    opener: str = ""
    frame: Any = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any], frame: Any) -> Candidate:
        """Return the candidate that a row of ``candidates.js`` describes."""
        return cls(**row, frame=frame)

    def tier(self) -> Tier | None:
        """Return how the control is named, or None if nothing says that it may open the window."""
        connecting = is_connecting(self.name)
        if self.role == "tab" or ends_connection(self.name) or (is_social(self.name) and not connecting):
            return None
        if self.is_ordinary_link() and not connecting:
            return None  # one of a menu, or to a guide
        if _FACEBOOK.search(self.name):
            return 0
        if _META.search(self.name):
            return 1
        if not connecting or _UNDOING.search(self.name):
            return None
        return 2 if _FACEBOOK.search(self.context) else 3

    def is_ordinary_link(self) -> bool:
        """Return whether it is a link that leads to its address, as far as its HTML says, and not to an authorization.

        A script may still handle the click on it, but nothing tells it from a link to somewhere.
        """
        if self.role != "link" or self.hinted:
            return False
        link = urlsplit(self.href)
        if (link.hostname or "") in rules.PRODUCTION_HOSTS or (link.hostname or "").endswith(_FACEBOOK_HOSTS):
            return False
        return _STARTING.search(link.path) is None or _READING.search(link.path) is not None

    def nearness(self) -> tuple[int, int]:
        """Return how near it is to a control that opens the window; smaller is nearer.

        What a person would try comes first, then what has words of such a control in its name, or in its HTML if it has
        no name.
        """
        tier, called = self.tier(), self.name or self.markup
        words = set(map(str.lower, _NEAR.findall(called)))
        return (_TIERS + (_FACEBOOK.search(called) is None) if tier is None else tier, -len(words))


@dataclass(frozen=True)
class Choice:
    """What a page offers.

    Attributes:
        best: the controls of the best rank: one if the choice is clear, several if they are equal, none if none fits.
        tier: how the best ones are named; None if there are none.
    """

    best: Sequence[Candidate] = ()
    tier: Tier | None = None

    def is_plain(self) -> bool:
        """Return whether one control is a button that names Facebook, and can be seen and used."""
        if len(self.best) != 1 or self.tier != 0:
            return False
        (one,) = self.best
        return one.role == "button" and one.enabled and one.visible


def choice(candidates: Sequence[Candidate], page_url: str) -> Choice:
    """Return the controls that are most likely to open the window.

    Args:
        candidates: the page's controls.
        page_url: the address of the page.
    """
    usable = [one for one in candidates if not one.href or is_within_reach(one.href, page_url)]
    tiers = {one: tier for one in usable if (tier := one.tier()) is not None and (tier == 0 or one.visible)}
    inner = [one for one in tiers if not any(_holds(one, other) for other in tiers)]
    if not inner:
        best = [one for one in usable if _is_of_facebooks_card(one)]
        return Choice(best, 4) if best else Choice()

    def rank(one: Candidate) -> tuple[object, ...]:
        undoing, connecting = bool(_UNDOING.search(one.name)), bool(_CONNECTING.search(one.name))
        return (not one.visible, undoing, _weight(one, tiers[one]), not one.enabled, not connecting)

    first = min(rank(one) for one in inner)
    best = [one for one in inner if rank(one) == first]
    return Choice(best, tiers[best[0]])


def _is_of_facebooks_card(one: Candidate) -> bool:
    """Return whether it is a button in a card of Facebook's, and is not for something else, by its name."""
    if not one.card or not _FACEBOOK.search(one.heading) or is_social(one.heading):
        return False
    is_other = leaves(one.name) or is_social(one.name) or is_aside(one.name) or _UNDOING.search(one.name)
    return one.role == "button" and one.enabled and one.visible and bool(one.name) and not is_other


def _weight(one: Candidate, tier: Tier) -> int:
    """Return the place of a control in the order in which a person would try them, by its name and its role."""
    is_plain = tier == 0 and is_connecting(one.name) and not one.is_ordinary_link()
    return _ORDER.index((f"connecting {one.role}" if is_plain and one.role != "button" else one.role, tier))


def is_connecting(name: str) -> bool:
    """Return whether a control connects something, by its name."""
    return _CONNECTING.search(name) is not None


def is_within_reach(href: str, page_url: str) -> bool:
    """Return whether a link may open the window: one to the page's own site, the service, or Facebook's dialog."""
    try:
        link, page = urlsplit(href), urlsplit(page_url)
        host, own = (link.hostname or "").lower(), (page.hostname or "").lower()
    except ValueError:
        return False
    if link.scheme not in ("http", "https", ""):
        return False
    if any(host == name or host.endswith(f".{name}") for name in _FACEBOOK_HOSTS):
        return _OAUTH.match(link.path) is not None
    if host in ("", own) or host in rules.LEADCONNECTOR_HOSTS or (host in _LOOPBACK and own in _LOOPBACK):
        return True
    return host.split(".")[-2:] == own.split(".")[-2:]


def _holds(outer: Candidate, inner: Candidate) -> bool:
    return outer.frame is inner.frame and inner.selector.startswith(f"{outer.selector} > ")
