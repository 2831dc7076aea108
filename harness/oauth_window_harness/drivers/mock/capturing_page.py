"""A page that opens the window and keeps the messages that it posts; what to do with them is the caller's decision."""

from __future__ import annotations

from urllib.parse import urlencode

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.page import PageWindow
from oauth_window_harness.journal.captures import CapturedEvent


class CapturingPage:
    """See `drivers.mock.page.Page`.

    Args:
        location: the sub-account that is connected.
        user: the HighLevel user who connects it.

    Attributes:
        messages: every message that was received, forgeries included, in order.
    """

    def __init__(self, location: str, user: str) -> None:
        self._query = urlencode({"locationId": location, "userId": user, "page": "integration"})
        self._windows: list[WindowReference] = []
        self.messages: list[CapturedEvent] = []

    def begin(self, window: PageWindow) -> None:
        """Start to listen for messages."""
        self.window = window
        window.listen()

    def click(self) -> None:
        """Open the window, unless it is open already."""
        if self._windows and not self._windows[-1].closed:
            return
        address = f"{rules.ORIGIN}/social-media-posting/oauth/facebook/start?{self._query}"
        opened = self.window.open(address, "_blank", "popup,width=600,height=700")
        if opened is not None:
            self._windows.append(opened)

    def receive(self, message: Message) -> None:
        """Keep the message, and act on it if it is a genuine event."""
        event = CapturedEvent(
            message.plain_data, message.origin, "popup" if message.source in self._windows else "other"
        )
        self.messages.append(event)
        if event.is_genuine:
            self.take(event)

    def take(self, event: CapturedEvent) -> None:
        """Act on a genuine event: do nothing here; subclasses may."""
