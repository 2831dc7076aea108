"""What a test is given of its OAuth window: the account, the event, the account GET."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.events import MessageReceived, RequestSeen
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
        """Give the account of the scenario's first event that names one, or else that of the documented event."""
        told = [rules.account_of(event.data) for event in [*play.events(), play.event("event")]]
        body = play.fixtures.exchange(play.scenario.answers.account[-1]).response.body
        results = body.get("results") if isinstance(body, dict) else None
        pages = results.get("pages", ()) if isinstance(results, dict) else ()
        return cls(next(account for account in told if account is not None), tuple(pages))


@dataclass(frozen=True)
class CaughtEvent:
    """An event of the service's that the page under test received.

    Attributes:
        data: as it was posted: an object, or a JSON string.
        origin: of its sender.
    """

    data: Any
    origin: str

    @classmethod
    def of(cls, message: MessageReceived) -> CaughtEvent:
        """Give a message of the journal as a test sees it."""
        return cls(message.data, message.origin)

    @property
    def account_id(self) -> str | None:
        """Its ``accountId``, or None where it names none."""
        return rules.account_of(self.data)

    @property
    def page(self) -> str | None:
        """Its ``page``, in the spelling in which it came."""
        return rules.fields_of(self.data).get("page")


class Caught:
    """What `pytest.window.OAuthWindow.expect_event` catches."""

    def __init__(self) -> None:
        self._event: CaughtEvent | None = None

    def catch(self, event: CaughtEvent) -> None:
        """Hold the event."""
        self._event = event

    @property
    def value(self) -> CaughtEvent:
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
        """Give a request of the journal as a test sees it."""
        return cls(made.status, made.method, made.url, made.headers, made.account, made.sent_by, made.problems)
