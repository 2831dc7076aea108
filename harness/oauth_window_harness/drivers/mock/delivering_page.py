"""A page that posts the event to the backend under test, as a page does whose backend makes the follow-up."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.mock.capturing_page import CapturingPage
from oauth_window_harness.drivers.mock.delivery_body import DeliveryBody
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.journal.captures import CapturedEvent
from oauth_window_harness.journal.events import OutcomeKind

_SUCCESS = range(200, 300)
#: As much of an answer as is shown, in characters.
_LONGEST = 200


class DeliveringPage(CapturingPage):
    """Posts the first genuine event to the backend, once, and shows its user the answer.

    A 2xx status means connected, any other status means not connected. 202 means neither: the backend has accepted the
    event and processes it later (RFC 9110 §15.3.3).

    Args:
        location: the sub-account that is connected.
        user: the HighLevel user who connects it.
        url: the address at which the backend accepts the event.
        body: what is posted there; by default the event's data as JSON.
    """

    def __init__(self, location: str, user: str, url: str, body: DeliveryBody | None = None) -> None:
        super().__init__(location, user)
        self._url = url
        self._body = body
        self._window_ids = {"locationId": location, "userId": user}
        self._is_delivered = False

    def take(self, event: CapturedEvent) -> None:
        """Post the event to the backend, as JSON or in the body that it expects."""
        if self._is_delivered:
            return
        self._is_delivered = True
        self.window.show("The event is being delivered.")
        self.window.fetch("POST", self._url, self._on_answer, json=self._body_of(event))

    def _body_of(self, event: CapturedEvent) -> Any:
        if self._body is None:
            return event.data
        return self._body.filled({**self._window_ids, **rules.fields_of(event.data)})

    def _on_answer(self, answer: HttpAnswer) -> None:
        self.window.report_delivery(self._url, answer.status)
        if answer.status is None:
            return  # no response came, so there is nothing to show
        body = " ".join(answer.text.split())[:_LONGEST]
        text = f"{self._url} answered {answer.status}: {body}"
        self.window.show(text, _outcome(answer))


def _outcome(answer: HttpAnswer) -> OutcomeKind | None:
    if answer.status == HTTPStatus.ACCEPTED:
        return None
    return "connected" if answer.status in _SUCCESS else "failed"
