"""The stub as LeadConnector: start, finish, the account GET and POST, and what the journal records about them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from oauth_window_harness.contract.rules import AcceptedValues
from oauth_window_harness.journal.play import Play
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World
from tests.worlds import (
    ACCOUNT,
    FACEBOOK,
    FINISH,
    GOOD,
    LOCATED_PATH,
    LOCATION,
    NAVIGATION,
    OAUTH,
    PROSE_PATH,
    SCOPES,
    SERVICE,
    START,
    USER,
    Window,
    plain_client,
    proxied_client,
    requests_of,
    scenario,
    start_query,
)

UNAUTHORIZED = "Invalid token: access token is invalid"
ANOTHER_LOCATION = LOCATED_PATH.replace(LOCATION, "anotherLocation00001")
PRIVATE = "pit-0d7c1b2a-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJlLW9mLWl0"
#: A token that has the shape of no secret, and letters that an address must escape.
NAMED = "hush/hush+hush~hush=="
STATE = f"{LOCATION},{USER},integration,true,undefined,undefined,undefined"


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    """A world that accepts anything well-formed."""
    with World((scenario(),)) as world:
        yield world


@pytest.fixture(scope="module")
def running_with_token() -> Iterator[World]:
    """A world that accepts one token only."""
    with World((scenario(),), StubRules(accepted=AcceptedValues(token=NAMED))) as world:
        yield world


@pytest.fixture
def play(running: World) -> Play:
    """A scenario and a journal of the test's own."""
    return running.begin(scenario())


@pytest.fixture
def world(running: World, play: Play) -> World:
    """The running world, in which the test's own play is under way."""
    return running


@pytest.fixture
def token_play(running_with_token: World) -> Play:
    """A scenario and a journal of the test's own, where `NAMED` only is accepted."""
    return running_with_token.begin(scenario())


@pytest.fixture
def token_world(running_with_token: World, token_play: Play) -> World:
    """The running world that accepts `NAMED` only, in which the test's own play is under way."""
    return running_with_token


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    """A client of the stub's plain address."""
    with plain_client(world) as client:
        yield client


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


def shown(play: Play) -> str:
    """Return the whole journal as text."""
    return repr([dataclasses.asdict(event) for event in play.journal.entries()])


# start


@pytest.mark.parametrize("production", [True, False], ids=["production", "plain"])
def test_start_redirects_to_the_dialog_at_the_address_of_facebook_that_fits_the_request(
    world: World, production: bool
) -> None:
    with proxied_client(world) if production else plain_client(world) as client:
        answer = client.get((SERVICE if production else "") + START, params=start_query(), headers=NAVIGATION)
    service = SERVICE if production else world.stub_url
    facebook = FACEBOOK if production else f"http://facebook.localhost:{httpx.URL(world.stub_url).port}"
    assert (answer.status_code, answer.text) == (302, "")
    assert answer.headers["location"] == (
        f"{facebook}/dialog/oauth?response_type=code&client_id=1000000000000001&redirect_uri={service}{FINISH}"
        f"&scope={','.join(SCOPES)}&state={STATE}"
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, STATE),
        ({"page": None, "reconnect": None}, f"{LOCATION},{USER}" + ",undefined" * 5),
        ({"page": "a b&c=d#e"}, f"{LOCATION},{USER},a b&c=d#e,true,undefined,undefined,undefined"),
        ({"page": "Caf\u00e9 {facebook}"}, f"{LOCATION},{USER},Caf\u00e9 {{facebook}},true" + ",undefined" * 3),
    ],
    ids=["documented", "required-only", "reserved-characters", "no-placeholder"],
)
def test_the_state_has_the_seven_values_that_integrators_saw(
    api: httpx.Client, changes: dict[str, str | None], state: str
) -> None:
    location = Window(api).to_dialog(**changes)
    assert location.params["state"] == state
    assert list(location.params) == ["response_type", "client_id", "redirect_uri", "scope", "state"]


