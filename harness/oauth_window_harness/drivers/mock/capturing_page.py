"""An opener that captures the event, and leaves to somebody else what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.page import PageWindow
from oauth_window_harness.journal.events import Source

SERVICE = f"https://{rules.LEADCONNECTOR}"


@dataclass(frozen=True)
class CapturedEvent:
    """A message that reached the page.

    Attributes:
        data: what was posted: an object, or a string where it came as JSON.
        origin: of the document that posted it.
        source: whether a window that the page opened posted it, or somebody else.
    """

    data: Any
    origin: str
    source: Source

    @property
    def fields(self) -> Mapping[str, Any]:
        """Its fields, whether the data is an object or a JSON string; empty where it is neither."""
        return rules.fields_of(self.data)

    @property
    def account_id(self) -> str | None:
        """Its ``accountId``, or None where it names no account."""
        return rules.account_of(self.data)

    @property
    def is_genuine(self) -> bool:
        """Whether it says what the service's event says, and comes from the service, out of the page's own window."""
        mine = self.origin == SERVICE and self.source == "popup"
        return mine and self.fields.get("actionType") == "close"


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
        address = f"{SERVICE}/social-media-posting/oauth/facebook/start?{self._query}"
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
