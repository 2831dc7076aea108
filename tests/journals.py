"""Journals written by hand, for tests of the checks: each line makes one event, at a second of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.contract.rules import ORIGIN, account_of
from oauth_window_harness.journal.events import (
    ClosedRead,
    DocumentLoaded,
    Event,
    ListenersChanged,
    MessagePosted,
    MessageRead,
    MessageReceived,
    OutcomeKind,
    OutcomeShown,
    RequestSeen,
    StepTaken,
    TextShown,
    WindowClosed,
    WindowOpenCalled,
    WindowOpened,
)
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import Redacted, Redactor
from oauth_window_harness.resources import bundled
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.intrusion import intrusions

FIXTURES = FixtureSet(bundled("contracts") / "facebook")
EVENT: dict[str, Any] = FIXTURES.event("event").data
ACCOUNT = EVENT["accountId"]
START = "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/start?locationId=l&userId=u"


def text(value: str) -> Redacted:
    """Return text that holds no secret."""
    return Redacted(value)


def clicks(at: float) -> Event:
    return StepTaken(at=at, step="click")


def calls_open(at: float, *, active: bool = True, features: str = "popup", returned: bool = True) -> Event:
    return WindowOpenCalled(
        at=at, window="app", url=text(START), target=text("_blank"), features=text(features), returned=returned,
        active=active,
    )  # fmt: skip


def opens_popup(at: float) -> Event:
    return WindowOpened(at=at, window="popup-1")


def popup_shows(at: float, url: str = "https://www.facebook.com/dialog/oauth", *, has_opener: bool = True) -> Event:
    return DocumentLoaded(at=at, window="popup-1", url=text(url), has_opener=has_opener)


def page_loads(at: float, url: str) -> Event:
    return DocumentLoaded(at=at, window="app", url=text(url), has_opener=False)


def closes(at: float, *, by_user: bool = False) -> Event:
    return WindowClosed(at=at, window="popup-1", by="user" if by_user else "script")


def request(
    at: float,
    endpoint: str,
    *,
    status: int | None = 200,
    problems: tuple[str, ...] = (),
    account: str = ACCOUNT,
    by_page: bool = False,
    connectable_count: int | None = None,
    answer: str = "",
    **headers: str,
) -> RequestSeen:
    path = {"account": f"facebook/accounts/{account}", "unknown": f"facebook/account/{account}"}.get(endpoint, endpoint)
    return RequestSeen(
        at=at,
        answered_at=at + 0.1,
        method="GET",
        url=text(f"https://services.leadconnectorhq.com/social-media-posting/oauth/{path}"),
        headers={name.replace("_", "-"): text(value) for name, value in headers.items()},
        endpoint=endpoint,
        status=status,
        sent_by="page" if by_page else "server",
        account=text(account) if endpoint == "account" else None,
        problems=problems,
        answer=answer,
        connectable_count=connectable_count,
    )


def receives(at: float, data: Any = None, *, origin: str = ORIGIN, other: bool = False, read: str = "") -> list[Event]:
    return [
        MessageReceived(
            at=at, window="app", data=EVENT if data is None else data, origin=text(origin),
            source="other" if other else "popup",
        ),
        MessageRead(at=at + 0.01, window="app", read=tuple(text(name) for name in read.split())),
    ]  # fmt: skip


def posts(at: float, target: str) -> Event:
    return MessagePosted(at=at, window="popup-1", origin=text(ORIGIN), data=EVENT, target_origin=text(target))


def listens(at: float, count: int = 1) -> Event:
    return ListenersChanged(at=at, window="app", count=count)


def says(at: float, words: str) -> Event:
    return TextShown(at=at, window="app", text=text(words))


def shows(at: float, outcome: OutcomeKind, *, visible: bool = True) -> Event:
    return OutcomeShown(at=at, outcome=outcome, visible=visible)


def reads_closed(at: float) -> Event:
    return ClosedRead(at=at, window="app", closed=True)


#: From the load to the finish page: how every successful flow begins.
FLOW: tuple[Event, ...] = (
    listens(0.1),
    says(0.2, "Connect"),
    clicks(1.0),
    calls_open(1.001),
    opens_popup(1.1),
    request(1.2, "start", status=302),
    popup_shows(1.3),
    request(1.5, "finish", answer="finished"),
)


def flow_of(
    scenario: str,
    *events: Event | Sequence[Event],
    knows: bool = True,
    acted_on_elsewhere: frozenset[str] = frozenset(),
    fixtures: FixtureSet = FIXTURES,
) -> Flow:
    """Return the flow of a play of a bundled scenario in which these events happened.

    Args:
        scenario: its name.
        events: events, or lists of them.
        knows: whether ``--connected`` and ``--failed`` are set.
        acted_on_elsewhere: see `Flow`.
        fixtures: those that the stub replays.
    """
    flat = [event for one in events for event in ([one] if isinstance(one, Event) else one)]
    play = Play(catalog.bundled_scenarios()[scenario], fixtures, Journal(), Redactor())
    for event in flat:
        play.journal.add(event)
    return Flow.of_play(play, knows_connected=knows, knows_failed=knows, acted_on_elsewhere=acted_on_elsewhere)


def forged_account(scenario: str, sender: str, origin: str) -> str:
    """Return the account that an intruder of a scenario forges."""
    (intrusion,) = [
        one for one in intrusions(catalog.bundled_scenarios()[scenario]) if (one.sender, one.origin) == (sender, origin)
    ]
    return intrusion.account


def account(name: str) -> str:
    """Return the account of an event fixture."""
    account_id = account_of(FIXTURES.event(name).data)
    assert account_id is not None
    return account_id
