"""The control API of `serve`, and the keys by which parallel tests share one server."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import httpx

from oauth_window_harness.journal.events import RequestSeen
from oauth_window_harness.redact import Redacted
from oauth_window_harness.results.model import RequestResult
from oauth_window_harness.scenario import catalog
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.requests import RequestJournal
from tests.servers import HEADER, Server, key_header, server_in_a_thread
from tests.worlds import ACCOUNT, FINISH, GOOD, LOCATED_PATH, NAVIGATION, PROSE_PATH, START, Window, start_query
from tests.worlds import scenario as story

INLINE = {
    "title": "The location is another tenant's",
    "answers": {"account": ["api-403-location"]},
    "expect": {"outcome": "not-connected", "follow_up": True},
}


def account(server: Server, key: str | None = None, **headers: str) -> httpx.Response:
    return server.client.get(PROSE_PATH, headers={**GOOD, **key_header(key), **headers})


# The calls


def test_health_reports_that_the_server_is_running(server: Server) -> None:
    assert server.client.get("/__harness/health").json()["status"] == "ok"
    assert server.client.head("/__harness/health").status_code == 200  # as who waits for a server asks


def test_a_scenario_is_set_by_name(server: Server, key: str) -> None:
    assert server.put("account-401", key).json() == {
        "key": key,
        "name": "account-401",
        "title": catalog.bundled_scenarios()["account-401"].title,
    }
    assert account(server, key).status_code == 401


def test_a_whole_scenario_is_set_as_json(server: Server, key: str) -> None:
    assert server.put(INLINE, key).json()["name"] == "unnamed"
    assert account(server, key).json()["message"] == "The token does not have access to this location."
    assert server.client.get("/__harness/scenario", headers=key_header(key)).json()["title"] == INLINE["title"]


def test_answers_in_a_list_come_one_after_another_and_the_last_again(server: Server, key: str) -> None:
    server.put({**INLINE, "answers": {"account": ["api-500", "account-401", "account-200"]}}, key)
    assert [account(server, key).status_code for _ in range(4)] == [500, 401, 200, 200]


def test_the_answer_of_get_scenario_can_be_put(server: Server, key: str) -> None:
    for name in catalog.bundled_scenarios():
        server.put(name, key)
        shown = server.client.get("/__harness/scenario", headers=key_header(key)).json()
        assert server.put(shown, key).status_code == 200, name


def test_without_a_key_it_is_set_for_all_requests_that_have_none(key: str) -> None:
    with server_in_a_thread() as server:
        server.put("account-422")
        assert account(server).status_code == 422
        assert account(server, key).status_code == 200


def test_an_unknown_key_begins_with_the_servers_scenario() -> None:
    with server_in_a_thread("account-403") as server:
        assert account(server, "never-seen").status_code == 403


def test_requests_are_reported_as_in_results_json_and_control_calls_are_left_out(server: Server, key: str) -> None:
    account(server, key, Authorization="Bearer a-secret-of-mine")
    server.client.get("/__harness/health", headers=key_header(key))
    (told,) = server.requests(key)
    assert set(told) == {*RequestResult.model_fields, "key"}
    assert (told["method"], told["status"], told["key"]) == ("GET", 200, key)
    assert told["headers"]["authorization"] == "Bearer <redacted>"
    assert told in server.requests()


def test_forgotten_requests_are_those_of_the_key(server: Server, key: str) -> None:
    account(server, key)
    account(server, f"{key}-other")
    assert server.client.delete("/__harness/requests", headers=key_header(key)).status_code == 204
    assert server.requests(key) == []
    assert len(server.requests(f"{key}-other")) == 1


def test_without_a_key_all_requests_are_forgotten() -> None:
    with server_in_a_thread() as server:
        account(server)
        account(server, "one")
        server.client.delete("/__harness/requests")
        assert server.requests() == server.requests("one") == []


def test_setting_a_scenario_forgets_no_request(server: Server, key: str) -> None:
    account(server, key)
    server.put("account-401", key)
    account(server, key)
    assert [told["status"] for told in server.requests(key)] == [200, 401]


def test_the_last_hundred_thousand_requests_are_kept() -> None:
    record = RequestJournal()
    journals = [record.journal_of("one"), record.journal_of("two")]
    for number in range(100_010):
        journals[number % 2].add(
            RequestSeen(
                at=float(number), method="GET", url=Redacted(str(number)), headers={}, endpoint="account", status=200,
                answered_at=float(number), sent_by="server",
            )
        )  # fmt: skip
    kept = [event for _, event in record.entries() if isinstance(event, RequestSeen)]
    assert (len(kept), kept[0].url, kept[-1].url) == (100_000, "10", "100009")


def test_the_key_that_was_used_longest_ago_is_forgotten_first() -> None:
    ended = []

    def make(scenario: Any, journal: Any) -> Any:
        play: Any = SimpleNamespace(scenario=scenario, may_wait=False)
        play.end_signal = SimpleNamespace(set=lambda: ended.append(play))
        return play

    plays = Plays(make, story(), keep=2)
    first = plays.of("one")
    second = plays.of("two")
    assert plays.of("one") is first
    plays.of("three")
    assert ended == [second]
    assert plays.of("one") is first


# The OpenAPI document


def test_the_document_describes_every_call_that_is_answered(server: Server) -> None:
    document = server.client.get("/__harness/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {(path, method) for path, calls in document["paths"].items() for method in calls} == {
        ("/health", "get"), ("/scenario", "get"), ("/scenario", "put"), ("/requests", "get"), ("/requests", "delete"),
        ("/openapi.json", "get"), ("/observer.js", "get"), ("/reports", "post"), ("/events", "get"),
        ("/follow-up", "get"), ("/findings", "get"), ("/first-broken-link", "get"),
    }  # fmt: skip
    for path, calls in document["paths"].items():
        for method in calls:
            answer = server.client.request(method, f"/__harness{path}", json={"name": "account-200"})
            assert str(answer.status_code) in calls[method]["responses"]
            # Here no observer has a ticket, and no account GET was made.
            expected = {"/reports": 422, "/follow-up": 404}.get(path)
            assert answer.status_code == expected if expected else answer.status_code < 300


def test_every_reference_of_the_document_can_be_resolved(server: Server) -> None:
    document = server.client.get("/__harness/openapi.json").json()
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.extend(inner for name, inner in value.items() if name == "$ref")
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


# The keys


def test_two_hundred_parallel_requests_under_twenty_keys_are_not_mixed_up_and_none_is_missing() -> None:
    statuses = (200, 400, 401, 403, 404, 422, 429, 500)
    with server_in_a_thread() as server:
        for number in range(20):
            server.put(f"account-{statuses[number % 8]}", f"key-{number}")

        def ask(number: int) -> tuple[int, int, str]:
            key, preferred = number % 20, statuses[number % 7] if number % 3 == 0 else None
            named = {"Prefer": f"code={preferred}"} if preferred else {}
            headers = {**GOOD, **named, "User-Agent": f"request-{number}"}
            if number % 2:
                answer = server.client.get(PROSE_PATH, headers={**headers, HEADER: f"key-{key}"})
            else:
                answer = server.client.get(f"/__harness/keys/key-{key}{PROSE_PATH}", headers=headers)
            assert answer.status_code == answer.json()["statusCode"] == (preferred or statuses[key % 8])
            return key, answer.status_code, f"request-{number}"

        with ThreadPoolExecutor(200) as pool:
            answered = list(pool.map(ask, range(200)))
        for number in range(20):
            journal = [(told["status"], told["headers"]["user-agent"]) for told in server.requests(f"key-{number}")]
            assert Counter(journal) == Counter((status, name) for key, status, name in answered if key == number)
        assert len(server.requests()) == 200


def test_a_prefix_stands_before_every_path_of_a_window(server: Server, key: str) -> None:
    """The whole flow, with Facebook's login and consent: every address that the stub makes has the prefix."""
    base = f"/__harness/keys/{key}"
    server.put("facebook-login-first", key)
    window = Window(server.client)
    window.to_dialog(base)
    window.follow()
    while window.answer.has_redirect_location:
        window.follow()
    window.press("login-submit")
    window.follow()
    window.press("consent-approve")
    window.follow()
    assert f"{base}{FINISH}" in str(window.answer.url)
    assert window.page.finish["posts"][0]["data"]["accountId"] == ACCOUNT
    followed = server.client.get(base + LOCATED_PATH, headers=GOOD)
    assert followed.json()["message"] == "Fetched Facebook Account"
    assert server.client.put(f"{base}/__harness/scenario", json={"name": "account-401"}).json()["key"] == key
    assert [told["endpoint"] for told in server.requests(key)] == [
        "start", "dialog", "login", "login", "dialog", "consent", "finish", "account",
    ]  # fmt: skip


