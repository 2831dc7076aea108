"""The plays that the stub answers for: those that are played now, one in each slot, and those that have ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.stub.session import Session

#: How many past plays are remembered, so that their late requests can be told apart.
_MAX_PAST_SESSIONS = 50


class CurrentPlays:
    """The current play of each slot, and the past ones.

    Args:
        idle: stands for a play while nothing is played: before the first one and after the last.
        asking: returns the slots whose page waits for its own server.
    """

    def __init__(self, idle: Session, asking: Callable[[], Collection[int | None]] = frozenset) -> None:
        self._idle = idle
        self._asking = asking
        self._current: dict[int, Session] = {}
        self._past_sessions: tuple[Session, ...] = ()
        self._lock = threading.Lock()

    @property
    def all(self) -> tuple[Session, ...]:
        """The current plays."""
        return tuple(self._current.values())

    def begin(self, session: Session) -> None:
        """Answer for this play from now on; it ends the one before it in its slot."""
        with self._lock:
            before = self._current.get(session.play.slot)
            if before is not None:
                # It becomes a past play before the next one begins, so that its requests never count as the next one's.
                self._past_sessions = (*self._past_sessions, before)[-_MAX_PAST_SESSIONS:]
                before.end_signal.set()
            self._current = {**self._current, session.play.slot: session}

    def end(self, slot: int | None = None) -> None:
        """Answer for no play of a slot from now on, by default of none at all, and end the waits of the last one."""
        with self._lock:
            ended = {name: play for name, play in self._current.items() if slot in (None, name)}
            self._current = {name: play for name, play in self._current.items() if name not in ended}
            if slot is not None:
                self._past_sessions = (*self._past_sessions, *ended.values())[-_MAX_PAST_SESSIONS:]
        for play in ended.values():
            play.end_signal.set()

    def of_slot(self, slot: int | None) -> tuple[Session, ...]:
        """Return the plays that may have caused something: that of a slot, or all where the slot is not known."""
        if slot is None:
            return self.all
        return (self._current[slot],) if slot in self._current else ()

    def of(self, slot: int | None, account: str) -> Session:
        """Return the play that caused a request.

        That is the play of its slot, or a past one, if its path ends with an account that only that play has. What the
        app's server asks without an account was caused by the one play whose page waits for that server. Where several
        plays may have caused it, each of them is told so in its journal.
        """
        current, past = self.of_slot(slot), self._past_sessions
        owners = [session for session in current if account in session.accounts]
        owners = owners or [session for session in reversed(past) if account in session.accounts]
        if owners:
            return owners[0]
        if len(current) > 1:
            asking = self._asking()
            current = tuple(session for session in current if session.play.slot in asking) or current
        if len(current) > 1:
            for session in current:
                session.play.journal.add(RequestUnattributed(at=session.clock.now()))
        return current[0] if current else self._idle