@pytest.mark.parametrize(
    ("strict", "headers", "status", "problems"),
    [
        (False, NAVIGATION, 302, ()),
        (False, {"Accept": "text/html,application/xhtml+xml"}, 302, ()),
        (False, GOOD, 302, ()),
        (False, {}, 302, ()),
        (False, {"Accept": "text/html", "Sec-Fetch-Mode": "cors"}, 302, ()),
        (False, without("Version"), 302, ()),
        (False, {**GOOD, "Version": "2020-01-01"}, 401, ("version-unknown",)),
        (False, {**GOOD, "Version": "latest"}, 400, ("version-unknown",)),
        (False, {**GOOD, "Authorization": "Bearer undefined"}, 401, ("authorization-malformed",)),
        (True, {}, 401, ("authorization-missing",)),
        (True, NAVIGATION, 401, ("authorization-missing",)),
        (True, {**NAVIGATION, **without("Version")}, 401, ("version-missing",)),
        (True, {**NAVIGATION, **GOOD}, 302, ()),
        (True, GOOD, 302, ()),
    ],
)
def test_start_redirects_without_headers_unless_it_is_strict(
    strict: bool, headers: Mapping[str, str], status: int, problems: tuple[str, ...]
) -> None:
    with World((scenario(),), StubRules(strict=strict)) as world, plain_client(world) as client:
        play = world.begin(scenario())
        answer = client.get(START, params=start_query(), headers=headers)
        (request,) = requests_of(play)
    assert answer.status_code == status
    assert (request.endpoint, request.status, request.problems) == ("start", status, problems)


@pytest.mark.parametrize("name", ["locationId", "userId"])
@pytest.mark.parametrize("sent", [None, "", " ", "undefined", "null"])
@pytest.mark.parametrize("headers", [NAVIGATION, GOOD], ids=["window", "call"])
def test_start_requires_location_and_user(
    play: Play, api: httpx.Client, name: str, sent: str | None, headers: Mapping[str, str]
) -> None:
    answer = api.get(START, params=start_query(**{name: sent}), headers=headers)
    assert answer.status_code == 422
    assert answer.text == '{"statusCode": 422, "message": ["Unprocessable Entity"], "error": "Unprocessable Entity"}'
    assert requests_of(play)[0].problems == ("start-parameter-missing",)


@pytest.mark.parametrize(
    ("changes", "status", "problems"),
    [
        ({}, 302, ()),
        ({"locationId": "another"}, 403, ("start-parameter-unknown",)),
        ({"userId": "another"}, 403, ("start-parameter-unknown",)),
    ],
)
def test_start_accepts_only_the_accepted_location_and_user(
    changes: Mapping[str, str], status: int, problems: tuple[str, ...]
) -> None:
    named = AcceptedValues(location=LOCATION, user=USER)
    with World((scenario(),), StubRules(accepted=named)) as world, plain_client(world) as client:
        play = world.begin(scenario())
        assert client.get(START, params=start_query(**changes), headers=NAVIGATION).status_code == status
        assert requests_of(play)[0].problems == problems


def test_start_of_an_unknown_platform_has_no_route(play: Play, api: httpx.Client) -> None:
    path = f"{OAUTH}/facebok/start"
    answer = api.get(path, params=start_query(), headers=NAVIGATION)
    assert answer.status_code == 404
    assert answer.json()["message"] == f"Cannot GET {path}"
    assert requests_of(play)[0].problems == ("start-path-unknown",)


@pytest.mark.parametrize("path", [f"{OAUTH}/facebok/start", f"{OAUTH}/facebok/accounts/{ACCOUNT}"])
def test_an_unknown_platform_is_answered_with_the_nearest_routes_as_an_unknown_route_is(
    api: httpx.Client, path: str
) -> None:
    assert "nearest" in api.get(path, params=start_query(), headers=GOOD).json()


def test_an_unknown_platform_is_what_differs(api: httpx.Client) -> None:
    told = api.get(START.replace("facebook", "facebok"), params=start_query(), headers=GOOD).json()
    assert told["nearest"][0]["differs"] == [{"in": "path", "expected": "facebook", "seen": "facebok"}]


@pytest.mark.parametrize("name", ["start-400", "start-401", "start-422"])
def test_the_scenario_chooses_what_start_answers(world: World, api: httpx.Client, name: str) -> None:
    play = world.begin(scenario(answers={"start": name}))
    answer = api.get(START, params=start_query(), headers=NAVIGATION)
    assert answer.status_code == int(name.removeprefix("start-"))
    assert (requests_of(play)[0].answer, requests_of(play)[0].problems) == (name, ())


