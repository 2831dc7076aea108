"""What is asked over and over fills no journal, and can still be seen to go on."""

from __future__ import annotations

import pytest

from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.thinning import Thinning
from tests.journals import request, says


def kept(*events: Event) -> list[Event]:
    journal = Journal(thinning=Thinning())
    for event in events:
        journal.add(event)
    return journal.entries()


def test_a_list_that_is_asked_a_thousand_times_a_second_is_kept_some_times_a_second() -> None:
    asked = [request(at / 1000, "accounts", connectable_count=0) for at in range(10_000)]
    entries = kept(*asked)
    assert entries[:100] == asked[:100]
    assert 150 < len(entries) < 250
    assert entries[-1].at > 9.8


@pytest.mark.parametrize(
    "other",
    [
        says(0.5, "Connected"),
        request(0.5, "account"),
        request(0.5, "accounts", status=401),
        request(0.5, "accounts", answer="accounts-200"),
        request(0.5, "accounts", by_page=True),
    ],
)
def test_what_differs_is_kept_among_many_that_are_alike(other: Event) -> None:
    asked = [request(at / 1000, "accounts") for at in range(500)]
    assert other in kept(*asked, other)


def test_all_is_kept_where_requests_are_not_many() -> None:
    asked = [request(at / 1000, "account") for at in range(100)]
    assert kept(*asked) == asked


def test_nothing_is_thinned_out_where_nobody_asks_for_it() -> None:
    journal = Journal()
    for at in range(500):
        journal.add(request(at / 1000, "accounts"))
    assert len(journal.entries()) == 500
