"""Bytes that are HTTP, or nearly: each server answers by a status or hangs up, and serves the next as before."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World
from tests.fuzz.inputs import as_bytes, changed, json_values, requests
from tests.servers import Server, server_in_a_thread
from tests.worlds import FINISH, GOOD, LOCATED_PATH, PROSE_PATH, START, dial, plain_client, proxied_client, scenario

TARGETS = (
    "/", PROSE_PATH, LOCATED_PATH, f"{START}?locationId=l&userId=u", START, f"{FINISH}?code=a&state=b",
    "/dialog/oauth?state=a",
    "/social-media-posting/l/accounts", "/users/?locationId=l", "/__harness/health", "/__harness/scenario",
    "/__harness/requests", "/__harness/openapi.json", "/__harness/keys/one/__harness/scenario", "/__harness/keys/",
    f"/__harness/keys/one{PROSE_PATH}", "/__harness/keys/%00/x", "/__harness/intruder?x=1", "*", "//", "http://[",
    "http://127.0.0.1/", f"http://services.leadconnectorhq.com{PROSE_PATH}", "services.leadconnectorhq.com:443", "x:1",
    "https://services.leadconnectorhq.com/", "http://evil.example/", "[::1]:443", "/" + "a" * 9_000,
    "/?" + "b=c&" * 3_000,
)  # fmt: skip


class Uncaught:
    """What threads threw and nobody caught, and what was logged as an error."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def check(self) -> None:
        """Check that there was nothing since the last check."""
        errors, self.errors = self.errors, []
        assert errors == []

    def hear(self, thrown: Any) -> None:
        self.errors.append(f"{thrown.exc_type.__name__}: {thrown.exc_value}")


@pytest.fixture(scope="module")
def uncaught() -> Iterator[Uncaught]:
    found = Uncaught()

    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.errors.append(record.getMessage())

    handler, before = Log(logging.ERROR), threading.excepthook
    threading.excepthook = found.hear
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)
    threading.excepthook = before


@pytest.fixture(scope="module")
def server(uncaught: Uncaught) -> Iterator[Server]:
    with server_in_a_thread() as running:
        yield running


@pytest.fixture(scope="module")
def world(uncaught: Uncaught) -> Iterator[World]:
    with World() as running:
        running.begin(scenario())
        yield running


def ask(url: str, sent: bytes) -> bytes:
    """Send bytes, and return all that comes back; a server that neither answers nor hangs up fails the test."""
    answer = b""
    with dial(url) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
        except TimeoutError:
            raise
        except OSError:
            pass  # it has hung up
    return answer


def check(answer: bytes, uncaught: Uncaught) -> None:
    assert b"Traceback" not in answer
    assert not answer.startswith((b"HTTP/1.1 500", b"HTTP/1.0 500")), answer
    uncaught.check()


@given(sent=requests(TARGETS) | st.binary(max_size=200))
def test_the_plain_port_of_serve_answers_or_hangs_up(sent: bytes, server: Server, uncaught: Uncaught) -> None:
    check(ask(server.ready.stub, sent), uncaught)
    assert server.client.get("/__harness/health").json()["under_way"] == 0


@given(sent=requests(TARGETS) | st.binary(max_size=200))
def test_the_gateway_answers_or_hangs_up(sent: bytes, server: Server, uncaught: Uncaught) -> None:
    check(ask(server.ready.gateway, sent), uncaught)


@given(sent=requests(TARGETS) | st.binary(max_size=200))
def test_the_stub_of_a_run_answers_or_hangs_up(sent: bytes, world: World, uncaught: Uncaught) -> None:
    check(ask(world.stub_url, sent), uncaught)


def test_all_of_them_serve_as_before(server: Server, world: World) -> None:
    server.put("account-200")
    assert server.client.get(PROSE_PATH, headers=GOOD).status_code == 200
    with plain_client(world) as plain, proxied_client(world) as proxied:
        assert plain.get("/", headers=GOOD).status_code == 404
        assert proxied.get("https://services.leadconnectorhq.com/", headers=GOOD).status_code == 404


STORY = {
    "title": "A story", "expect": {"outcome": "connected", "follow_up": True}, "answers": {"account": ["account-200"]},
    "user": ["click", "approve"], "finish": {"posts": ["event"], "closes": True}, "provider": {"login": False},
}  # fmt: skip


@given(body=(changed(st.just(STORY)) | changed(st.just({"name": "account-401"})) | json_values).map(as_bytes))
def test_the_control_api_plays_a_scenario_that_keeps_its_schema_or_says_why_not(
    body: bytes, server: Server, uncaught: Uncaught
) -> None:
    answer = server.client.put("/__harness/keys/fuzz/__harness/scenario", content=body)
    check(answer.content, uncaught)
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 200:
        played = server.client.get("/__harness/keys/fuzz/__harness/scenario").json()
        assert Scenario.model_validate_json(json.dumps(played)).name == answer.json()["name"]
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@given(
    method=st.sampled_from(["GET", "PUT", "DELETE", "POST", "PATCH", "HEAD", "OPTIONS"]),
    path=st.sampled_from(["health", "scenario", "requests", "openapi.json", "", "keys/a/__harness/requests"]),
    key=st.none() | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=120),
    query=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2),
)
def test_a_control_call_of_any_kind_gets_json_or_a_problem_document(
    method: str, path: str, key: str | None, query: dict[str, str], server: Server, uncaught: Uncaught
) -> None:
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    headers = {} if key is None else {"X-Oauth-Window-Key": key}
    answer = server.client.request(method, f"/__harness/{path}", params=query, headers=headers)
    check(answer.content, uncaught)
    assert answer.status_code in (200, 204, 400, 404, 405, 422)
    if answer.content:
        kind = "application/json" if answer.status_code == 200 else "application/problem+json"
        assert answer.headers["content-type"] == kind
        json.loads(answer.content)
