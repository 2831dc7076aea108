"""One play as the stub sees it: the rules by which it answers, and what it remembers of the windows."""

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
    """The rules by which the stub answers, whichever scenario is played.

    Attributes:
        accepted: the token, location and user that the stub accepts.
        strict: whether start demands its documented headers of browser navigations as well.
        requires_connection: whether an account GET must name the location of a finished connection; False where tests
            share one world.
        latency: the least time that an account GET takes, in seconds.
        proxied: whether the pages reach the service by its production names, through the gateway: then a server that
            asks for start at the stub's plain address is redirected to those names, as its page opens what it is given.
        fixtures: the contract fixtures to replay; the bundled ones by default.
        secrets: further texts that may reach no report; short ones are ignored, for they may be words.
    """

    accepted: AcceptedValues = ANYTHING
    strict: bool = False
    requires_connection: bool = True
    latency: float = 0
    proxied: bool = False
    fixtures: FixtureSet = field(default_factory=contracts)
    secrets: tuple[str, ...] = ()

    def redactor(self) -> Redactor:
        """Return a redactor that knows the accepted token, and the further secrets."""
        redactor = Redactor([self.accepted.token] if self.accepted.token else [])
        for secret in self.secrets:
            redactor.learn(secret)
        return redactor


@dataclass
class Session:
    """The stub's side of one play of a scenario.

    Attributes:
        end_signal: set when the play has ended, so that no answer of it waits any longer.
        begun_at: the moment at which it took the place of another play of the same key; 0 if it took none.
    """

    play: Play
    rules: StubRules = field(default_factory=StubRules)
    connections: Connections = field(default_factory=Connections)
    end_signal: threading.Event = field(default_factory=threading.Event)
    begun_at: float = 0.0

    @property
    def scenario(self) -> Scenario:
        """The scenario that is played."""
        return self.play.scenario

    @property
    def fixtures(self) -> FixtureSet:
        """The contract fixtures to replay."""
        return self.play.fixtures

    @property
    def clock(self) -> Clock:
        """The clock of the play's journal."""
        return self.play.clock

    @property
    def may_wait(self) -> bool:
        """Whether any answer may be delayed."""
        return bool(self.rules.latency or self.scenario.answers.delay)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """Every ``accountId`` in this play's events, forged ones included, and in the contract's event."""
        events = [*self.play.events(), self.play.event("event")]
        payloads = [event.data for event in events]
        payloads += [data for intrusion in self.play.intrusions() for data in self.play.forged_data(intrusion)]
        return frozenset(account for data in payloads if (account := rules.account_of(data)) is not None)

    @cached_property
    def connected_account(self) -> str:
        """The account that the window connects: that of the first event that names one, else the contract's."""
        events = [*self.play.events(), self.play.event("event")]
        own = [
            event.data for event in events if rules.fields_of(event.data).get("platform") in (None, *rules.PLATFORMS)
        ]
        return next((account for data in own if (account := rules.account_of(data)) is not None), "")

    def knows_location(self, location: str) -> bool:
        """Return whether an account GET may name this location."""
        if rules.is_no_id(location):
            return False
        if self.rules.accepted.location is not None:
            return location == self.rules.accepted.location
        return not self.rules.requires_connection or self.connections.has_finished(location)
