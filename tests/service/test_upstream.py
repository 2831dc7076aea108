"""Requests to a service: how an answer is read and where it ends, and that no error holds a secret."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.contract.fixture import ExchangeResponse
from oauth_window_harness.errors import HarnessError, UpstreamError, UsageError
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.service import upstream
from oauth_window_harness.service.upstream import Upstream, bearer

TOKEN = "pit-0f8fad5b-d9cb-469f-a165-70867728950e"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def get(url: str, path: str = "/", *, patience: float = 20.0, **options: Any) -> ExchangeResponse:
    """Make one request."""

    async def ask() -> ExchangeResponse:
        async with Upstream(url, patience=patience) as service:
            return await service.get(path, **{"headers": HEADERS, **options})

    return asyncio.run(ask())


@contextmanager
def serving(body: str | bytes | Iterator[bytes], status: int = 200, **headers: str) -> Iterator[str]:
    kind = headers.pop("content_type", "application/json")
    with LoopbackServer(lambda _: Response(body, status, headers, content_type=kind)) as server:
        yield server.url_for("/")


@contextmanager
def saying(*parts: bytes, ends: bool = False) -> Iterator[str]:
    """Answer one connection with bytes as they are, and then close it, or stay silent until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                for part in parts:
                    connection.sendall(part)
                if not ends:
                    over.wait(30)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("body", "read_as"),
    [
        ('{"a": [1, null]}', {"a": [1, None]}),
        (b'\xef\xbb\xbf{"a": 1}', None),
        ('{"a": NaN}', None),
        ('{"a": ', None),
        ("<h1>soon</h1>", None),
        ("[" * 80 + "]" * 80, None),
        ("[" * 100_000, None),
        ('{"a": ' + "9" * 5000 + "}", None),
        (r'{"\ud800": "\udfff"}', {"\ufffd": "\ufffd"}),
    ],
    ids=["json", "bom", "nan", "cut", "html", "deep", "deeper", "huge-number", "lone-surrogates"],
)
def test_a_body_is_json_where_it_is_json_and_text_otherwise(body: str | bytes, read_as: object) -> None:
    with serving(body) as url:
        answer = get(url)
    assert answer.body == read_as
    assert (answer.text is None) == (read_as is not None)


def test_an_answer_keeps_status_and_headers_by_lower_case_name() -> None:
    with serving("{}", 422) as url:
        answer = get(url)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/json"


def test_path_query_and_headers_are_sent_as_given() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("{}", content_type="application/json")

    with LoopbackServer(answer) as server:
        get(server.url_for("/"), "/a/b", headers={**HEADERS, "Version": "v3"}, query={"locationId": "x&y"})
    (request,) = seen
    assert (request.method, request.path, request.args["locationId"]) == ("GET", "/a/b", "x&y")
    assert (request.headers["Authorization"], request.headers["Version"]) == (f"Bearer {TOKEN}", "v3")


def test_a_redirect_is_not_followed() -> None:
    with serving("", 302, Location="https://attacker.example/") as url:
        answer = get(url)
    assert (answer.status, answer.headers["location"]) == (302, "https://attacker.example/")


def test_an_endless_body_ends_at_the_cap() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    with (
        saying(head, b" " * (upstream.MAX_BODY + 1)) as url,
        pytest.raises(UpstreamError, match="longer than 1,000,000 bytes"),
    ):
        get(url)


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        ((), "nothing"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",), "status 200, and then no end"),
    ],
    ids=["nothing", "half-a-body"],
)
def test_a_service_that_falls_silent_is_waited_for_no_longer_than_the_patience(
    parts: tuple[bytes, ...], seen: str
) -> None:
    with saying(*parts) as url, pytest.raises(UpstreamError, match="did not answer within") as caught:
        get(url, patience=0.2)
    assert caught.value.seen == seen


def test_a_slow_body_is_cut_off_by_the_patience_for_the_whole_exchange() -> None:
    """Every byte comes in time, but the whole body does not."""
    over = threading.Event()

    def drip() -> Iterator[bytes]:
        while not over.wait(0.02):
            yield b" "

    with serving(drip()) as url, pytest.raises(UpstreamError, match="did not answer within"):
        try:
            get(url, patience=0.3)
        finally:
            over.set()


@pytest.mark.parametrize(
    "parts",
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",),
        (b"HTTP/1.1 302 Found\r\nLocation: https://[::1\r\nContent-Length: 0\r\n\r\n",),
        (),
    ],
    ids=["ssh", "cut", "bad-redirect", "nothing"],
)
def test_an_answer_that_is_not_http_is_reported(parts: tuple[bytes, ...]) -> None:
    with saying(*parts, ends=True) as url, pytest.raises(UpstreamError):
        get(url)


def test_a_service_that_is_down_is_reported() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(UpstreamError, match="cannot be reached"):
            get(f"http://127.0.0.1:{closed.getsockname()[1]}")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("services.leadconnectorhq.com", "not the origin"),
        ("ftp://services.leadconnectorhq.com", "not the origin"),
        ("https://services.leadconnectorhq.com/social", "not the origin"),
        ("https://", "not the origin"),
        ("https://host:99999", "not the origin"),
        ("https://host/?token=secret-1", "not the origin"),
        ("https://user:secret-1@host", "a name or a password"),
        ("http://services.leadconnectorhq.com", "in the clear"),
        ("http://127.0.0.1.evil.test", "in the clear"),
    ],
)
def test_an_address_that_must_not_get_a_token_is_refused(url: str, what: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        Upstream(url)
    assert "secret-1" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1/", "http://localhost", "https://a.test:8443"])
def test_an_origin_is_accepted(url: str) -> None:
    assert Upstream(url).origin == url.rstrip("/")


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "Bearer abc", '"abc"', "ä"])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        bearer(token)
    assert not token or token not in str(caught.value)


def test_no_error_holds_the_token() -> None:
    def failures() -> Iterator[HarnessError]:
        for parts in ((), (b"nonsense\r\n\r\n",)):
            with saying(*parts, ends=True) as url, pytest.raises(HarnessError) as caught:
                get(url, patience=0.2)
            yield caught.value

    for error in failures():
        assert TOKEN not in f"{error!r} {error} {error.__cause__!r}"
        assert error.__suppress_context__
