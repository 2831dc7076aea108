"""The intrusions of a scenario, one by one: which sender posts from which origin, with which forged account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from oauth_window_harness.scenario.model import NULL_ORIGIN, Moment, Scenario, Sender

#: The path of an intruder's document on every host of the stub, beside the stub's other paths of its own.
PATH = "/__harness/intruder"

#: The host that serves sandboxed documents, whose origin is ``null``.
SANDBOX_HOST = "sandboxed.example"


@dataclass(frozen=True)
class Intrusion:
    """One document that posts to the page.

    Attributes:
        number: its number in its document's address, from 0; the forged account is in no address.
        sender: the window or frame from which it posts.
        origin: its origin as the page's listener sees it.
        posts: the names of the event fixtures that it posts.
        when: before the first click, in the flow, or after its end.
        account: the ``accountId`` of its forged events, which nothing else carries.
    """

    number: int
    sender: Sender
    origin: str
    posts: tuple[str, ...]
    when: Moment
    account: str

    @property
    def url(self) -> str:
        """The address of its document."""
        home = f"https://{SANDBOX_HOST}" if self.is_sandboxed else self.origin
        return f"{home}{PATH}?n={self.number}"

    @property
    def is_sandboxed(self) -> bool:
        """Whether its document is sandboxed, so that its origin is ``null``."""
        return self.origin == NULL_ORIGIN


def intrusions(scenario: Scenario) -> tuple[Intrusion, ...]:
    """Return the intrusions of a scenario in their order: all origins of one sender, then those of the next."""
    intruder = scenario.intruder
    if intruder is None:
        return ()
    pairs = [(sender, origin) for sender in intruder.senders for origin in intruder.origins]
    return tuple(
        Intrusion(number, sender, origin, intruder.posts, intruder.when, _account(sender, origin))
        for number, (sender, origin) in enumerate(pairs)
    )


def intruder_hosts(scenario: Scenario) -> set[str]:
    """Return the names of the hosts that serve a scenario's intruders."""
    return {intrusion.url.split("/")[2] for intrusion in intrusions(scenario)}


def _account(sender: str, origin: str) -> str:
    # As long as the service's ids, so that no check of the form can tell it from a genuine one.
    return hashlib.sha256(f"forged {sender} {origin}".encode()).hexdigest()[:24]