def test_two_windows_with_equal_states_are_kept_apart_by_their_prefixes(server: Server, key: str) -> None:
    windows = []
    for number, scenario in enumerate(("event-page-underscore", "event-page-hyphen")):
        server.put(scenario, f"{key}-{number}")
        window = Window(server.client)
        window.to_dialog(f"/__harness/keys/{key}-{number}")
        windows.append(window)
    pages = []
    for window in windows:
        window.follow()
        window.press("consent-approve")
        window.follow()
        pages.append(window.page.finish["posts"][0]["data"]["page"])
    assert pages == ["social_media_posting", "social-media-posting"]


def test_a_window_that_was_begun_under_a_key_goes_on_without_it(server: Server, key: str) -> None:
    """A backend makes the start request with the key, and passes the redirect's address to a browser without one."""
    location = f"location-{key}"
    server.put({**INLINE, "provider": {"login": True, "detour": True}}, key)
    begun = server.client.get(START, params=start_query(locationId=location), headers={**GOOD, **key_header(key)})
    window = Window(server.client)
    window.go(begun.headers["location"])
    while window.answer.has_redirect_location:
        window.follow()
    window.press("login-submit")
    window.follow()
    window.follow()
    (button,) = window.page.buttons
    window.press(button)
    window.follow()
    window.press("consent-approve")
    window.follow()
    follow_up = server.client.get(LOCATED_PATH.replace("ve9EPM428h8vShlRW1KT", location), headers=GOOD)
    assert follow_up.status_code == 403
    assert [told["endpoint"] for told in server.requests(key)] == [
        "start", "dialog", "login", "login", "dialog", "privacy", "privacy", "dialog", "consent", "finish", "account",
    ]  # fmt: skip


