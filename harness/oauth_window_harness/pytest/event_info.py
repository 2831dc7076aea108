"""The event that a block of a test causes, available once the block has ended, as Playwright's `EventInfo` is."""

from __future__ import annotations

from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.captures import CapturedEvent


class EventInfo:
    """What `pytest.window.OAuthWindow.expect_event` yields; the event is filled in at the end of the block."""

    def __init__(self) -> None:
        self._event: CapturedEvent | None = None

    def fill_in(self, event: CapturedEvent) -> None:
        """Set the event."""
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
