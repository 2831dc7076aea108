"""What the stub knows while one scenario is played: the story, the journal, and the connections under way."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from harness.contract import ANYTHING, Accepted
from harness.fixture import EventFixture, FixtureSet
from harness.journal import Journal
from harness.redact import Redactor
from harness.scenario import Scenario


@dataclass(frozen=True)
class Connection:
    """One user's way through the window, from start to finish."""

    location: str
    user: str
    page: str
    reconnect: str
    redirect_uri: str

    @property
    def state(self) -> str:
        """The ``state`` of the authorization request, in the seven values that integrators reported."""
        return ",".join((self.location, self.user, self.page, self.reconnect, *["undefined"] * 3))


@dataclass
class Play:
    """One scenario being played.

    Attributes:
        strict: whether start demands its documented headers of browser navigations as well.
        bound: whether the account GET must name a location for which a connection was finished.
    """

    scenario: Scenario
    fixtures: FixtureSet
    journal: Journal
    redactor: Redactor
    accepted: Accepted = ANYTHING
    strict: bool = False
    bound: bool = True
    _connections: dict[str, Connection] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _answered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, connection: Connection) -> str:
        """Remember a connection that start has begun, and give its ``state``."""
        with self._lock:
            self._connections[connection.state] = connection
        return connection.state

    def connection(self, state: str) -> Connection | None:
        """Give the connection of a ``state``, or None where this stub issued no such state."""
        with self._lock:
            return self._connections.get(state)

    def finish(self, connection: Connection) -> None:
        """Remember that the connection has reached the finish page."""
        with self._lock:
            self._finished.add(connection.location)

    def events(self) -> list[EventFixture]:
        """Give the events that the finish page posts."""
        return [self.fixtures.event(name) for name in self.scenario.finish.posts]

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
        """Tell whether any event of this play, or of the contract, carries this ``accountId``."""
        return account in {carried(event) for event in [*self.events(), self.fixtures.event("event")]}


def carried(event: EventFixture) -> str | None:
    """Give the ``accountId`` of an event, or None."""
    value = event.data.get("accountId") if isinstance(event.data, dict) else None
    return value if isinstance(value, str) else None
