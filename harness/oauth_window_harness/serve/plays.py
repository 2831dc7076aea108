"""The plays of a server, one for each key, so that tests share it and nothing global has to be set back."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable

from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve.requests import Record
from oauth_window_harness.stub.session import Session

#: How many keys are kept; the one that was used longest ago is forgotten first.
KEYS = 1_000
#: How many locations and states lead to a key.
_CLAIMS = 10_000

_KEY = re.compile(r"[A-Za-z0-9._~-]{1,100}")


class Plays:
    """One play for each key, and one for the requests without a key.

    Args:
        make: makes a play of a scenario, as the stub has it, that writes into a journal.
        scenario: what every key begins with.
        keep: how many keys are kept.

    Attributes:
        may_wait: whether any of the scenarios delays an answer.
    """

    def __init__(self, make: Callable[[Scenario, Journal], Session], scenario: Scenario, *, keep: int = KEYS) -> None:
        self.record = Record()
        self._make = make
        self._default = scenario
        self._keep = keep
        self._lock = threading.Lock()
        self._unkeyed = make(scenario, self.record.view(None))
        self._keyed: OrderedDict[str, Session] = OrderedDict()
        self._claims: OrderedDict[str, str] = OrderedDict()
        self.may_wait = False
        self._see_who_waits()

    def of(self, key: str | None) -> Session:
        """Give the play of a key; an unknown key begins with the server's scenario.

        Raises:
            UsageError: the key cannot be one.
        """
        if key is None:
            return self._unkeyed
        if not _KEY.fullmatch(key):
            raise UsageError(
                "a key that cannot be one", seen=key[:100], todo="1 to 100 of A-Z, a-z, 0-9, '.', '_', '~' and '-'"
            )
        with self._lock:
            session = self._keyed.get(key)
            if session is None:
                session = self._keyed[key] = self._make(self._default, self.record.view(key))
                while len(self._keyed) > self._keep:
                    self._keyed.popitem(last=False)[1].ended.set()
            self._keyed.move_to_end(key)
        return session

    def begin(self, key: str | None, scenario: Scenario) -> Session:
        """Play another scenario from now on; windows that are open under the key stay known."""
        before = self.of(key)
        session = self._make(scenario, before.play.journal)
        session.connections.take_over(before.connections)
        with self._lock:
            if key is None:
                self._unkeyed = session
            else:
                self._keyed[key] = session
            self._see_who_waits()
        before.ended.set()
        return session

    def claim(self, names: set[str], key: str) -> None:
        """Let locations and states lead to a key from now on."""
        with self._lock:
            for name in names:
                self._claims[name] = key
                self._claims.move_to_end(name)
            while len(self._claims) > _CLAIMS:
                self._claims.popitem(last=False)

    def claimed(self, names: list[str]) -> str | None:
        """Give the key that the first of these names leads to, or None."""
        with self._lock:
            return next((self._claims[name] for name in names if name in self._claims), None)

    def has_claims(self) -> bool:
        """Tell whether any name leads to a key."""
        return bool(self._claims)

    def end(self) -> None:
        """Let nothing be waited for any more."""
        with self._lock:
            for session in (self._unkeyed, *self._keyed.values()):
                session.ended.set()

    def _see_who_waits(self) -> None:
        self.may_wait = any(session.may_wait for session in (self._unkeyed, *self._keyed.values()))
