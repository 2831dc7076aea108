"""The plays of one world: the accounts of each, and the play that a request belongs to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from oauth_window_harness.journal.play import Play
from oauth_window_harness.stub.world import World
from tests.worlds import ACCOUNT, GOOD, PROSE_PATH, plain_client, requests_of, scenario

NEXT = "658a9b6833b91e0ecb8f3959"
FORGING = {"senders": ["frame", "popup"], "origins": ["https://widget.example", "null"]}


@pytest.fixture
def world() -> Iterator[World]:
    with World() as world:
        yield world


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    """A client of the stub's plain address."""
    with plain_client(world) as client:
        yield client


def accounts(play: Play) -> list[Any]:
    return [event.data["accountId"] for event in play.events()]


def ask(api: httpx.Client, account: str) -> int:
    return api.get(PROSE_PATH.replace(ACCOUNT, account), headers=GOOD).status_code


def test_each_play_can_have_accounts_of_its_own(world: World) -> None:
    plays = [world.begin(scenario(), own_accounts=True) for _ in range(3)]
    assert [accounts(play) for play in plays] == [[ACCOUNT], [NEXT], ["658a9b6833b91e0ecb8f395a"]]
    assert accounts(world.begin(scenario())) == [ACCOUNT]


@pytest.mark.parametrize("name", ["event-reconnect", "event-json-string"])
def test_an_account_is_the_same_wherever_it_stands_in_an_event(world: World, name: str) -> None:
    story = scenario(finish={"posts": [name]})
    (first,), (second,) = [world.begin(story, own_accounts=True).events() for _ in range(2)]
    told = [event.data if isinstance(event.data, str) else json.dumps(event.data) for event in (first, second)]
    before = json.loads(told[0])["accountId"]
    assert told[1] == told[0].replace(before, f"{int(before, 16) + 1:024x}")


def test_an_event_without_an_account_gets_none(world: World) -> None:
    story = scenario(finish={"posts": ["event-without-account-id"]})
    first, second = [world.begin(story, own_accounts=True).events() for _ in range(2)]
    assert first == second


def test_no_forged_account_is_that_of_another_play(world: World) -> None:
    plays = [world.begin(scenario(intruder=FORGING), own_accounts=True) for _ in range(4)]
    forged = [intrusion.account for play in plays for intrusion in play.intrusions()]
    genuine = [account for play in plays for account in accounts(play)]
    assert len({*forged, *genuine}) == len(forged) + len(genuine) == 20
    assert all(
        intrusion.account in str(play.forged_data(intrusion)) for play in plays for intrusion in play.intrusions()
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("tail", ["", "/"])
def test_a_request_that_names_the_account_of_a_past_play_belongs_to_that_play(
    world: World, api: httpx.Client, method: str, tail: str
) -> None:
    ended = world.begin(scenario(answers={"account": "account-401"}), own_accounts=True)
    current = world.begin(scenario(), own_accounts=True)
    late = api.request(method, PROSE_PATH + tail, headers=GOOD)
    own = ask(api, NEXT)
    assert (late.status_code, own) == (401 if method == "GET" else 201, 200)
    assert [request.account for request in requests_of(ended)] == [ACCOUNT]
    assert [request.account for request in requests_of(current)] == [NEXT]


def test_a_request_between_plays_does_not_belong_to_the_next_one(world: World, api: httpx.Client) -> None:
    ended = world.begin(scenario(), own_accounts=True)
    ask(api, ACCOUNT)
    current = world.begin(scenario(), own_accounts=True)
    assert (len(requests_of(ended)), len(requests_of(current))) == (1, 0)


@pytest.mark.parametrize("account", ["undefined", "658a9b6833b91e0ecb834acd"])
def test_a_request_that_names_an_unknown_account_belongs_to_the_current_play(
    world: World, api: httpx.Client, account: str
) -> None:
    world.begin(scenario(), own_accounts=True)
    current = world.begin(scenario(), own_accounts=True)
    assert ask(api, account) == 422
    assert [request.problems for request in requests_of(current)] == [("follow-up-account-mismatch",)]


def test_an_account_that_two_plays_share_belongs_to_the_current_play(world: World, api: httpx.Client) -> None:
    ended, current = world.begin(scenario()), world.begin(scenario())
    assert ask(api, ACCOUNT) == 200
    assert (len(requests_of(ended)), len(requests_of(current))) == (0, 1)
