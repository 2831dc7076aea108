"""Bad input to `serve`: it gets a problem document (RFC 9457), and the server goes on."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.commands import Command
from tests.servers import HEADER, ServeProcess, Server, key_header, server_in_a_thread
from tests.worlds import GOOD, LONGEST, PROSE_PATH, START, dial, start_query

MEGABYTE = 1024 * 1024
STORY = {"title": "A story", "expect": {"outcome": "connected", "follow_up": True}}


@pytest.fixture(autouse=True)
def goes_on(server: Server) -> Iterator[None]:
    """After each of them, the server answers as before."""
    yield
    assert server.client.get(PROSE_PATH, headers=GOOD).status_code == 200


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Check that this is a problem document, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["title"]
    assert "Traceback" not in answer.text
    return document


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "line 1 column 1"),
        (b'{"name": "account-200"', "line 1 column 23"),
        (b'{"name": NaN}', "NaN is not JSON"),
        (b"\xff\xfe", "utf-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"title: yaml", "line 1 column 1"),
    ],
    ids=["nothing", "cut-off", "nan", "not-utf-8", "deep", "yaml"],
)
def test_a_body_that_is_not_json_is_reported_with_the_place(server: Server, body: bytes, said: str) -> None:
    document = told(server.client.put("/__harness/scenario", content=body), 400)
    assert said in document["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "acount-401"}, "nearest: account-401"),
        ({"name": "nothing of the kind"}, "scenarios list"),
        ({"name": 7}, "no scenario named '7'"),
        ({"name": "../../etc/passwd"}, "no scenario named"),
        ([], "a whole scenario"),
        ({}, "Field required"),
        ({**STORY, "expct": 1}, "expct"),
        ({**STORY, "user": ["approve"]}, "first step is 'click'"),
        ({**STORY, "answers": {"account": "acount-401"}}, "nearest: account-401"),
        ({**STORY, "answers": {"delay": 1e9}}, "less than or equal to 60"),
        ({**STORY, "finish": {"posts": ["evnt"]}}, "nearest: event"),
        ({**STORY, "intruder": {"senders": ["popup"], "origins": ["https://evil.example"]}}, "evil.example"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_a_scenario_is_reported_with_what_is_wrong(server: Server, body: Any, said: str) -> None:
    assert said in told(server.client.put("/__harness/scenario", json=body), 422)["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "scenario", "GET, PUT"),
        ("DELETE", "scenario", "GET, PUT"),
        ("PUT", "requests", "DELETE, GET"),
        ("POST", "health", "GET"),
        ("OPTIONS", "health", "GET"),
        ("DELETE", "openapi.json", "GET"),
    ],
)
def test_a_wrong_method_is_answered_with_the_allowed_ones(server: Server, method: str, path: str, allowed: str) -> None:
    answer = server.client.request(method, f"/__harness/{path}")
    assert allowed in told(answer, 405)["detail"]
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["", "scenarios", "health/", "keys", "%00"])
def test_an_unknown_control_path_is_answered_with_the_nearest(server: Server, path: str) -> None:
    assert "/__harness/" in told(server.client.get(f"/__harness/{path}"), 404)["detail"]


@pytest.mark.parametrize(
    ("method", "call", "said"),
    [
        ("GET", "findings?patience=abc", "seen: patience=abc; to do: send a number of seconds from 0 to 60"),
        ("GET", "findings?patience=", "send a number of seconds"),
        ("GET", "events?patience=nan", "send a number of seconds"),
        ("GET", "follow-up?patience=-1", "send a number of seconds"),
        ("GET", "follow-up?patience=61", "from 0 to 60"),
        ("GET", "findings?clicked=1", "seen: clicked=1; to do: send true or false"),
        ("GET", "first-broken-link?clicked=", "send true or false"),
        ("PUT", "scenario?observer=yes", "send true or false"),
        ("GET", "findings?patiense=3", "where: GET /__harness/findings; seen: patiense=3; to do: nearest: patience"),
        ("GET", "findings?Clicked=true", "nearest: clicked"),
        ("GET", "findings?scenario=account-401", "this call takes patience, clicked"),
        ("PUT", "scenario?key=one", "this call takes location, observer"),
        ("GET", "requests?key=one", "this call takes none"),
        ("GET", "findings?patience=1&patience=2", "seen: patience=2; to do: give patience once"),
        ("GET", f"health?{'x' * 5_000}=1", "this call takes none"),
        ("GET", "health?%ff=%00", "this call takes none"),
    ],
)
def test_a_query_that_cannot_be_understood_is_refused_and_never_ignored(
    server: Server, method: str, call: str, said: str
) -> None:
    answer = server.client.request(method, f"/__harness/{call}", json={"name": "account-200"})
    assert said in told(answer, 400)["detail"]
    assert len(answer.text) < 1_000


@pytest.mark.parametrize("call", ["findings?patience=0&clicked=false", "events?patience=0.0", "observer.js?key=one"])
def test_a_query_that_is_understood_is_taken(server: Server, call: str) -> None:
    assert server.client.get(f"/__harness/{call}").status_code == 200


@pytest.mark.parametrize("key", [b"a b", b"x" * 101, b"../..", b"<script>", b"\xc3\xa9", b"\xff"])
@pytest.mark.parametrize("path", [PROSE_PATH, "/__harness/requests", "/__harness/scenario"])
def test_an_invalid_key_is_reported(server: Server, key: bytes, path: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    answer = server.client.get(path, headers=[*headers, (HEADER.encode(), key)])
    assert "key" in told(answer, 400)["title"]


def test_a_location_without_a_key_is_reported(server: Server) -> None:
    told(server.put("account-401", location="somewhere"), 400)


@pytest.mark.parametrize("prefer", ["code=abc", "code=999", "code=", "code", "example=acount-401", "example"])
@pytest.mark.parametrize("path", [PROSE_PATH, START])
def test_a_bad_preference_is_reported(server: Server, path: str, prefer: str) -> None:
    answer = server.client.get(path, params=start_query(), headers={**GOOD, "Prefer": prefer})
    assert "Prefer" in told(answer, 400)["detail"]


# Bodies


def hundred_megabytes() -> Iterator[bytes]:
    for _ in range(100):
        yield b"x" * MEGABYTE


@pytest.mark.parametrize(
    ("through", "method", "path", "chunked"),
    [
        ("plain", "PUT", "/__harness/scenario", False),
        ("plain", "POST", PROSE_PATH, True),
        ("gateway", "PUT", "/__harness/scenario", True),
        ("gateway", "POST", PROSE_PATH, False),
    ],
)
def test_a_body_of_a_hundred_megabytes_is_refused_and_not_kept(
    command: Command, through: str, method: str, path: str, chunked: bool
) -> None:
    served = ServeProcess(command)
    headers = {**GOOD} if chunked else {**GOOD, "Content-Length": str(100 * MEGABYTE)}
    options: dict[str, Any] = {}
    base = served.ready["stub"]
    if through == "gateway":
        base = "https://services.leadconnectorhq.com"
        options = {
            "proxy": served.ready["gateway"],
            "verify": ssl.create_default_context(cafile=served.ready["ca"]),
        }
    try:
        with httpx.Client(timeout=60, trust_env=False, **options) as client:
            client.get(base + PROSE_PATH, headers=GOOD)
            before = peak(served.process.pid)
            answer = client.request(method, base + path, content=hundred_megabytes(), headers=headers)
            assert "1048576 bytes" in told(answer, 413)["detail"]
            assert client.get(base + PROSE_PATH, headers=GOOD).status_code == 200
        assert peak(served.process.pid) - before < 20 * MEGABYTE
    finally:
        assert served.stop() == 0


def peak(pid: int) -> int:
    """Return the most memory that a process has had, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def test_a_body_within_the_limit_is_taken(server: Server) -> None:
    body = json.dumps({"name": "account-200"}).encode().ljust(MEGABYTE)
    assert server.client.put("/__harness/scenario", content=body, headers=key_header("large")).status_code == 200


