"""What the stub knows while one scenario is played: the story, the journal, and the connections under way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import EventFixture, FixtureSet
from oauth_window_harness.contract.rules import ANYTHING, Accepted
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario.intrusion import Intrusion, intrusions
from oauth_window_harness.scenario.model import Scenario

#: How many windows are known at most; a play of `serve` lives for as long as the server.
_KEPT = 10_000


@dataclass(frozen=True)
class Connection:
    """One user's way through the window, from start to finish."""

    location: str
    user: str
    page: str
    reconnect: str
    redirect_uri: str

    @property
    def plain_state(self) -> str:
        """The ``state`` of the authorization request, in the seven values that integrators reported."""
        return ",".join((self.location, self.user, self.page, self.reconnect, *["undefined"] * 3))


@dataclass
class Play:
    """One scenario being played.

    Attributes:
        strict: whether start demands its documented headers of browser navigations as well.
        bound: whether the account GET must name a location for which a connection was finished.
        latency: how long the account GET takes at least, in seconds.
        ended: set when nothing of this play is waited for any more.
    """

    scenario: Scenario
    fixtures: FixtureSet
    journal: Journal
    redactor: Redactor
    accepted: Accepted = ANYTHING
    strict: bool = False
    bound: bool = True
    latency: float = 0
    ended: threading.Event = field(default_factory=threading.Event)
    _connections: dict[str, Connection] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _visited: set[str] = field(default_factory=set)
    _answered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def clock(self) -> Clock:
        """The clock of its journal."""
        return self.journal.clock

    def begin(self, connection: Connection) -> str:
        """Remember a connection that start has begun, and give its ``state``."""
        state = connection.plain_state
        if self.scenario.provider.state == "signed":
            state = self._signed(state)
        with self._lock:
            self._connections[state] = connection
            while len(self._connections) > _KEPT:
                del self._connections[next(iter(self._connections))]
        return state

    def take_over(self, before: Play) -> None:
        """Know the windows that are open in the play before this one."""
        with before._lock:
            self._connections.update(before._connections)
            self._finished |= before._finished
            self._visited |= before._visited

    def connection(self, state: str) -> Connection | None:
        """Give the connection of a ``state``, or None where this stub issued no such state."""
        with self._lock:
            return self._connections.get(state)

    def finish(self, connection: Connection) -> None:
        """Remember that the connection has reached the finish page."""
        with self._lock:
            self._finished.add(connection.location)

    def first_visit(self, state: str) -> bool:
        """Tell whether the finish page is asked for the first time with this ``state``."""
        with self._lock:
            first = state not in self._visited
            self._visited.add(state)
        return first

    # --- the events -----------------------------------------------------------------------------------------------

    def events(self) -> list[EventFixture]:
        """Give the events that the finish page posts."""
        return [self.fixtures.event(name) for name in self.scenario.finish.posts]

    def intrusions(self) -> tuple[Intrusion, ...]:
        """Give what intruders do."""
        return intrusions(self.scenario)

    def forged(self, intrusion: Intrusion) -> list[Any]:
        """Give the data that an intruder posts, with its forged account filled in."""
        return [_filled(self.fixtures.event(name).data, intrusion.account) for name in intrusion.posts]

    # --- the API --------------------------------------------------------------------------------------------------

    def next_account_answer(self) -> str:
        """Give the name of the fixture that answers this account GET."""
        answers = self.scenario.answers.account
        with self._lock:
            name = answers[min(self._answered, len(answers) - 1)]
            self._answered += 1
        return name

    def knows_location(self, location: str) -> bool:
        """Tell whether an account GET may name this location."""
        if self.accepted.location is not None:
            return location == self.accepted.location
        with self._lock:
            return not self.bound or not self._finished or location in self._finished

    def knows_account(self, account: str) -> bool:
        """Tell whether any event of this play, forged ones included, or of the contract carries this ``accountId``."""
        told = [event.data for event in [*self.events(), self.fixtures.event("event")]]
        told += [data for intrusion in self.intrusions() for data in self.forged(intrusion)]
        return account in {rules.account_of(data) for data in told}

    def _signed(self, state: str) -> str:
        body = base64.urlsafe_b64encode(state.encode()).rstrip(b"=")
        seal = base64.urlsafe_b64encode(hmac.digest(self._key, body, hashlib.sha256)).rstrip(b"=")
        return f"{body.decode()}.{seal.decode()}"


def _filled(data: Any, account: str) -> Any:
    """Give an intruder's data with its account in the place of ``{forged}``, in an object or in its JSON."""
    if isinstance(data, str):
        return data.replace("{forged}", account)
    if isinstance(data, dict) and isinstance(data.get("accountId"), str):
        return {**data, "accountId": data["accountId"].replace("{forged}", account)}
    return data
