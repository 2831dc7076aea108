"""Which link of the flow each finding breaks, and what should have come from there on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from oauth_window_harness.checks.breaks import Break, breaks_of
from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.events import Event
from oauth_window_harness.scenario.links import Link
from tests.journals import (
    FIXTURES,
    FLOW,
    closes,
    flow_of,
    forged_account,
    receives,
    request,
    says,
    shows,
)

GET = request(2.1, "account", connectable_count=1)
CONNECTED = [GET, says(2.5, "Connected"), shows(2.6, "connected")]
FOREIGN = "https://attacker.example"
FORGED = forged_account("forged-foreign-origin", "popup", FOREIGN)


@pytest.mark.parametrize(
    ("scenario", "events", "code", "expected"),
    [
        (
            "account-200",
            [*FLOW, receives(2.0, read="origin data"), closes(2.2)],
            "event-ignored",
            Break("event acted on", missing=("event acted on", "follow-up", "told of success")),
        ),
        (
            "account-200",
            [*FLOW[1:], receives(2.0), closes(2.2)],
            "listener-missing",
            Break("event heard", missing=("event heard", "event acted on", "follow-up", "told of success")),
        ),
        (
            "account-200",
            [*FLOW, receives(2.0, read="origin data"), says(2.1, "Connected"), shows(2.6, "connected")],
            "follow-up-missing",
            Break("follow-up", missing=("follow-up", "told of success")),
        ),
        (
            "account-401",
            [*FLOW, receives(2.0, read="origin data"), request(2.1, "account", status=401)],
            "silent-hang",
            Break("told of failure", missing=("told of failure",)),
        ),
        (
            "start-400",
            [*FLOW[:5], request(1.2, "start", status=400, answer="start-400"), closes(2.2, by_user=True)],
            "silent-hang",
            Break("told of failure", missing=("told of failure",)),
        ),
    ],
)
def test_a_play_that_stopped_lacks_the_links_from_there_on(
    scenario: str, events: Sequence[Event | Sequence[Event]], code: str, expected: Break
) -> None:
    flow = flow_of(scenario, *events)
    assert breaks_of(flow, judge(flow))[code] == expected


@pytest.mark.parametrize(
    ("before", "link", "code"),
    [
        ([*FLOW, receives(2.0, read="origin data")], "follow-up", "follow-up-path-unknown"),
        (FLOW[:5], "start", "start-path-unknown"),
    ],
)
def test_a_request_whose_path_is_of_no_link_broke_the_link_that_it_was_meant_for_where_it_came(
    before: Sequence[Event | Sequence[Event]], link: Link, code: str
) -> None:
    flow = flow_of("account-200", *before, request(2.1, "unknown", status=404, problems=("path-unknown",)))
    broken = breaks_of(flow, judge(flow))[code]
    assert (broken.link, broken.at, broken.missing[0]) == (link, 2.1, link)


def test_a_forgery_that_was_acted_on_is_wrong_where_its_request_came_and_lacks_nothing() -> None:
    forged = {**FIXTURES.event("event-forged").data, "accountId": FORGED}
    flow = flow_of(
        "forged-foreign-origin", *FLOW, receives(1.8, forged, origin=FOREIGN, read="data"),
        request(1.9, "account", account=FORGED), receives(2.0, read="data"), *CONNECTED,
    )  # fmt: skip
    assert breaks_of(flow, judge(flow))["origin-unchecked"] == Break("event acted on", at=1.9)


def test_of_several_forgeries_the_one_that_was_seen_to_be_acted_on_is_wrong() -> None:
    other = forged_account("forged-foreign-origin", "frame", FOREIGN)
    forged = [{**FIXTURES.event("event-forged").data, "accountId": account} for account in (other, FORGED)]
    flow = flow_of(
        "forged-foreign-origin", *FLOW, receives(1.7, forged[0], origin=FOREIGN, read="origin"),
        receives(1.8, forged[1], origin=FOREIGN, read="data"), says(1.85, "Connected"), shows(1.9, "connected"),
    )  # fmt: skip
    (found,) = [found for found in judge(flow) if found.code == "origin-unchecked"]
    assert any(FORGED in line for line in found.evidence)
    assert breaks_of(flow, [found])["origin-unchecked"] == Break("event acted on", at=1.8)


def test_where_a_page_asked_again_after_a_failure_the_follow_up_after_that_is_one_too_many() -> None:
    failed, again = request(2.05, "account", status=500), request(2.9, "account", connectable_count=1)
    flow = flow_of("event-duplicate", *FLOW, receives(2.0, read="data"), failed, *CONNECTED, receives(2.8), again)
    assert breaks_of(flow, judge(flow))["duplicate-acted-on"].at == 2.9


def test_a_second_follow_up_is_what_is_wrong_of_one_connection() -> None:
    again = request(2.9, "account", connectable_count=1)
    flow = flow_of("event-duplicate", *FLOW, receives(2.0, read="data"), *CONNECTED, receives(2.8, read="data"), again)
    assert breaks_of(flow, judge(flow))["duplicate-acted-on"] == Break("event acted on", at=2.9)


def test_success_that_is_shown_after_a_failure_is_wrong_where_the_page_tells_it() -> None:
    refused = request(2.1, "account", status=401)
    flow = flow_of("account-401", *FLOW, receives(2.0, read="data"), refused, says(2.5, "Yes"), shows(2.6, "connected"))
    assert breaks_of(flow, judge(flow))["failure-shown-as-success"].link == "told of failure"


def test_a_spelling_breaks_nothing_in_a_play_with_the_form_that_the_page_heeds() -> None:
    """What is told of it comes from another play of the same scenario."""
    went_well = flow_of("account-200", *FLOW, receives(2.0, read="data"), *CONNECTED)
    assert breaks_of(went_well, [finding("page-underscore-ignored")]) == {}
