"""How a page may learn of a connection without the event: from the list of accounts, or from an account GET."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from oauth_window_harness.checks.evidence import is_wrong
from oauth_window_harness.checks.flow_events import FlowEvents
from oauth_window_harness.journal.events import RequestSeen


def list_verdict(flow: FlowEvents) -> RequestSeen | None:
    """Return the first list of accounts after the finish page that says what came of the connection, or None.

    That is one with an account, or one that failed or is no list; an empty list says that nothing has come yet.
    """
    says = (made for made in lists_since_finish(flow) if made.connectable_count != 0 or made.problems)
    return next(says, None)


def lists_since_finish(flow: FlowEvents) -> list[RequestSeen]:
    """Return the requests for the list of accounts since the finish page was asked for."""
    finished = min((made.at for made in flow.finishes), default=float("inf"))
    return [made for made in flow.lists if made.at > finished]


def is_told_by_list(flow: FlowEvents, at: float) -> bool:
    """Return whether, at a moment, the list of accounts had told the page what the event tells: it needs none now."""
    return _names_account(lists_since_finish(flow), at)


def is_listed(flow: FlowEvents, at: float = float("inf")) -> bool:
    """Return whether the list of accounts has told the page, by a moment, that the account is connected."""
    return _names_account(flow.lists, at)


def offers_nothing(flow: FlowEvents) -> bool:
    """Return whether an account GET was answered with nothing that the user could connect."""
    return any(not made.connectable_count for made in flow.follow_ups)


def is_known(flow: FlowEvents, at: float) -> bool:
    """Return whether, at a moment, the service had told the page that an account is connected."""
    answers = [made for made in [*flow.lists, *flow.follow_ups] if made.status == HTTPStatus.OK and not is_wrong(made)]
    return _names_account(answers, at)


def _names_account(answers: Iterable[RequestSeen], at: float) -> bool:
    return any(made.connectable_count and made.answered_at <= at for made in answers)


def asks_again(flow: FlowEvents, after: float) -> bool:
    """Return whether the page went on to ask for the list after a moment: it has not given up yet."""
    return any(made.at > after for made in flow.lists)
