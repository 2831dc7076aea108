"""An opener that hands the event to the backend under test, as a page does whose backend makes the follow-up."""

from __future__ import annotations

from http import HTTPStatus

from oauth_window_harness.drivers.mock.capturing_page import CapturingPage
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.journal.captures import CapturedEvent
from oauth_window_harness.journal.events import OutcomeKind

_GOOD = range(200, 300)
_SHOWN = 200


class DeliveringPage(CapturingPage):
    """Posts the first genuine event to the backend, once, and shows its user what that answers.

    A 2xx says that the account is connected, any other status that it is not. 202 says neither: the backend has taken
    the event, and goes on by itself (RFC 9110 §15.3.3).

    Args:
        location: the sub-account that is connected.
        user: the HighLevel user who connects it.
        url: where the backend takes the event.
    """

    def __init__(self, location: str, user: str, url: str) -> None:
        super().__init__(location, user)
        self._url = url
        self._taken = False

    def take(self, event: CapturedEvent) -> None:
        """Deliver the event as JSON."""
        if self._taken:
            return
        self._taken = True
        self.window.show("The event is being delivered.")
        self.window.fetch("POST", self._url, self._answered, json=event.data)

    def _answered(self, answer: HttpAnswer) -> None:
        self.window.delivered(self._url, answer.status)
        if answer.status is None:
            return  # nothing that a page could show its user
        said = " ".join(answer.text.split())[:_SHOWN]
        text = f"{self._url} answered {answer.status}: {said}"
        self.window.show(text, _outcome(answer))


def _outcome(answer: HttpAnswer) -> OutcomeKind | None:
    if answer.status == HTTPStatus.ACCEPTED:
        return None
    return "connected" if answer.status in _GOOD else "failed"
