"""The stub beside the flow: the list of accounts, what is not played, and what a preflight asks for."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from oauth_window_harness.journal.play import Play
from oauth_window_harness.stub.world import World
from tests.worlds import ACCOUNT, GOOD, LOCATION, OAUTH, PROSE_PATH, START, Window, plain_client, requests_of, scenario

LIST = f"/social-media-posting/{LOCATION}/accounts"


@pytest.fixture
def world() -> Iterator[World]:
    with World((scenario(),)) as world:
        yield world


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    with plain_client(world) as client:
        yield client


def connect(api: httpx.Client) -> None:
    Window(api).connect()


def test_the_list_is_empty_before_and_has_the_account_afterwards(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    before = api.get(LIST, headers=GOOD).json()["results"]["accounts"]
    connect(api)
    (listed,) = api.get(LIST, headers=GOOD).json()["results"]["accounts"]
    assert before == []
    assert (listed["oauthId"], listed["platform"], listed["isExpired"]) == (ACCOUNT, "facebook", False)
    seen = [one for one in requests_of(play) if one.endpoint == "accounts"]
    assert [(one.connectable_count, one.problems) for one in seen] == [(0, ()), (1, ())]


@pytest.mark.parametrize(
    ("answers", "status", "count"),
    [
        ({"account": "account-401"}, 401, None),
        ({"account": "account-422"}, 422, None),
        ({"account": "account-200-no-pages"}, 200, 0),
        ({"accounts": "accounts-200-expired"}, 200, 0),
        ({"account": "account-401", "accounts": "accounts-200"}, 200, 1),
    ],
)
def test_the_list_fails_as_the_account_get_does_once_the_finish_page_was_reached(
    world: World, api: httpx.Client, answers: dict[str, str], status: int, count: int | None
) -> None:
    play = world.begin(scenario(answers=answers))
    assert api.get(LIST, headers=GOOD).status_code == 200
    connect(api)
    assert api.get(LIST, headers=GOOD).status_code == status
    assert requests_of(play)[-1].connectable_count == count


def test_the_list_wants_its_headers(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    assert api.get(LIST).status_code == 401
    assert requests_of(play)[0].problems == ("version-missing", "authorization-missing")
    assert api.get(LIST, headers={**GOOD, "Prefer": "code=422"}).status_code == 422


def test_a_token_id_stands_for_an_authorization(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    answer = api.get(PROSE_PATH, headers={"Version": "2021-07-28", "token-id": "eyJhbGciOiJub25lIn0.e30.y"})
    (seen,) = requests_of(play)
    assert (answer.status_code, seen.problems) == (200, ("authorization-undocumented",))
    assert seen.headers["token-id"] == "<redacted>"
    assert api.get(PROSE_PATH, headers={"Version": "2021-07-28", "token-id": "undefined"}).status_code == 401


def test_a_preflight_is_allowed_whatever_it_asks_for(world: World, api: httpx.Client) -> None:
    world.begin(scenario())
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "token-id,channel,source"}
    answer = api.options(PROSE_PATH, headers={"Origin": "https://app.test", **asked})
    assert answer.headers["access-control-allow-headers"].endswith("token-id,channel,source")
    assert "PATCH" in answer.headers["access-control-allow-methods"]


def is_told(play: Play) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.endpoint, one.problems) for one in requests_of(play)]


@pytest.mark.parametrize("platform", ["instagram", "google", "youtube"])
def test_another_platform_s_start_leads_to_a_page_that_says_so(world: World, api: httpx.Client, platform: str) -> None:
    play = world.begin(scenario())
    answer = api.get(START.replace("facebook", platform))
    assert answer.status_code == 302
    notice = api.get(answer.headers["location"])
    assert f"{platform}: not played here" in notice.text
    assert is_told(play) == [("other-start", ("not-played-here",)), ("notice", ())]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/integrations/oauth/start", 302),
        ("POST", f"{OAUTH}/start", 404),
        ("GET", "/social-media-posting/accounts?locationId=x", 404),
        ("GET", "/contacts/?locationId=x", 404),
        ("GET", f"{OAUTH}/instagram/accounts/658a9b6833b91e0ecb8f0000", 200),
        ("GET", f"{OAUTH}/{LOCATION}/instagram/accounts/658a9b6833b91e0ecb8f0000", 200),
        ("POST", f"{OAUTH}/{LOCATION}/instagram/accounts/658a9b6833b91e0ecb8f0000", 404),
        ("GET", f"{OAUTH}/{LOCATION}/google/locations/658a9b6833b91e0ecb8f0000", 200),
        ("POST", f"{OAUTH}/{LOCATION}/google/locations/658a9b6833b91e0ecb8f0000", 404),
    ],
)
def test_what_is_not_played_is_no_misspelling(
    world: World, api: httpx.Client, method: str, path: str, status: int
) -> None:
    play = world.begin(scenario())
    assert api.request(method, path, headers=GOOD).status_code == status
    assert is_told(play)[0][1] == ("not-played-here",)


@pytest.mark.parametrize(
    "path",
    [
        f"{OAUTH}/facebook/begin",
        f"{OAUTH}/facebok/start",
        f"{OAUTH}/{LOCATION}/facebook/account/658a9b6833b91e0ecb8f0000",
        f"/accounts/{ACCOUNT}",
        f"{OAUTH}/instagram/accounts/{ACCOUNT}",
        f"{OAUTH}/{LOCATION}/google/locations/{ACCOUNT}",
    ],
)
def test_a_misspelling_stays_one(world: World, api: httpx.Client, path: str) -> None:
    play = world.begin(scenario())
    assert api.get(path, headers=GOOD).status_code == 404
    assert is_told(play)[0][1] != ("not-played-here",)


def test_the_users_of_a_location_are_answered(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    answer = api.get("/users/", params={"locationId": LOCATION}, headers=GOOD)
    assert answer.json()["users"][0]["id"]
    assert is_told(play) == [("users", ())]


def test_a_location_s_own_data_are_answered(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    assert api.get(f"/locations/{LOCATION}", headers=GOOD).json()["location"]["id"] == LOCATION
    assert api.get(f"/locations/{LOCATION}").status_code == 401
    assert is_told(play) == [("location", ()), ("location", ())]


def test_the_token_that_is_answered_is_one_that_is_accepted(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario())
    answer = api.post("/oauth/token", data={"grant_type": "refresh_token", "refresh_token": "x"}).json()
    headers = {**GOOD, "Authorization": f"{answer['token_type']} {answer['access_token']}"}
    assert api.get(PROSE_PATH, headers=headers).status_code == 200
    assert is_told(play) == [("token", ()), ("account", ())]


def test_after_a_cancel_the_finish_page_posts_what_the_scenario_names(world: World, api: httpx.Client) -> None:
    posted = []
    for finish in ({}, {"posts": ["event-without-account-id"]}):
        world.begin(scenario(user=("click", "cancel"), finish=finish))
        window = Window(api)
        window.to_dialog()
        window.follow()
        window.press("consent-cancel")
        window.follow()
        posted.append(len(window.page.finish["posts"]))
    assert posted == [0, 1]
