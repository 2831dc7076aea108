"""One scenario being played: the story, the events that it posts, and where what happens is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oauth_window_harness.contract.fixture import EventFixture, FixtureSet
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario.intrusion import Intrusion, intrusions
from oauth_window_harness.scenario.model import Scenario


@dataclass(frozen=True)
class Play:
    """One scenario being played: what drivers and checks need of it."""

    scenario: Scenario
    fixtures: FixtureSet
    journal: Journal
    redactor: Redactor

    @property
    def clock(self) -> Clock:
        """The clock of its journal."""
        return self.journal.clock

    def event(self, name: str) -> EventFixture:
        """Return an event of the contract as it is posted in this play."""
        return self.fixtures.event(name)

    def events(self) -> list[EventFixture]:
        """Return the events that the finish page posts."""
        return [self.event(name) for name in self.scenario.finish.posts]

    def intrusions(self) -> tuple[Intrusion, ...]:
        """Return what intruders do."""
        return intrusions(self.scenario)

    def forged(self, intrusion: Intrusion) -> list[Any]:
        """Return the data that an intruder posts, with its forged account filled in."""
        return [_filled(self.fixtures.event(name).data, intrusion.account) for name in intrusion.posts]


def _filled(data: Any, account: str) -> Any:
    """Return an intruder's data with its account in the place of ``{forged}``, in an object or in its JSON."""
    if isinstance(data, str):
        return data.replace("{forged}", account)
    if isinstance(data, dict) and isinstance(data.get("accountId"), str):
        return {**data, "accountId": data["accountId"].replace("{forged}", account)}
    return data
