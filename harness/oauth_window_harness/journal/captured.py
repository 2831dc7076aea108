"""What a test receives of a play: the account, the event, the account GET."""

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
        """Return the account of the scenario's first event that names one, or else that of the documented event."""
        told = [rules.account_of(event.data) for event in [*play.events(), play.fixtures.event("event")]]
        body = play.fixtures.exchange(play.scenario.answers.account[-1]).response.body
        results = body.get("results") if isinstance(body, dict) else None
        pages = results.get("pages", ()) if isinstance(results, dict) else ()
        return cls(next(account for account in told if account is not None), tuple(pages))


@dataclass(frozen=True)
class CapturedEvent:
    """A message that reached the page under test.

    Attributes:
        data: what was posted: an object, or a string where it came as JSON.
        origin: of the document that posted it.
        source: whether a window that the page opened posted it, or somebody else.

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
        """Return a message of the journal as a test sees it."""
        return cls(message.data, message.origin, message.source)

    @property
    def fields(self) -> Mapping[str, Any]:
        """Its fields, whether the data is an object or a JSON string; empty where it is neither."""
        return rules.fields_of(self.data)

    @property
    def account_id(self) -> str | None:
        """Its ``accountId``, or None where it names no account."""
        return rules.account_of(self.data)

    @property
    def page(self) -> str | None:
        """Its ``page``, in the spelling in which it came."""
        return self.fields.get("page")

    @property
    def is_genuine(self) -> bool:
        """Whether it says what the service's event says, and comes from the service, out of the page's own window."""
        mine = self.origin == rules.ORIGIN and self.source == "popup"
        return mine and self.fields.get("actionType") == "close"


@dataclass(frozen=True)
class FollowUp:
    """The account GET that followed the event.

    Attributes:
        status: what it was answered with; None where the connection was ended instead.
        headers: those that the journal keeps, in lower case, without credentials.
        account_id: the account that its path names.
        sent_by: ``page`` or ``server``.
        problems: the codes of what is wrong with it, by the documented contract.
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
        """Return a request of the journal as a test sees it."""
        return cls(made.status, made.method, made.url, made.headers, made.account, made.sent_by, made.problems)
