"""The plays of a server, one for each key, so that tests can share a server without resetting anything."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable

from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve.requests import RequestJournal
from oauth_window_harness.stub.session import Session

#: The most keys that are kept; the least recently used one is forgotten first.
MAX_KEYS = 1_000
#: The most locations and states that are remembered as belonging to a key.
_MAX_CLAIMS = 10_000

_KEY = re.compile(r"[A-Za-z0-9._~-]{1,100}")


class Plays:
    """One play for each key, and one for the requests without a key.

    Args:
        make: makes the stub's side of a play, from its scenario and its journal.
        scenario: the scenario that every key begins with.
        keep: the most keys that are kept.
        redactor: the redactor of the plays that ``make`` makes.

    Attributes:
        may_wait: whether any of the current scenarios delays an answer.
        request_journal: the requests of all keys.
    """

    def __init__(
        self,
        make: Callable[[Scenario, Journal], Session],
        scenario: Scenario,
        *,
        keep: int = MAX_KEYS,
        redactor: Redactor | None = None,
    ) -> None:
        self.request_journal = RequestJournal(redactor=redactor)
        self._make = make
        self._default = scenario
        self._keep = keep
        self._lock = threading.Lock()
        self._without_key = make(scenario, self.request_journal.journal_of(None))
        self._by_key: OrderedDict[str, Session] = OrderedDict()
        self._claims: OrderedDict[str, str] = OrderedDict()
        self.may_wait = False
        self._update_may_wait()

    def of(self, key: str | None) -> Session:
        """Return the play of a key; a new key begins with the server's scenario.

        Raises:
            UsageError: the key is invalid.
        """
        if key is None:
            return self._without_key
        if not _KEY.fullmatch(key):
            raise UsageError(
                "the key is invalid", seen=key[:100], todo="use 1 to 100 of A-Z, a-z, 0-9, '.', '_', '~' and '-'"
            )
        with self._lock:
            session = self._by_key.get(key)
            if session is None:
                session = self._by_key[key] = self._make(self._default, self.request_journal.journal_of(key))
                while len(self._by_key) > self._keep:
                    self._by_key.popitem(last=False)[1].end_signal.set()
            self._by_key.move_to_end(key)
        return session

    def begin(self, key: str | None, scenario: Scenario) -> Session:
        """Begin a play of another scenario under a key; connections that are under way stay known."""
        before = self.of(key)
        session = self._make(scenario, before.play.journal)
        session.connections.take_over(before.connections)
        session.begun_at = session.clock.now()
        with self._lock:
            if key is None:
                self._without_key = session
            else:
                self._by_key[key] = session
            self._update_may_wait()
        before.end_signal.set()
        return session

    def new_session(self, journal: Journal) -> Session:
        """Return the stub's side of a new play that belongs to no key, for an answer that is the same in each."""
        return self._make(self._default, journal)

    def claim(self, names: set[str], key: str) -> None:
        """Remember that locations and states belong to a key."""
        with self._lock:
            for name in names:
                self._claims[name] = key
                self._claims.move_to_end(name)
            while len(self._claims) > _MAX_CLAIMS:
                self._claims.popitem(last=False)

    def key_of(self, names: list[str]) -> str | None:
        """Return the key that the first known of these locations and states belongs to, or None."""
        with self._lock:
            return next((self._claims[name] for name in names if name in self._claims), None)

    def has_claims(self) -> bool:
        """Return whether any location or state belongs to a key."""
        return bool(self._claims)

    def end(self) -> None:
        """End the waits of all plays."""
        with self._lock:
            for session in (self._without_key, *self._by_key.values()):
                session.end_signal.set()

    def _update_may_wait(self) -> None:
        self.may_wait = any(session.may_wait for session in (self._without_key, *self._by_key.values()))