def test_a_refused_start_issues_no_state(api: httpx.Client) -> None:
    """Otherwise a page could go on to the dialog with a state that start never issued."""
    window = Window(api)
    dialog = window.to_dialog()
    never_issued = {**start_query(), "userId": "anotherUser000000001"}
    refused = {"Authorization": "Bearer undefined"}
    assert api.get(START, params=never_issued, headers=refused).status_code == 401
    window.go(dialog.copy_set_param("state", STATE.replace(USER, never_issued["userId"])))
    assert window.answer.status_code == 400


# finish


def test_the_finish_page_of_an_approval_carries_the_event_as_data(play: Play, api: httpx.Client) -> None:
    window = Window(api)
    window.connect()
    finish = window.page.finish
    assert finish["closes"] is True
    ((data, target),) = [(post["data"], post["target_origin"]) for post in finish["posts"]]
    assert target == "*"
    assert list(data.items()) == [
        ("actionType", "close"),
        ("page", "social-media-posting"),
        ("platform", "facebook"),
        ("placement", "placement"),
        ("accountId", ACCOUNT),
        ("reconnectAccounts", ["658a9b6833b91e0ecb834acd", "efd2daa9b6833b91e0ecb8f3511"]),
    ]
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("finish", 200)


def test_the_finish_page_of_a_cancel_carries_nothing_and_closes(api: httpx.Client) -> None:
    window = Window(api)
    window.to_dialog()
    window.follow()
    window.press("consent-cancel")
    window.follow()
    assert window.page.finish == {"posts": [], "closes": True, "delay_ms": 0}
    assert "not connected" in window.answer.text


@pytest.mark.parametrize(
    ("finish", "spellings", "closes"),
    [
        ({"posts": ["event-page-underscore"]}, ["social_media_posting"], True),
        ({"posts": ["event", "event-page-underscore"]}, ["social-media-posting", "social_media_posting"], True),
        ({"posts": []}, [], True),
        ({"closes": False}, ["social-media-posting"], False),
    ],
)
def test_the_scenario_chooses_what_the_finish_page_posts_and_whether_it_closes(
    world: World, api: httpx.Client, finish: Mapping[str, object], spellings: list[str], closes: bool
) -> None:
    world.begin(scenario(finish=finish))
    window = Window(api)
    window.connect()
    told = window.page.finish
    assert [post["data"]["page"] for post in told["posts"]] == spellings
    assert told["closes"] is closes


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "any"}, {"code": "any", "state": "never,issued"}, {"state": STATE}, {"code": "", "state": STATE}],
    ids=["nothing", "no-state", "unknown-state", "neither-code-nor-error", "empty-code"],
)
def test_finish_refuses_what_was_not_issued(play: Play, api: httpx.Client, query: dict[str, str]) -> None:
    window = Window(api)
    window.to_dialog()
    window.go(FINISH, **query)
    assert window.answer.status_code == 400
    assert window.page.finish is None
    assert requests_of(play)[-1].endpoint == "finish"


# The account GET and POST


@pytest.mark.parametrize(
    ("path", "version", "query", "location"),
    [
        (PROSE_PATH, "2021-07-28", {}, None),
        (LOCATED_PATH, "2021-07-28", {}, LOCATION),
        (LOCATED_PATH, "v3", {}, LOCATION),
        (LOCATED_PATH, "v3", {"search": "FB Page"}, LOCATION),
        (LOCATED_PATH, "2021-04-15", {}, LOCATION),
        (LOCATED_PATH, "2023-02-21", {}, LOCATION),
    ],
)
def test_the_account_get_answers_on_every_documented_path_and_version(
    play: Play, api: httpx.Client, path: str, version: str, query: dict[str, str], location: str | None
) -> None:
    answer = api.get(path, params=query, headers={**GOOD, "Version": version})
    page = {"id": "u37swmmLbA02zgqKPpxITe2", "name": "FB Page", "avatar": "u37swmmLbA02zgqKPpxITe2"}
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {
        "success": True,
        "statusCode": 200,
        "message": "Fetched Facebook Account",
        "results": {"pages": [{**page, "isOwned": True, "isConnected": True}]},
    }
    (request,) = requests_of(play)
    assert (request.endpoint, request.account, request.location) == ("account", ACCOUNT, location)
    assert request.problems == ()


