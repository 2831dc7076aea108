"""One play of a scenario: the scenario, the events that it posts, and the journal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import EventFixture, FixtureSet
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario.intrusion import Intrusion, intrusions
from oauth_window_harness.scenario.links import is_about_form
from oauth_window_harness.scenario.model import Scenario

#: The form of the service's ids.
_ID = re.compile("[0-9a-f]{24}")


@dataclass(frozen=True)
class Play:
    """One play of a scenario, as drivers and checks need it.

    Attributes:
        number: what is added to the accounts of the fixtures, so that a late request of another play is recognised by
            its account; 0 leaves them as they are.
        slot: which of the plays at once it is; its page has a gateway of its own.
        form: the event fixture whose form the page heeds, where the scenario is not about another; None leaves each
            event in its own.
    """

    scenario: Scenario
    fixtures: FixtureSet
    journal: Journal
    redactor: Redactor
    number: int = 0
    slot: int = 0
    form: str | None = None

    @property
    def clock(self) -> Clock:
        """The clock of its journal."""
        return self.journal.clock

    def event(self, name: str) -> EventFixture:
        """Return an event of the contract as it is posted in this play."""
        fixture = self.fixtures.event(name)
        data = self._with_own_account(self._in_form(fixture.data))
        return fixture if data == fixture.data else fixture.model_copy(update={"data": data})

    def events(self) -> list[EventFixture]:
        """Return the events that the finish page posts."""
        return list(self._posted)

    @cached_property
    def _posted(self) -> list[EventFixture]:
        return [self.event(name) for name in self.scenario.finish.posts]

    def intrusions(self) -> tuple[Intrusion, ...]:
        """Return the scenario's intrusions, each with a forged account of its own."""
        return self._intrusions

    @cached_property
    def _intrusions(self) -> tuple[Intrusion, ...]:
        return tuple(replace(one, account=self._offset(one.account)) for one in intrusions(self.scenario))

    def forged_data(self, intrusion: Intrusion) -> list[Any]:
        """Return the data that an intruder posts, with its forged account filled in."""
        data = [self.fixtures.event(name).data for name in intrusion.posts]
        # Most intruders post a forgery in each form already.
        data = [self._in_form(one) for one in data] if len(data) == 1 else data
        return [_fill_account(one, intrusion.account) for one in data]

    def _in_form(self, data: Any) -> Any:
        """Return an event's data in the form that the page heeds; what is no event of the service stays as it is."""
        fields = rules.fields_of(data)
        if self.form is None or is_about_form(self.scenario) or fields.get("page") not in rules.PAGES:
            return data
        heeded, plain = self.fixtures.event(self.form).data, self.fixtures.event("event").data
        further = {name: value for name, value in heeded.items() if name not in plain}
        # What an event leaves out or has in another way is what its scenario is about.
        own = {name: heeded.get(name, value) if value == plain.get(name) else value for name, value in fields.items()}
        changed = {**own, **further, "page": heeded["page"]}
        return json.dumps(changed) if isinstance(data, str) else changed

    def _with_own_account(self, data: Any) -> Any:
        """Return an event's data with the fixture's account replaced by this play's, wherever it occurs."""
        account = rules.account_of(data) if self.number else None
        return data if account is None else _replace(data, account, self._offset(account))

    def _offset(self, account: str) -> str:
        if not _ID.fullmatch(account):
            return account
        return f"{(int(account, 16) + self.number) % 16**24:024x}"


def _replace(data: Any, before: str, after: str) -> Any:
    if isinstance(data, str):
        return data.replace(before, after)
    if isinstance(data, dict):
        return {name: _replace(value, before, after) for name, value in data.items()}
    if isinstance(data, list):
        return [_replace(value, before, after) for value in data]
    return data


def _fill_account(data: Any, account: str) -> Any:
    """Return an intruder's data with ``{forged}`` replaced by its account, in an object or in its JSON."""
    if isinstance(data, str):
        return data.replace("{forged}", account)
    if isinstance(data, dict) and isinstance(data.get("accountId"), str):
        return {**data, "accountId": data["accountId"].replace("{forged}", account)}
    return data
