"""An opener that captures the event, and leaves to somebody else what comes of it."""

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
        messages: all that came, forgeries included, in order.
    """

    def __init__(self, location: str, user: str) -> None:
        self._query = urlencode({"locationId": location, "userId": user, "page": "integration"})
        self._opened: list[WindowReference] = []
        self.messages: list[CapturedEvent] = []

    def begin(self, window: PageWindow) -> None:
        """Listen."""
        self.window = window
        window.listen()

    def click(self) -> None:
        """Open the window, unless it is there already."""
        if self._opened and not self._opened[-1].closed:
            return
        address = f"{rules.ORIGIN}/social-media-posting/oauth/facebook/start?{self._query}"
        opened = self.window.open(address, "_blank", "popup,width=600,height=700")
        if opened is not None:
            self._opened.append(opened)

    def hear(self, message: Message) -> None:
        """Keep what came, and act on what is genuine."""
        event = CapturedEvent(message.plain, message.origin, "popup" if message.source in self._opened else "other")
        self.messages.append(event)
        if event.is_genuine:
            self.take(event)

    def take(self, event: CapturedEvent) -> None:
        """Act on a genuine event; here nothing is done with it."""
