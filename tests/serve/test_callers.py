"""Who may call `serve` and the gateway: no page elsewhere whose name has been made to resolve to this machine."""

from __future__ import annotations

import json

import pytest

from tests.servers import Server
from tests.worlds import GOOD, PROSE_PATH, dial

OWN = ["localhost", "LOCALHOST:8722", "localhost.", "app.localhost", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8722"]
PLAYED = ["services.leadconnectorhq.com", "backend.leadconnectorhq.com:443", "www.facebook.com"]
FOREIGN = [
    "evil.example", "evil.example:8722", "localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost",
    "services.leadconnectorhq.com.rebind.test:8722", "localhost@evil", "127.0.0.1.nip.io", "[::2]", "10.0.0.1", "",
    "[::1", "::1", "evil.example, localhost", "x" * 2_000,
]  # fmt: skip

CONTROL = ["GET /health", "GET /scenario", "PUT /scenario", "GET /requests", "DELETE /requests", "GET /openapi.json"]


def ask(url: str, line: str, *headers: str, body: bytes = b"") -> tuple[int, str]:
    """Send a request as it stands, and return the status and the body of the response."""
    head = "\r\n".join([f"{line} HTTP/1.1", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""])
    with dial(url) as connection:
        connection.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, text = answer.decode().partition("\r\n\r\n")
    return int(head.split()[1]), text


def service_headers(host: str) -> list[str]:
    return [f"Host: {host}", *(f"{name}: {value}" for name, value in GOOD.items())]


@pytest.mark.parametrize("host", OWN)
def test_this_machines_own_names_are_answered(server: Server, host: str) -> None:
    assert ask(server.ready.stub, f"GET {PROSE_PATH}", *service_headers(host))[0] == 200
    assert ask(server.ready.stub, "GET /__harness/health", f"Host: {host}")[0] == 200


@pytest.mark.parametrize("host", PLAYED)
def test_the_names_that_are_played_are_answered_as_the_gateway_leads_them_here(server: Server, host: str) -> None:
    assert ask(server.ready.stub, f"GET {PROSE_PATH}", *service_headers(host))[0] in (200, 404)
    assert ask(server.ready.stub, "GET /__harness/health", f"Host: {host}")[0] == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_any_other_name_gets_a_problem_document_whatever_is_asked(server: Server, host: str) -> None:
    body = json.dumps({"name": "account-401"}).encode()
    lines = [f"GET {PROSE_PATH}", *(f"{method} /__harness{path}" for method, path in map(str.split, CONTROL))]
    lines += ["PUT /__harness/keys/one/__harness/scenario", f"GET /__harness/keys/one{PROSE_PATH}", "GET /favicon.ico"]
    for line in lines:
        status, text = ask(server.ready.stub, line, *service_headers(host), body=body)
        document = json.loads(text)
        assert (status, document["status"]) == (421, 421), line
        assert "127.0.0.1" in document["detail"]
        assert len(text) < 500
    assert server.client.get("/__harness/scenario").json()["name"] == "account-200"


def test_a_host_that_an_intruder_of_a_scenario_has_is_played_and_controls_nothing(server: Server) -> None:
    host = "services.leadconnectorhq.com.evil.test"
    assert ask(server.ready.stub, f"GET {PROSE_PATH}", *service_headers(host))[0] == 200
    assert ask(server.ready.stub, "GET /__harness/requests", f"Host: {host}")[0] == 421


def test_a_request_without_a_host_is_no_browsers_and_is_answered(server: Server) -> None:
    with dial(server.ready.stub) as connection:
        connection.sendall(b"GET /__harness/health HTTP/1.0\r\n\r\n")
        assert connection.recv(65536).split(b" ")[1] == b"200"


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "https://app.localhost", "http://127.0.0.1", "http://[::1]:3000"]
)
def test_a_page_of_this_machine_may_use_the_control_api(server: Server, origin: str) -> None:
    assert ask(server.ready.stub, "GET /__harness/health", "Host: localhost", f"Origin: {origin}")[0] == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost.evil.example", "file://localhost", "http://[", "", "a b"],
)
def test_a_page_of_another_site_may_not_but_the_service_answers_it(server: Server, origin: str) -> None:
    for method, path in map(str.split, [*CONTROL, "OPTIONS /scenario"]):
        line = f"{method} /__harness{path}"
        status, text = ask(server.ready.stub, line, "Host: 127.0.0.1", f"Origin: {origin}", body=b'{"name": "event"}')
        assert (status, json.loads(text)["status"]) == (403, 403), line
    service = ask(server.ready.stub, f"GET {PROSE_PATH}", *service_headers("127.0.0.1"), f"Origin: {origin}")
    assert service[0] == 200


@pytest.mark.parametrize("host", [host for host in FOREIGN if host and " " not in host and len(host) < 1_000])
def test_the_gateway_taken_for_a_web_server_by_another_name_tells_it_as_json(server: Server, host: str) -> None:
    status, text = ask(server.ready.gateway, "GET /__harness/scenario", f"Host: {host}")
    assert (status, json.loads(text)["status"]) == (421, 421)


def test_the_gateway_taken_for_a_web_server_by_its_own_name_says_what_it_is(server: Server) -> None:
    status, text = ask(server.ready.gateway, "GET /", "Host: 127.0.0.1:8723")
    assert status == 400
    assert "is a proxy" in text
