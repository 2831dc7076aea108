"""The number of requests that are being answered."""

from __future__ import annotations

import threading


class RequestsInFlight:
    """Counts the requests that have come and are not answered yet."""

    def __init__(self) -> None:
        self._count = 0
        self._condition = threading.Condition()

    @property
    def count(self) -> int:
        """The number of requests that are being answered."""
        return self._count

    def enter(self) -> None:
        """Count a request that has come."""
        with self._condition:
            self._count += 1

    def leave(self) -> None:
        """Count a request whose answer has been handed to the network."""
        with self._condition:
            self._count -= 1
            if not self._count:
                self._condition.notify_all()

    def drain(self, seconds: float) -> bool:
        """Wait until no request is being answered, and return whether that happened within the seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count == 0, seconds)
