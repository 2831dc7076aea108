"""A connection that is learnt from the list of accounts, without the event: what is right then, and what is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.journal.events import DialogShown, Event, RequestSeen
from oauth_window_harness.journal.page_events import ControlsShown
from tests.journals import (
    EVENT,
    FIXTURES,
    FLOW,
    closes,
    flow_of,
    forged_account,
    listens,
    popup_shows,
    reads_closed,
    receives,
    request,
    says,
    shows,
    text,
)

#: The flow of a page that never listens.
DEAF: tuple[Event, ...] = FLOW[1:]
CUT: tuple[Event, ...] = (*DEAF[:5], popup_shows(1.3, has_opener=False), DEAF[6])


def lists(at: float, count: int = 1, status: int = 200) -> Event:
    return request(at, "accounts", status=status, connectable_count=count if status == 200 else None)


def codes(scenario: str, *events: Event | Sequence[Event]) -> list[str]:
    return [found.code for found in judge(flow_of(scenario, *events))]


def asks_itself(at: float, *dialogs: str) -> Event:
    return ControlsShown(at=at, window="app", controls=(), dialogs=tuple(map(text, dialogs)))


def asks(at: float) -> Event:
    return DialogShown(at=at, window="app", kind="confirm", message=text("Done?"))


NAMELESS = receives(2.0, FIXTURES.event("event-without-account-id").data)
CONNECTED = [says(3.5, "Connected"), shows(3.5, "connected")]
SORRY = [says(3.5, "Sorry"), shows(3.5, "failed")]


@pytest.mark.parametrize(
    ("scenario", "events"),
    [
        ("account-200", [DEAF, receives(2.0), closes(2.1), lists(2.5, 0), lists(3.2), CONNECTED]),
        ("account-401", [DEAF, receives(2.0), closes(2.1), lists(3.2, status=401), SORRY]),
        ("event-none", [DEAF, closes(2.1), lists(3.2), CONNECTED]),
        ("event-without-account-id", [DEAF, receives(2.0), closes(2.1), lists(3.2), CONNECTED]),
        ("event-without-account-id", [FLOW, NAMELESS, closes(2.1), lists(3.2), request(3.4, "account"), CONNECTED]),
        ("accounts-listed", [DEAF, closes(2.1), lists(3.2), CONNECTED]),
        ("coop-provider-same-origin", [CUT, says(1.6, "Out of sight"), lists(3.2), CONNECTED]),
        ("accounts-listed-opener-cut", [CUT, lists(3.2), CONNECTED]),
        # A page that listens only must tell its user something, and nothing else.
        ("accounts-listed", [FLOW, closes(2.1), SORRY]),
        # The event leads to the list instead of the account GET.
        ("account-200", [FLOW, receives(2.0), lists(3.2), CONNECTED]),
        ("account-200-no-pages", [FLOW, receives(2.0), says(2.1, "Refreshing"), lists(2.2, 0), closes(2.6), SORRY]),
        # It has learnt by the list before a slow event comes, and listens no longer.
        ("event-slow", [FLOW, lists(2.0), CONNECTED, listens(2.2, 0), receives(3.5)]),
        # It knows the way by the list, or asks its user, in a dialog of the browser's or of its own.
        ("accounts-listed-opener-cut", [listens(0.1), lists(0.2, 0), CUT, says(1.9, "Out of sight")]),
        (
            "accounts-listed-opener-cut",
            [listens(0.1), CUT, asks_itself(1.0), asks_itself(1.8, "Done?"), says(1.9, "Out of sight")],
        ),
        ("accounts-listed-opener-cut", [listens(0.1), CUT, asks(1.8), says(1.9, "Out of sight")]),
    ],
)
def test_a_page_that_learns_by_the_list_is_accused_of_nothing(
    scenario: str, events: Sequence[Event | list[Event]]
) -> None:
    assert codes(scenario, *events) == []


@pytest.mark.parametrize(
    ("scenario", "events", "code"),
    [
        ("account-200", [DEAF, receives(2.0), closes(2.1), lists(3.2)], "silent-hang"),
        ("account-200", [DEAF, receives(2.0), closes(2.1), lists(3.2), says(3.5, "Hm")], "connected-not-shown"),
        ("account-200", [DEAF, receives(2.0), closes(2.1), lists(1.0, 0)], "listener-missing"),
        ("accounts-listed", [DEAF, closes(2.1), lists(3.2), says(3.5, "Hm")], "connected-not-shown"),
        # It says connected on its own word, before the list could say so.
        ("event-none", [DEAF, closes(2.1), says(2.5, "Connected"), shows(2.5, "connected"), lists(3.2)],
         "failure-shown-as-success"),
        ("accounts-listed", [FLOW, closes(2.1), says(2.5, "Connected"), shows(2.5, "connected")],
         "failure-shown-as-success"),
        ("accounts-listed-opener-cut", [listens(0.1), CUT, says(1.8, "Out of sight")], "no-way-without-opener"),
        # A dialog that was open before the opener was cut asks nothing about that.
        ("accounts-listed-opener-cut",
         [listens(0.1), asks_itself(1.05, "Wait"), CUT, asks_itself(1.8, "Wait"), says(1.8, "Out of sight")],
         "no-way-without-opener"),
        ("account-200-no-pages", [FLOW, receives(2.0), says(2.1, "Refreshing"), lists(2.2, 0)], "silent-hang"),
        ("account-200-no-pages", [FLOW, receives(2.0), lists(2.2, 0), CONNECTED], "empty-list-shown-as-connected"),
    ],
)  # fmt: skip
def test_what_is_wrong_all_the_same_is_told(scenario: str, events: Sequence[Event | list[Event]], code: str) -> None:
    assert codes(scenario, *events)[:1] == [code]


def test_a_follow_up_that_is_missing_names_the_dialog_that_came_before_it() -> None:
    (found,) = judge(flow_of("account-200", FLOW, receives(2.0), says(2.1, "Reading"), asks(2.2)))
    assert found.code == "follow-up-missing"
    assert "a dialog of the page came after the event: 'confirm: Done?'" in found.evidence


GIVEN_UP = [says(1.5, "Sorry"), shows(1.5, "failed")]


@pytest.mark.parametrize(
    ("events", "is_told"),
    [
        ([receives(1.4, {"a": 1}, read="data"), GIVEN_UP, receives(2.0)], True),
        ([receives(1.4, {"a": 1}, read="data"), GIVEN_UP, receives(2.0, read="data")], False),
        ([receives(1.4, {"a": 1}), GIVEN_UP, receives(2.0)], False),  # it never looked at the message
        ([receives(1.4, {"a": 1}, read="data"), reads_closed(1.45), GIVEN_UP, receives(2.0)], False),
        ([receives(1.4, {"a": 1}, read="data"), GIVEN_UP, receives(2.0), request(2.2, "account"), CONNECTED], False),
    ],
)
def test_a_page_that_gives_up_upon_any_message_has_not_checked_it(
    events: Sequence[Event | list[Event]], *, is_told: bool
) -> None:
    assert ("message-unchecked" in codes("event-noise", FLOW, *events)) is is_told


@pytest.mark.parametrize(
    ("read", "of_event", "elsewhere", "code"),
    [
        ("origin source data", "", True, "message-unchecked"),
        # It never looked at the message, or went on, or nobody knows whether it acts on any event.
        ("origin", "", True, "event-ignored"),
        ("origin source data", "data", True, "event-ignored"),
        ("origin source data", "", False, "event-ignored"),
    ],
)
def test_a_page_that_gives_up_over_forgeries_that_it_refuses_has_not_passed_them_over(
    read: str, of_event: str, *, elsewhere: bool, code: str
) -> None:
    foreign = "https://attacker.example"
    data = {**EVENT, "accountId": forged_account("forged-foreign-origin", "frame", foreign)}
    forgeries = [receives(at, data, origin=foreign, other=True, read=read) for at in (1.4, 1.42)]
    known = frozenset({"event-page-hyphen"} if elsewhere else ())
    events = [*forgeries[0], *forgeries[1], says(1.45, "Sorry"), *receives(2.0, read=of_event)]
    found = judge(flow_of("forged-foreign-origin", FLOW, events, knows=False, acted_on_elsewhere=known))
    assert [one.code for one in found][:1] == [code]


def test_a_page_that_still_polls_is_not_accused_of_silence() -> None:
    assert codes("account-401", DEAF, closes(2.1), lists(3.2, status=401), lists(4.2, status=401)) == []


def test_a_token_id_is_a_warning_and_no_missing_authorization() -> None:
    made = request(2.1, "account", problems=("authorization-undocumented",), by_page=True, token_id="x")
    found = judge(flow_of("account-200", FLOW, receives(2.0), made, CONNECTED))
    assert [(one.code, one.severity) for one in found] == [
        ("authorization-undocumented", "warning"),
        ("token-in-browser", "warning"),
    ]


def test_what_is_not_played_is_told_with_the_nearest_route_and_accuses_nobody() -> None:
    other = RequestSeen(
        at=0.5, answered_at=0.6, method="POST",
        url=text("https://services.leadconnectorhq.com/x"), headers={}, endpoint="unknown",
        status=404, sent_by="server", problems=("not-played-here",), nearest="/a/route",
    )  # fmt: skip
    (found,) = judge(flow_of("account-200", other, FLOW, receives(2.0), request(2.1, "account"), CONNECTED))
    assert (found.code, found.severity) == ("not-played-here", "info")
    assert found.evidence[0].endswith("the nearest route is /a/route")


@pytest.mark.parametrize(
    ("scenario", "events", "waits"),
    [
        ("accounts-listed-opener-cut", [CUT, says(1.6, "Out of sight")], False),
        # It asked too early, and may ask again: then its user is still waiting.
        ("accounts-listed-opener-cut", [CUT, says(1.6, "Out of sight"), lists(1.4, 0)], True),
        ("accounts-listed-opener-cut", [CUT, says(1.6, "Out of sight"), lists(1.4, 0), lists(3.2)], True),
        ("accounts-listed-opener-cut", [CUT, says(1.6, "Out of sight"), lists(1.4, 0), lists(3.2), CONNECTED], False),
        # Where the story is another, the first word is enough.
        ("coop-provider-same-origin", [CUT, says(1.6, "Out of sight"), lists(1.4, 0)], False),
    ],
)
def test_a_user_who_leaves_the_window_open_waits_for_the_list_where_the_page_asks_for_it(
    scenario: str, events: Sequence[Event | list[Event]], waits: bool
) -> None:
    finished = popup_shows(1.4, "https://services.leadconnectorhq.com/social-media-posting/oauth/finish")
    assert flow_of(scenario, *events, finished).user_waits_no_longer() is not waits
