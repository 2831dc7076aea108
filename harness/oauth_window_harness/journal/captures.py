"""What a test gets from a play: the account, the event, and the account GET."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.journal.events import MessageReceived, RequestSeen, Source
from oauth_window_harness.journal.play import Play


@dataclass(frozen=True)
class Account:
    """The account that the service knows.

    Attributes:
        id: the ``accountId`` that the scenario's event carries.
        pages: what the account GET lists, as the contract's fixture has it.
    """

    id: str
    pages: Sequence[Mapping[str, Any]]

    @classmethod
    def of_play(cls, play: Play) -> Account:
        """Return the account of the scenario's first event that names one, or else of the documented event."""
        accounts = [rules.account_of(event.data) for event in [*play.events(), play.fixtures.event("event")]]
        body = play.fixtures.exchange(play.scenario.answers.account[-1]).response.body
        results = body.get("results") if isinstance(body, dict) else None
        pages = results.get("pages", ()) if isinstance(results, dict) else ()
        return cls(next(account for account in accounts if account is not None), tuple(pages))


@dataclass(frozen=True)
class CapturedEvent:
    """A message that reached the page under test.

    Attributes:
        data: the data that was posted: an object, or a string if it was posted as JSON.
        origin: the origin of the document that posted it.
        source: ``popup`` if a window that the page opened posted it, else ``other``.

    Example:
        with MockBrowser() as browser:
            event = browser.connect("event-json-string")
        assert event.account_id == event.fields["accountId"]
    """

    data: Any
    origin: str
    source: Source

    @classmethod
    def of(cls, message: MessageReceived) -> CapturedEvent:
        """Return the captured event of a message in the journal."""
        return cls(message.data, message.origin, message.source)

    @property
    def fields(self) -> Mapping[str, Any]:
        """Its fields, whether the data is an object or a JSON string; empty if it is neither."""
        return rules.fields_of(self.data)

    @property
    def account_id(self) -> str | None:
        """Its ``accountId``, or None if it names no account."""
        return rules.account_of(self.data)

    @property
    def page(self) -> str | None:
        """Its ``page``, in the spelling that was posted."""
        return self.fields.get("page")

    @property
    def is_genuine(self) -> bool:
        """Whether it is the service's event: a ``close``, from the service's origin and the page's own window."""
        is_from_service = self.origin == rules.ORIGIN and self.source == "popup"
        return is_from_service and self.fields.get("actionType") == "close"


@dataclass(frozen=True)
class FollowUp:
    """The account GET that followed the event.

    Attributes:
        status: the status of its answer; None if the connection was ended instead.
        headers: the headers that the journal keeps, by lower-case name, without credentials.
        account_id: the account that its path names, or None.
        sent_by: ``page`` or ``server``.
        problems: the codes of its violations of the documented contract.
    """

    status: int | None
    method: str
    url: str
    headers: Mapping[str, str]
    account_id: str | None
    sent_by: str
    problems: tuple[str, ...]

    @classmethod
    def of(cls, made: RequestSeen) -> FollowUp:
        """Return the follow-up of a request in the journal."""
        return cls(made.status, made.method, made.url, made.headers, made.account, made.sent_by, made.problems)
