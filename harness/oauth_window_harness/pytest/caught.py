"""The event that a block of a test waits for, until it has come."""

from __future__ import annotations

from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.captures import CapturedEvent


class Caught:
    """What `pytest.window.OAuthWindow.expect_event` catches."""

    def __init__(self) -> None:
        self._event: CapturedEvent | None = None

    def catch(self, event: CapturedEvent) -> None:
        """Hold the event."""
        self._event = event

    @property
    def value(self) -> CapturedEvent:
        """The event.

        Raises:
            UsageError: the block has not ended yet.
        """
        if self._event is None:
            raise UsageError(
                "the event is waited for at the end of the block",
                where="expect_event()",
                todo="click inside the `with` block, and read `.value` after it",
            )
        return self._event
