"""What the stub remembers of OAuth while one scenario is played: the windows under way, and those that came through."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

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
class Connections:
    """The connections of one play, safe to use from any thread."""

    _by_state: dict[str, Connection] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _visited: set[str] = field(default_factory=set)
    _answered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def begin(self, connection: Connection, *, signed: bool) -> str:
        """Remember a connection that start has begun, and return its ``state``, signed or plain."""
        state = self._signed(connection.plain_state) if signed else connection.plain_state
        with self._lock:
            self._by_state[state] = connection
            while len(self._by_state) > _KEPT:
                del self._by_state[next(iter(self._by_state))]
        return state

    def take_over(self, before: Connections) -> None:
        """Know the windows that are open in the play before this one."""
        with before._lock:
            self._by_state.update(before._by_state)
            self._finished |= before._finished
            self._visited |= before._visited

    def of_state(self, state: str) -> Connection | None:
        """Return the connection of a ``state``, or None where this stub issued no such state."""
        with self._lock:
            return self._by_state.get(state)

    def finish(self, connection: Connection) -> None:
        """Remember that the connection has reached the finish page."""
        with self._lock:
            self._finished.add(connection.location)

    def has_finished(self, location: str) -> bool:
        """Return whether a connection of this location has reached the finish page, or none of any location has."""
        with self._lock:
            return not self._finished or location in self._finished

    def is_first_visit(self, state: str) -> bool:
        """Return whether the finish page is asked for the first time with this ``state``."""
        with self._lock:
            first = state not in self._visited
            self._visited.add(state)
        return first

    def next_answer(self, answers: Sequence[str]) -> str:
        """Return the next of the answers to the account GET; the last of them again and again."""
        with self._lock:
            name = answers[min(self._answered, len(answers) - 1)]
            self._answered += 1
        return name

    def _signed(self, state: str) -> str:
        body = base64.urlsafe_b64encode(state.encode()).rstrip(b"=")
        seal = base64.urlsafe_b64encode(hmac.digest(self._key, body, hashlib.sha256)).rstrip(b"=")
        return f"{body.decode()}.{seal.decode()}"
