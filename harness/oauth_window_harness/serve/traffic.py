"""How many requests are being answered at the moment."""

from __future__ import annotations

import threading


class Traffic:
    """Counts the requests that have come and not yet got their answers."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @property
    def count(self) -> int:
        """How many are being answered."""
        return self._count

    def enter(self) -> None:
        """Count a request that has come."""
        with self._changed:
            self._count += 1

    def leave(self) -> None:
        """Count a request whose answer has been handed to the network."""
        with self._changed:
            self._count -= 1
            if not self._count:
                self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        """Wait until none is being answered; tell whether that was so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)
