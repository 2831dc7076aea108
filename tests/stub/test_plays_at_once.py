"""Several plays at once in one world: what each request, each refusal and each event belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from oauth_window_harness.journal.events import RequestRefused, RequestSeen
from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.journal.play import Play
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World
from tests.worlds import GOOD, LOCATION, OAUTH, SERVICE, proxied_client, scenario

ACCOUNT_GET = SERVICE + OAUTH + f"/{LOCATION}/facebook/accounts/{{}}"
LIST = f"{SERVICE}/social-media-posting/{LOCATION}/accounts"


def begin(world: World, slot: int, account: str) -> Play:
    return world.begin(scenario(answers={"account": account}), own_accounts=True, slot=slot)


def account_of(play: Play) -> str:
    data = play.events()[0].data
    assert isinstance(data["accountId"], str)
    return data["accountId"]


def get(gateway: str, world: World, url: str) -> int:
    with proxied_client(world, gateway) as client:
        return client.get(url, headers=GOOD).status_code


def seen(play: Play) -> list[int | None]:
    return [request.status for request in play.journal.of(RequestSeen)]


@pytest.fixture
def world() -> Iterator[World]:
    with World([scenario()], StubRules(requires_connection=False)) as made:
        yield made


@pytest.fixture
def plays(world: World) -> list[Play]:
    return [begin(world, 0, "account-401"), begin(world, 1, "account-422")]


def test_a_request_of_a_page_belongs_to_the_play_whose_gateway_it_took(world: World, plays: list[Play]) -> None:
    for slot, status in ((1, 200), (0, 200)):
        assert get(world.page_gateway_url(slot), world, LIST) == status
        assert seen(plays[slot]) == [status]
    assert [len(play.journal.of(RequestUnattributed)) for play in plays] == [0, 0]


def test_a_request_of_the_shared_server_belongs_to_the_play_whose_account_it_names(
    world: World, plays: list[Play]
) -> None:
    assert get(world.server_gateway_url, world, ACCOUNT_GET.format(account_of(plays[1]))) == 422
    assert get(world.server_gateway_url, world, ACCOUNT_GET.format(account_of(plays[0]))) == 401
    assert [seen(play) for play in plays] == [[401], [422]]
    assert [len(play.journal.of(RequestUnattributed)) for play in plays] == [0, 0]


def test_a_request_of_the_shared_server_that_names_no_account_is_told_to_every_play(
    world: World, plays: list[Play]
) -> None:
    get(world.server_gateway_url, world, LIST)
    assert [len(play.journal.of(RequestUnattributed)) for play in plays] == [1, 1]


def test_a_server_that_serves_one_play_alone_needs_no_account(world: World, plays: list[Play]) -> None:
    get(world.slot_gateway_url(1), world, LIST)
    assert [seen(play) for play in plays] == [[], [200]]
    assert [len(play.journal.of(RequestUnattributed)) for play in plays] == [0, 0]


def test_a_host_that_is_refused_stands_in_the_journal_of_the_page_that_asked_for_it(
    world: World, plays: list[Play]
) -> None:
    with pytest.raises(httpx.ProxyError):
        get(world.page_gateway_url(1), world, "https://cdn.example/")
    assert [len(play.journal.of(RequestRefused)) for play in plays] == [0, 1]


def test_a_play_that_has_ended_shares_nothing_with_those_that_go_on(world: World, plays: list[Play]) -> None:
    world.end(0)
    get(world.server_gateway_url, world, LIST)
    assert (seen(plays[0]), seen(plays[1])) == ([], [200])
    assert plays[1].journal.of(RequestUnattributed) == []


def test_a_late_request_of_an_ended_play_is_answered_as_that_play_answers(world: World, plays: list[Play]) -> None:
    world.end(0)
    assert get(world.server_gateway_url, world, ACCOUNT_GET.format(account_of(plays[0]))) == 401
    assert (seen(plays[0]), seen(plays[1])) == ([401], [])