# Requests that are none, and clients that take their time


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * (256 * 1024 - 23) + b"\r\n\r\n", 431),
    ],
    ids=["nonsense", "length", "header", "chunk", "long"],
)
def test_a_request_that_is_not_http_gets_a_problem_document_too(server: Server, sent: bytes, status: int) -> None:
    with dial(server.ready.stub) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((f"HTTP/1.1 {status} ".encode(), f"HTTP/1.0 {status} ".encode()))
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /__harness/health HTT",
        b"PUT /__harness/scenario HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20\r\n\r\n{",
    ],
    ids=["silent", "half a head", "half a body"],
)
def test_slow_clients_hold_up_neither_the_others_nor_the_end(sent: bytes) -> None:
    with server_in_a_thread() as server:
        slow = [dial(server.ready.stub) for _ in range(100)]
        for connection in slow:
            connection.sendall(sent)
        assert [server.client.get("/__harness/health").status_code for _ in range(5)] == [200] * 5
    for connection in slow:
        connection.settimeout(LONGEST)
        with connection, contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_clients_that_never_read_their_answers_hold_up_nobody() -> None:
    with server_in_a_thread() as server:
        silent = []
        for _ in range(70):
            connection = dial(server.ready.stub)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.sendall(b"GET /__harness/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
            silent.append(connection)
        assert server.client.get("/__harness/health").status_code == 200
    for connection in silent:
        connection.close()