def test_a_location_can_be_given_to_a_key_before_its_window_opens(server: Server, key: str) -> None:
    """A page that opens the production address from a browser can name no key anywhere: its location does."""
    location = f"location-{key}"
    assert server.put("start-401", key, location=location).status_code == 200
    own = server.client.get(START, params=start_query(locationId=location), headers=NAVIGATION)
    others = server.client.get(START, params=start_query(), headers=NAVIGATION)
    assert (own.status_code, others.status_code) == (401, 302)
    assert [told["status"] for told in server.requests(key)] == [401]


def test_a_scenario_that_is_set_while_a_window_is_open_does_not_close_it(server: Server, key: str) -> None:
    window = Window(server.client)
    window.to_dialog(f"/__harness/keys/{key}")
    server.put("account-401", key)
    window.follow()
    window.press("consent-approve")
    window.follow()
    assert window.page.finish["posts"]


def test_a_scenario_that_delays_its_answers_holds_up_no_other_key() -> None:
    with server_in_a_thread() as server, ThreadPoolExecutor() as pool:
        server.put({**INLINE, "answers": {"delay": 60}}, "slow")
        slow = [pool.submit(account, server, "slow") for _ in range(5)]
        while server.client.get("/__harness/health").json()["under_way"] < len(slow):
            pass
        assert account(server, "fast").status_code == 200
        assert server.client.get("/__harness/health").json()["under_way"] == len(slow)
        server.put("account-200", "slow")  # another scenario ends the wait
        assert [answer.result().status_code for answer in slow] == [200] * len(slow)
