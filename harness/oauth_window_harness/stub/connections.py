"""What the stub remembers of OAuth during one play: the connections under way, and the finished ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

#: The most connections that are remembered; a play of `serve` lasts as long as the server.
_MAX_CONNECTIONS = 10_000


@dataclass(frozen=True)
class OAuthConnection:
    """One user's connection, from the start page to the finish page."""

    location: str
    user: str
    page: str
    reconnect: str
    redirect_uri: str

    @property
    def plain_state(self) -> str:
        """The ``state`` of the authorization request: the seven values that integrators reported, joined by commas."""
        return ",".join((self.location, self.user, self.page, self.reconnect, *["undefined"] * 3))


@dataclass
class Connections:
    """The connections of one play, safe to use from any thread."""

    _by_state: dict[str, OAuthConnection] = field(default_factory=dict)
    _finished_locations: set[str] = field(default_factory=set)
    _listed_locations: set[str] = field(default_factory=set)
    _visited_states: set[str] = field(default_factory=set)
    _answer_counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def begin(self, connection: OAuthConnection, *, signed: bool) -> str:
        """Remember a connection that the start page begins, and return its ``state``, signed or plain."""
        state = self._sign(connection.plain_state) if signed else connection.plain_state
        with self._lock:
            self._by_state[state] = connection
            while len(self._by_state) > _MAX_CONNECTIONS:
                del self._by_state[next(iter(self._by_state))]
        return state

    def take_over(self, before: Connections) -> None:
        """Copy the connections of the play before this one, whose windows may still be open."""
        with before._lock:
            self._by_state.update(before._by_state)
            self._finished_locations |= before._finished_locations
            self._visited_states |= before._visited_states

    def of_state(self, state: str) -> OAuthConnection | None:
        """Return the connection of a ``state``, or None if this stub did not issue it."""
        with self._lock:
            return self._by_state.get(state)

    def finish(self, connection: OAuthConnection) -> None:
        """Remember that the connection has reached the finish page."""
        with self._lock:
            self._finished_locations.add(connection.location)
            self._listed_locations.add(connection.location)

    def has_finished(self, location: str) -> bool:
        """Return whether a connection of this location has reached the finish page, or no connection at all has."""
        with self._lock:
            return not self._finished_locations or location in self._finished_locations

    def lists(self, location: str) -> bool:
        """Return whether a connection of this location has reached the finish page in this play."""
        with self._lock:
            return location in self._listed_locations

    def is_first_visit(self, state: str) -> bool:
        """Return whether this is the first request of the finish page with this ``state``."""
        with self._lock:
            first = state not in self._visited_states
            self._visited_states.add(state)
        return first

    def next_answer(self, endpoint: str, answers: Sequence[str]) -> str:
        """Return the next of an endpoint's answers; after the last one, return that one again."""
        with self._lock:
            count = self._answer_counts.get(endpoint, 0)
            self._answer_counts[endpoint] = count + 1
        return answers[min(count, len(answers) - 1)]

    def _sign(self, state: str) -> str:
        body = base64.urlsafe_b64encode(state.encode()).rstrip(b"=")
        seal = base64.urlsafe_b64encode(hmac.digest(self._key, body, hashlib.sha256)).rstrip(b"=")
        return f"{body.decode()}.{seal.decode()}"
