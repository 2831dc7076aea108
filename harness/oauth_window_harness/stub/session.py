"""One play as the stub has it: by which rules it answers, and what it remembers of the windows."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import FixtureSet, contracts
from oauth_window_harness.contract.rules import ANYTHING, AcceptedValues
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.connections import Connections


@dataclass(frozen=True)
class StubRules:
    """By which rules the stub answers, whatever is played.

    Attributes:
        accepted: the token, the location and the user that it accepts.
        strict: whether start demands its documented headers of browser navigations as well.
        bound: whether an account GET must name the location of a connection that was finished; off where tests share
            one world.
        latency: how long the account GET takes at least, in seconds.
        fixtures: what is replayed; the bundled ones, where nothing is named.
    """

    accepted: AcceptedValues = ANYTHING
    strict: bool = False
    bound: bool = True
    latency: float = 0
    fixtures: FixtureSet = field(default_factory=contracts)

    def redactor(self) -> Redactor:
        """Return a redactor that knows the accepted token."""
        return Redactor([self.accepted.token] if self.accepted.token else [])


@dataclass
class Session:
    """What is asked of the stub while one scenario is played.

    Attributes:
        ended: set when nothing of this play is waited for any more.
    """

    play: Play
    rules: StubRules = field(default_factory=StubRules)
    connections: Connections = field(default_factory=Connections)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def scenario(self) -> Scenario:
        """The story."""
        return self.play.scenario

    @property
    def fixtures(self) -> FixtureSet:
        """What is replayed."""
        return self.play.fixtures

    @property
    def clock(self) -> Clock:
        """The clock of its journal."""
        return self.play.clock

    @property
    def may_wait(self) -> bool:
        """Whether any answer takes its time."""
        return bool(self.rules.latency or self.scenario.answers.delay)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """Every ``accountId`` of this play's events, forged ones included, and of the contract's."""
        events = [*self.play.events(), self.play.event("event")]
        told = [event.data for event in events]
        told += [data for intrusion in self.play.intrusions() for data in self.play.forged_data(intrusion)]
        return frozenset(account for data in told if (account := rules.account_of(data)) is not None)

    def knows_location(self, location: str) -> bool:
        """Return whether an account GET may name this location."""
        if self.rules.accepted.location is not None:
            return location == self.rules.accepted.location
        return not self.rules.bound or self.connections.has_finished(location)