@pytest.mark.parametrize("path", [PROSE_PATH, LOCATED_PATH])
def test_a_page_is_attached_with_a_post_on_the_same_path(play: Play, api: httpx.Client, path: str) -> None:
    body = {"type": "page", "originId": "u37swmmLbA02zgqKPpxITe2", "name": "FB Page", "avatar": "a.png"}
    answer = api.post(path, json=body, headers=GOOD)
    assert answer.status_code == 201
    assert answer.json()["message"] == "Added Facebook Account"
    (request,) = requests_of(play)
    assert (request.method, request.endpoint, request.answer) == ("POST", "attach", "attach-201")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_may_be_written_in_any_case(play: Play, api: httpx.Client, scheme: str) -> None:
    answer = api.get(PROSE_PATH, headers={**GOOD, "Authorization": f"{scheme} anything-well-formed"})
    assert answer.status_code == 200
    assert requests_of(play)[0].problems == ()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "status", "message", "problems"),
    [
        (without("Authorization"), 401, UNAUTHORIZED, ("authorization-missing",)),
        ({**GOOD, "Authorization": ""}, 401, UNAUTHORIZED, ("authorization-missing",)),
        ({**GOOD, "Authorization": "no-scheme"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Basic dTpw"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Bearer"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Token anything-well-formed"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Bearer two words"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Bearer undefined"}, 401, "Invalid JWT", ("authorization-malformed",)),
        ({**GOOD, "Authorization": "Bearer null"}, 401, "Invalid JWT", ("authorization-malformed",)),
        (without("Version"), 401, "version header was not found.", ("version-missing",)),
        ({**GOOD, "Version": ""}, 401, "version header was not found.", ("version-missing",)),
        ({**GOOD, "Version": "2020-01-01"}, 401, "version header is invalid", ("version-unknown",)),
        (
            {**GOOD, "Version": "latest"},
            400,
            "Invalid API version segment 'latest' at position 0",
            ("version-unknown",),
        ),
        ({}, 401, "version header was not found.", ("version-missing", "authorization-missing")),
    ],
)
def test_a_follow_up_with_a_bad_header_gets_the_answer_of_the_service(
    world: World,
    play: Play,
    api: httpx.Client,
    method: str,
    headers: Mapping[str, str],
    status: int,
    message: str,
    problems: tuple[str, ...],
) -> None:
    answer = api.request(method, LOCATED_PATH, headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (status, message)
    assert (requests_of(play)[0].status, requests_of(play)[0].problems) == (status, problems)


@pytest.mark.parametrize(
    ("token", "status", "message", "problems"),
    [
        (NAMED, 200, "Fetched Facebook Account", ()),
        ("another", 401, "Invalid JWT", ("token-unknown",)),
        ("pit-00000000-1111", 401, "Invalid Private Integration token", ("token-unknown",)),
        (NAMED.rstrip("="), 401, "Invalid JWT", ("token-unknown",)),
    ],
)
def test_only_the_given_token_is_accepted(
    token_world: World, token_play: Play, token: str, status: int, message: str, problems: tuple[str, ...]
) -> None:
    with plain_client(token_world) as client:
        answer = client.get(PROSE_PATH, headers={**GOOD, "Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["message"]) == (status, message)
    assert requests_of(token_play)[0].problems == problems


@pytest.mark.parametrize(
    ("connected", "bound", "path", "status"),
    [
        (True, True, LOCATED_PATH, 200),
        (True, True, PROSE_PATH, 200),
        (True, True, ANOTHER_LOCATION, 403),
        (True, False, ANOTHER_LOCATION, 200),
        (False, True, ANOTHER_LOCATION, 200),
    ],
)
def test_a_follow_up_must_name_the_location_that_was_connected(
    connected: bool, bound: bool, path: str, status: int
) -> None:
    """Before any connection is made, and where tests share a world, any location is accepted."""
    with World((scenario(),), StubRules(requires_connection=bound)) as world, plain_client(world) as client:
        play = world.begin(scenario())
        if connected:
            Window(client).connect()
        answer = client.get(path, headers=GOOD)
        request = requests_of(play)[-1]
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["message"] == "The token does not have access to this location."
    assert request.problems == (("follow-up-location-mismatch",) if status == 403 else ())


def test_a_follow_up_must_name_the_location_that_the_user_named() -> None:
    with (
        World((scenario(),), StubRules(accepted=AcceptedValues(location=LOCATION))) as world,
        plain_client(world) as client,
    ):
        statuses = [client.get(path, headers=GOOD).status_code for path in (LOCATED_PATH, ANOTHER_LOCATION)]
    assert statuses == [200, 403]


@pytest.mark.parametrize("account", ["undefined", "null", "658a9b6833b91e0ecb834acd", ACCOUNT.upper(), f"{ACCOUNT}0"])
@pytest.mark.parametrize("path", [PROSE_PATH, LOCATED_PATH], ids=["prose", "located"])
def test_a_follow_up_must_name_the_account_of_the_event(play: Play, api: httpx.Client, path: str, account: str) -> None:
    answer = api.get(path.replace(ACCOUNT, account), headers=GOOD)
    assert answer.status_code == 422
    assert answer.json()["message"] == ["Unprocessable Entity"]
    assert (requests_of(play)[0].account, requests_of(play)[0].problems) == (account, ("follow-up-account-mismatch",))


def test_a_follow_up_on_an_unknown_platform_has_no_route(play: Play, api: httpx.Client) -> None:
    path = PROSE_PATH.replace("facebook", "myspace")
    answer = api.get(path, headers=GOOD)
    assert (answer.status_code, answer.json()["message"]) == (404, f"Cannot GET {path}")
    assert requests_of(play)[0].problems == ("follow-up-path-unknown",)


# Which answer is replayed


def test_a_scenarios_answers_come_one_after_another_and_the_last_again(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario(answers={"account": ["account-401", "api-500", "account-200"]}))
    statuses = [api.get(PROSE_PATH, headers=GOOD).status_code for _ in range(5)]
    assert statuses == [401, 500, 200, 200, 200]
    assert [request.answer for request in requests_of(play)][:3] == ["account-401", "api-500", "account-200"]


def test_a_request_that_gets_another_answer_uses_up_none_of_the_scenarios(world: World, api: httpx.Client) -> None:
    world.begin(scenario(answers={"account": ["account-401", "account-200"]}))
    api.get(PROSE_PATH)
    api.get(PROSE_PATH, headers={**GOOD, "Prefer": "code=422"})
    api.post(PROSE_PATH, headers=GOOD)
    api.options(PROSE_PATH)
    assert [api.get(PROSE_PATH, headers=GOOD).status_code for _ in range(2)] == [401, 200]


def test_requests_at_once_use_up_each_answer_once_and_are_all_in_the_journal(world: World, api: httpx.Client) -> None:
    play = world.begin(scenario(answers={"account": ["account-400", "account-401", "account-422", "account-200"]}))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.get(PROSE_PATH, headers=GOOD).status_code, range(24)))
    assert Counter(answers) == {400: 1, 401: 1, 422: 1, 200: 21}
    assert Counter(request.status for request in requests_of(play)) == Counter(answers)


def test_a_new_scenario_begins_with_a_journal_and_answers_of_its_own(world: World, api: httpx.Client) -> None:
    twice = scenario(answers={"account": ["account-401", "account-200"]})
    for _ in range(2):
        play = world.begin(twice)
        Window(api).connect(locationId="another")
        play = world.begin(twice)
        assert requests_of(play) == []
        assert [api.get(LOCATED_PATH, headers=GOOD).status_code for _ in range(2)] == [401, 200]


@pytest.mark.parametrize(
    ("method", "path", "prefer", "status", "answer"),
    [
        *[("GET", PROSE_PATH, f"code={code}", code, f"account-{code}") for code in (200, 400, 401, 422)],
        ("GET", PROSE_PATH, "code=403", 403, "api-403-location"),
        ("GET", PROSE_PATH, "code=404", 404, "api-404-no-route"),
        ("GET", PROSE_PATH, "code=429", 429, "api-429"),
        ("GET", PROSE_PATH, "code=500", 500, "api-500"),
        ("GET", PROSE_PATH, 'code="422"', 422, "account-422"),
        ("GET", PROSE_PATH, "Code=422", 422, "account-422"),
        ("GET", PROSE_PATH, "respond-async, wait=10; code=422", 422, "account-422"),
        ("GET", PROSE_PATH, "example=api-401-scope-missing", 401, "api-401-scope-missing"),
        ("GET", PROSE_PATH, "code=200, example=account-200-no-pages", 200, "account-200-no-pages"),
        ("GET", PROSE_PATH, "code=422, code=200", 422, "account-422"),
        ("GET", PROSE_PATH, "return=minimal", 200, "account-200"),
        ("GET", PROSE_PATH, "", 200, "account-200"),
        ("GET", START, "code=302", 302, "start-302"),
        ("GET", START, "code=401", 401, "start-401"),
        ("GET", START, "example=api-500", 500, "api-500"),
        ("POST", PROSE_PATH, "code=201", 201, "attach-201"),
        ("POST", PROSE_PATH, "code=429", 429, "api-429"),
    ],
)
def test_a_request_chooses_its_own_answer(
    play: Play, api: httpx.Client, method: str, path: str, prefer: str, status: int, answer: str
) -> None:
    got = api.request(method, path, params=start_query(), headers={**GOOD, "Prefer": prefer})
    assert got.status_code == status
    request = requests_of(play)[0]
    assert (request.answer, request.status, request.problems) == (answer, status, ())


@pytest.mark.parametrize(
    ("path", "query", "headers", "problem"),
    [
        (PROSE_PATH, {}, without("Version"), "version-missing"),
        (PROSE_PATH.replace(ACCOUNT, "undefined"), {}, GOOD, "follow-up-account-mismatch"),
        (START, start_query(locationId=None), GOOD, "start-parameter-missing"),
    ],
    ids=["version", "account", "start"],
)
def test_a_chosen_answer_hides_no_problem_from_the_journal(
    world: World,
    play: Play,
    api: httpx.Client,
    path: str,
    query: dict[str, str],
    headers: Mapping[str, str],
    problem: str,
) -> None:
    answer = api.get(path, params=query, headers={**headers, "Prefer": "code=401"})
    assert answer.status_code == 401
    assert requests_of(play)[0].problems == (problem,)


@pytest.mark.parametrize(
    ("path", "prefer", "said"),
    [
        (PROSE_PATH, "code=418", "'418'"),
        (PROSE_PATH, "code=abc", "'abc'"),
        (PROSE_PATH, "code=302", "'302'"),
        (PROSE_PATH, "code=-1", "'-1'"),
        (PROSE_PATH, f"code={'9' * 5000}", "account-401"),
        (PROSE_PATH, "example=acount-401", "nearest: account-401"),
        (PROSE_PATH, "example=event", "no exchange fixture named 'event'"),
        (PROSE_PATH, "example=../../README", "no exchange fixture"),
        (START, "code=200", "'200'"),
    ],
)
def test_an_answer_that_does_not_exist_is_reported_as_the_callers_error(
    play: Play, api: httpx.Client, path: str, prefer: str, said: str
) -> None:
    answer = api.get(path, params=start_query(), headers={**GOOD, "Prefer": prefer})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert said in answer.json()["detail"]
    assert requests_of(play)[0].status == 400


def test_the_rate_limits_headers_come_with_429(api: httpx.Client) -> None:
    answer = api.get(PROSE_PATH, headers={**GOOD, "Prefer": "code=429"})
    limits = {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit-")}
    assert limits == {
        "x-ratelimit-limit-daily": "200000",
        "x-ratelimit-daily-remaining": "199000",
        "x-ratelimit-interval-milliseconds": "10000",
        "x-ratelimit-max": "100",
        "x-ratelimit-remaining": "0",
    }


# Cross-origin requests


@pytest.mark.parametrize("origin", ["https://app.example.test", "http://localhost:3000", "null"])
@pytest.mark.parametrize("path", [START, PROSE_PATH, LOCATED_PATH, "/nowhere"])
def test_the_preflight_lets_the_documented_headers_through(
    play: Play, api: httpx.Client, path: str, origin: str
) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,version"}
    answer = api.options(path, headers={"Origin": origin, **asked})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert set(answer.headers["access-control-allow-methods"].split(", ")) >= {"GET", "POST"}
    allowed = set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert allowed >= {"authorization", "version", "content-type", "accept", "prefer"}
    assert (requests_of(play)[0].endpoint, requests_of(play)[0].problems) == ("preflight", ())


@pytest.mark.parametrize(("prefer", "status"), [("code=200", 200), ("code=401", 401), ("code=418", 400)])
def test_a_page_may_read_every_answer_errors_too(api: httpx.Client, prefer: str, status: int) -> None:
    origin = "https://app.example.test"
    answer = api.get(PROSE_PATH, headers={**GOOD, "Origin": origin, "Prefer": prefer})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == origin
    assert "origin" in answer.headers["vary"].lower()


# Routes that are none


@pytest.mark.parametrize(
    ("method", "path", "headers", "nearest", "differs"),
    [
        ("GET", f"{OAUTH}/facebook/strat?locationId=l&userId=u", GOOD, f"{OAUTH}/<platform>/start",
         [("path", "start", "strat")]),
        ("GET", PROSE_PATH.replace("accounts", "acounts"), GOOD, f"{OAUTH}/<platform>/accounts/<account>",
         [("path", "accounts", "acounts")]),
        ("GET", LOCATED_PATH.replace("ting", "tng"), GOOD, f"{OAUTH}/<location>/<platform>/accounts/<account>",
         [("path", "social-media-posting", "social-media-postng")]),
        ("GET", f"/v1{PROSE_PATH}", GOOD, f"{OAUTH}/<platform>/accounts/<account>", [("path", None, "v1")]),
        ("GET", PROSE_PATH.replace(f"/{ACCOUNT}", ""), {}, f"{OAUTH}/<platform>/accounts/<account>",
         [("path", "<account>", None), ("header", "Authorization", None), ("header", "Version", None)]),
        ("DELETE", PROSE_PATH, GOOD, f"{OAUTH}/<platform>/accounts/<account>", [("method", "GET", "DELETE")]),
        ("POST", START, GOOD, f"{OAUTH}/<platform>/start",
         [("method", "GET", "POST"), ("query", "locationId", None), ("query", "userId", None)]),
    ],
)  # fmt: skip
def test_a_request_without_a_route_is_answered_with_the_nearest_ones_and_all_that_differs(
    world: World,
    play: Play,
    api: httpx.Client,
    method: str,
    path: str,
    headers: Mapping[str, str],
    nearest: str,
    differs: list[tuple[str, str | None, str | None]],
) -> None:
    answer = api.request(method, path, headers=headers)
    path = path.partition("?")[0]
    told = answer.json()
    assert answer.status_code == 404
    assert (told["statusCode"], told["message"]) == (404, f"Cannot {method} {path}")
    first = told["nearest"][0]
    assert first["path"] == nearest
    assert [(one["in"], one["expected"], one["seen"]) for one in first["differs"]] == differs
    (request,) = requests_of(play)
    assert (request.endpoint, request.status, request.problems) == ("unknown", 404, ("path-unknown",))


@pytest.mark.parametrize("path", ["/{method}", "/{version}", "/{path}"])
def test_the_text_of_a_request_is_not_used_as_a_template(api: httpx.Client, path: str) -> None:
    assert api.get(path, headers=GOOD).json()["message"] == f"Cannot GET {path}"


@pytest.mark.parametrize("path", ["/%00", "/%ff%fe", "//double", "/" + "a" * 8000, "/?" + "q=1&" * 2000, "/.."])
def test_odd_addresses_have_no_route_and_do_no_harm(world: World, play: Play, api: httpx.Client, path: str) -> None:
    assert api.get(world.stub_url + path).status_code == 404
    assert requests_of(play)[0].endpoint == "unknown"


# The journal


def test_each_request_is_in_the_journal_in_order(world: World, play: Play, api: httpx.Client) -> None:
    Window(api).connect()
    api.options(LOCATED_PATH, headers={"Origin": "https://app.example.test"})
    api.get(LOCATED_PATH, headers=GOOD)
    api.post(LOCATED_PATH, headers=GOOD, json={})
    api.get("/nowhere")
    api.get("/favicon.ico")
    assert [(request.method, request.endpoint, request.status) for request in requests_of(play)] == [
        ("GET", "start", 302),
        ("GET", "dialog", 200),
        ("POST", "consent", 302),
        ("GET", "finish", 200),
        ("OPTIONS", "preflight", 204),
        ("GET", "account", 200),
        ("POST", "attach", 201),
        ("GET", "unknown", 404),
        ("GET", "icon", 204),
    ]
    assert all(request.at <= request.answered_at for request in requests_of(play))
    assert requests_of(play)[0].url == f"{world.stub_url}{START}?{httpx.QueryParams(start_query())}"
    assert requests_of(play)[0].location == LOCATION


@pytest.mark.parametrize(
    ("headers", "sender"),
    [({}, "server"), ({"User-Agent": "Mozilla/5.0"}, "server"), ({"Sec-Fetch-Site": "cross-site"}, "page")],
)
def test_without_the_gateway_a_page_is_recognized_by_a_header_that_every_browser_sends(
    play: Play, api: httpx.Client, headers: Mapping[str, str], sender: str
) -> None:
    api.get(PROSE_PATH, headers={**GOOD, **headers})
    assert requests_of(play)[0].sent_by == sender


@pytest.mark.parametrize("token", [PRIVATE, JWT, NAMED], ids=["private", "jwt", "named"])
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("", {"Authorization": "Bearer {}"}),
        ("", {"Authorization": "bearer {}"}),
        ("", {"Authorization": "Bearer: {}"}),
        ("", {"Authorization": "{}"}),
        ("", {"Authorization": "{} Bearer"}),
        ("", {"Authorization": "Bearer {} {}"}),
        ("", {"Cookie": "session={}"}),
        ("", {"Referer": "https://app.example.test/?access_token={}"}),
        ("", {"Version": "{}"}),
        ("", {"Prefer": "example={}"}),
        ("", {"User-Agent": "app {}"}),
        ("", {"X-Api-Key": "{}"}),
        ("", {"Origin": "https://{}.example.test"}),
        ("?access_token={}", {}),
        ("?anything={}", {}),
        ("?locationId={}", {}),
        ("/{}", {}),
    ],
)  # fmt: skip
def test_no_secret_enters_the_journal(
    token_world: World, token_play: Play, token: str, path: str, headers: Mapping[str, str]
) -> None:
    sent = {**NAVIGATION, **{name: value.replace("{}", token) for name, value in headers.items()}}
    with plain_client(token_world) as client:
        for base in (START, PROSE_PATH, LOCATED_PATH):
            client.get(base + path.replace("{}", quote(token, safe="")), headers=sent)
    assert len(requests_of(token_play)) == 3
    journal = shown(token_play)
    for spelling in (token, quote(token), quote(token, safe="")):
        assert spelling not in journal


@pytest.mark.parametrize(
    "name", ["access_token", "token", "bearer", "authorization", "auth", "api_key", "apikey", "jwt", "Access_Token"]
)
@pytest.mark.parametrize("by", ["url", "referrer"])
def test_a_token_in_an_address_is_a_problem_and_is_not_kept(play: Play, api: httpx.Client, name: str, by: str) -> None:
    if by == "url":
        api.get(START, params=start_query(**{name: "s3cr3t-of-no-shape"}), headers=NAVIGATION)
    else:
        referrer = f"https://app.example.test/?{name}=s3cr3t-of-no-shape"
        api.get(START, params=start_query(), headers={**NAVIGATION, "Referer": referrer})
    assert requests_of(play)[0].problems == ("token-in-url",)
    assert "s3cr3t" not in shown(play)


def test_the_token_of_a_request_is_reported_if_its_address_contains_it_too(play: Play, api: httpx.Client) -> None:
    opaque = "opaque-0123456789"
    headers = {**GOOD, "Authorization": f"Bearer {opaque}"}
    api.get(PROSE_PATH, headers=headers, params={"note": opaque})
    api.get(PROSE_PATH, headers=headers)
    first, second = requests_of(play)
    assert first.problems == ("token-in-url",)
    assert second.problems == ()
    assert opaque not in repr(requests_of(play))


# A server that hands on what start answers


@pytest.mark.parametrize(("headers", "production"), [({}, True), (NAVIGATION, False)], ids=["server", "page"])
def test_a_server_is_given_the_address_that_its_page_opens(headers: dict[str, str], production: bool) -> None:
    """The page goes through the gateway, by the service's own names, whichever address its server was given."""
    with World(rules=StubRules(proxied=True)) as world, plain_client(world) as client:
        world.begin(scenario())
        location = client.get(START, params=start_query(), headers=headers).headers["location"]
    assert location.startswith(FACEBOOK) is production
    assert (f"redirect_uri={SERVICE}{FINISH}" in location) is production


# Before the first play


def test_a_request_before_the_first_play_is_answered_and_stands_in_no_journal() -> None:
    """An app's backend may make requests when it starts."""
    with World() as world, plain_client(world) as client:
        assert client.get(PROSE_PATH, headers=GOOD).status_code == 200
        Window(client).connect()
        play = world.begin(scenario())
        assert requests_of(play) == []
        assert client.get(PROSE_PATH, headers=GOOD).status_code == 200
        assert [request.endpoint for request in requests_of(play)] == ["account"]
