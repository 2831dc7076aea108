"""What intruders do in a scenario, one by one: which sender posts from which origin, with which forged account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from oauth_window_harness.scenario.model import NULL_ORIGIN, Moment, Scenario, Sender

#: Where the stub serves an intruder's document, on whatever host; the rest of the stub's own paths stand beside it.
PATH = "/__harness/intruder"

#: The host that serves sandboxed documents, whose origin is ``null``.
SANDBOX_HOST = "sandboxed.example"


@dataclass(frozen=True)
class Intrusion:
    """One document that posts to the page.

    Attributes:
        number: by which its document's address names it, from 0; the forged account does not stand in an address.
        sender: from where it posts.
        origin: as the page's listener sees it.
        posts: the event fixtures that it posts.
        when: before the first click, in the flow, or after its end.
        account: the ``accountId`` that its forged events carry, and nothing else does.
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
        home = f"https://{SANDBOX_HOST}" if self.sandboxed else self.origin
        return f"{home}{PATH}?n={self.number}"

    @property
    def sandboxed(self) -> bool:
        """Whether its document is sandboxed, so that its origin is ``null``."""
        return self.origin == NULL_ORIGIN


def intrusions(scenario: Scenario) -> tuple[Intrusion, ...]:
    """Return the intrusions of a scenario, in the order in which they are tried: all origins from one sender first."""
    intruder = scenario.intruder
    if intruder is None:
        return ()
    pairs = [(sender, origin) for sender in intruder.senders for origin in intruder.origins]
    return tuple(
        Intrusion(number, sender, origin, intruder.posts, intruder.when, _account(sender, origin))
        for number, (sender, origin) in enumerate(pairs)
    )


def hosts(scenario: Scenario) -> set[str]:
    """Return the names of the hosts that serve a scenario's intruders."""
    return {intrusion.url.split("/")[2] for intrusion in intrusions(scenario)}


def _account(sender: str, origin: str) -> str:
    # As long as the ids of the service, so that no check of its form tells it from a genuine one.
    return hashlib.sha256(f"forged {sender} {origin}".encode()).hexdigest()[:24]
