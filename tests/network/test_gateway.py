"""The gateway: production names reach the stub, the app is let through, and nothing else is."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import socket
import socketserver
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Literal, Self

import httpx
import pytest
from cryptography import x509

from oauth_window_harness.errors import PortTakenError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.gateway import Client, Gateway, Routes
from oauth_window_harness.stub.world import World
from tests.ports import reserved_port
from tests.worlds import (
    FACEBOOK,
    GOOD,
    LONGEST,
    PROSE_PATH,
    SERVICE,
    dial,
    plain_client,
    proxied_client,
    refusals_of,
    requests_of,
    scenario,
    trust,
)


class App:
    """An app under test on loopback, that shows what reached it and can speak another protocol on request.

    It answers with the body that it got; ``/big`` gives `BIG` bytes; an ``Upgrade`` makes an echo of the connection.

    Attributes:
        heads: the heads of the requests that reached it.
    """

    BIG = 8_000_000

    def __init__(self) -> None:
        app = self
        self.heads: list[str] = []

        class Handler(socketserver.StreamRequestHandler):
            rbufsize = 0  # what comes after the head is read from the connection

            def handle(self) -> None:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    byte = self.rfile.read(1)
                    if not byte:
                        return
                    head += byte
                app.heads.append(head.decode())
                with suppress(OSError):  # whoever asked may have gone
                    app.answer(self.connection, head.decode().lower())

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.port: int = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(LONGEST)

    def answer(self, connection: socket.socket, head: str) -> None:
        if "\r\nupgrade:" in head:
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
            while data := connection.recv(65536):
                connection.sendall(data)
            return
        length = int(head.partition("\r\ncontent-length:")[2].partition("\r\n")[0] or 0)
        body = b"x" * self.BIG if head.startswith("get /big ") else receive(connection, length)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def receive(connection: socket.socket, length: int) -> bytes:
    """Receive so many bytes, or what comes until the other side ends."""
    data = b""
    while len(data) < length and (more := connection.recv(length - len(data))):
        data += more
    return data


def ended(connection: socket.socket) -> bool:
    """Wait for the other side to end the connection, whatever comes before; a TimeoutError says that it does not."""
    try:
        while connection.recv(65536):
            pass
    except (ConnectionError, ssl.SSLError):
        pass  # by a reset, or without TLS's own farewell
    return True


def head_of(connection: socket.socket) -> str:
    """Receive the head of a response."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and (byte := connection.recv(1)):
        head += byte
    return head.decode()


def tunnel(gateway_url: str, target: str) -> tuple[socket.socket, str]:
    """Ask for a tunnel, and give the connection and the status line."""
    connection = dial(gateway_url)
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return connection, head_of(connection).partition("\r\n")[0]


@pytest.fixture
def app() -> Iterator[App]:
    with App() as running:
        yield running


@pytest.fixture
def world() -> Iterator[World]:
    with World((scenario(),)) as running:
        yield running


@pytest.fixture
def play(world: World) -> Play:
    """What is played in the world."""
    return world.begin(scenario())


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Connections that are kept open until the test has ended."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    """A client of the page's gateway."""
    with proxied_client(world) as made:
        yield made


def still_serves(world: World) -> None:
    """Check that the stub is reached through the gateway as before."""
    with proxied_client(world) as client:
        assert client.get(SERVICE + PROSE_PATH, headers=GOOD).status_code == 200


# Who waits


def test_a_page_waits_for_its_server_while_a_request_is_open_and_not_for_a_web_socket(
    world: World, app: App, opened: ExitStack
) -> None:
    """A development server has a WebSocket with each page, for as long as the page is there."""
    world.let_pass(app.host)
    socket_of_page, _ = tunnel(world.gateway_url, app.host)
    opened.callback(socket_of_page.close)
    assert world.gateway.asking_slots() == {0}
    socket_of_page.sendall(f"GET /hot HTTP/1.1\r\nHost: {app.host}\r\nUpgrade: websocket\r\n\r\n".encode())
    assert head_of(socket_of_page).startswith("HTTP/1.1 101 ")
    assert world.gateway.asking_slots() == set()


# The production names


@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        (SERVICE + PROSE_PATH, GOOD, 200),
        (f"https://backend.leadconnectorhq.com{PROSE_PATH}", GOOD, 200),
        (f"{FACEBOOK}/login.php", {}, 200),
        ("https://WWW.Facebook.COM/login.php", {}, 200),
        (f"http://services.leadconnectorhq.com{PROSE_PATH}", GOOD, 200),
    ],
)
def test_the_production_names_reach_the_stub(
    play: Play, client: httpx.Client, url: str, headers: dict[str, str], status: int
) -> None:
    """With TLS that only the authority's certificate vouches for."""
    answer = client.get(url, headers=headers)
    assert answer.status_code == status
    assert requests_of(play)[0].url == str(httpx.URL(url))


def test_the_stub_is_trusted_by_no_one_else(world: World) -> None:
    with httpx.Client(proxy=world.gateway_url, trust_env=False, timeout=LONGEST) as stranger:  # noqa: SIM117
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            stranger.get(SERVICE + PROSE_PATH, headers=GOOD)


def test_the_certificate_names_the_production_names_only(world: World) -> None:
    plain, status = tunnel(world.gateway_url, "services.leadconnectorhq.com:443")
    with plain, trust(world).wrap_socket(plain, server_hostname="services.leadconnectorhq.com") as secured:
        presented = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    names = presented.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert status.startswith("HTTP/1.1 200 ")
    assert set(names.get_values_for_type(x509.DNSName)) == {
        "services.leadconnectorhq.com",
        "backend.leadconnectorhq.com",
        "www.facebook.com",
    }


def test_many_are_carried_at_once(world: World, play: Play) -> None:
    with ThreadPoolExecutor(8) as pool, proxied_client(world) as client:
        answers = pool.map(lambda _: client.get(SERVICE + PROSE_PATH, headers=GOOD).status_code, range(40))
        assert list(answers) == [200] * 40
    assert [request.sent_by for request in requests_of(play)] == ["page"] * 40


# Who sent what


def senders(play: Play) -> Sequence[str]:
    """Return who sent each request, whether it was answered or refused."""
    return [request.sent_by for request in requests_of(play)] + [request.sent_by for request in refusals_of(play)]


@pytest.mark.parametrize(
    "url",
    [
        f"{SERVICE}{PROSE_PATH}",
        f"http://services.leadconnectorhq.com{PROSE_PATH}",
        "https://refused.test/",
        "http://refused.test/",
    ],
)
@pytest.mark.parametrize("sender", ["page", "server"])
def test_the_two_gateways_tell_the_page_from_its_server(world: World, play: Play, url: str, sender: str) -> None:
    """Whatever the headers say."""
    gateway = world.gateway_url if sender == "page" else world.server_gateway_url
    misleading = {"User-Agent": "python-httpx"} if sender == "page" else {"Sec-Fetch-Site": "none"}
    with proxied_client(world, gateway) as client:
        try:
            client.get(url, headers=misleading)
        except httpx.ProxyError:
            assert "refused.test" in url
    assert senders(play) == [sender]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_one_port_of_two_addresses_has_a_sender_each(
    app: App, opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system gives the same port to connections from different addresses; here it is made to."""
    connect, addresses = asyncio.open_connection, iter(["127.0.0.1", "127.0.0.2"])
    ports = [0]  # the first connection takes any, the second one the same

    async def connected(host: str, goal: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await connect(host, goal, local_addr=(next(addresses), ports[-1]))
        ports.append(writer.get_extra_info("sockname")[1])
        return reader, writer

    monkeypatch.setattr(asyncio, "open_connection", connected)
    gateway = Gateway(Routes({}, frozenset({app.host})), lambda _host, _client: None)
    opened.callback(gateway.close)
    page, server = Client("page", slot=0), Client("server")
    for client in (page, server):
        connection, status = tunnel(f"http://127.0.0.1:{gateway.listen(client)}", app.host)
        opened.enter_context(connection)
        assert status.startswith("HTTP/1.1 200")

    _, port, same = ports
    assert port == same
    assert gateway.client_of(("127.0.0.1", port)) == page
    assert gateway.client_of(("127.0.0.2", port)) == server
    assert gateway.client_of(("127.0.0.3", port)) is None


@pytest.mark.parametrize(
    ("url", "headers", "sender"),
    [
        (SERVICE + PROSE_PATH, {"Sec-Fetch-Site": "cross-site"}, "page"),
        (SERVICE + PROSE_PATH, {"User-Agent": "Mozilla/5.0"}, "server"),
        ("http://refused.test/", {"User-Agent": "Mozilla/5.0"}, "page"),
        ("http://refused.test/", {"User-Agent": "python-requests/2"}, "server"),
    ],
)
def test_a_gateway_that_both_share_goes_by_the_headers(url: str, headers: dict[str, str], sender: str) -> None:
    with World((scenario(),), gateway_port=0) as world, proxied_client(world) as client:
        play = world.begin(scenario())
        assert world.gateway_url == world.server_gateway_url
        client.get(url, headers=headers)
        assert senders(play) == [sender]


# What is refused


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("refused.test:443", "refused.test:443"),
        ("refused.test:8443", "refused.test:8443"),
        ("leadconnectorhq.com:443", "leadconnectorhq.com:443"),
        ("facebook.com:443", "facebook.com:443"),
        ("services.leadconnectorhq.com.evil.test:443", "services.leadconnectorhq.com.evil.test:443"),
        ("evil-leadconnectorhq.com:443", "evil-leadconnectorhq.com:443"),
        ("[2001:db8::1]:443", "[2001:db8::1]:443"),
    ],
)
def test_a_host_that_is_not_let_through_is_refused_and_told(world: World, play: Play, target: str, host: str) -> None:
    connection, status = tunnel(world.gateway_url, target)
    with connection:
        body = connection.recv(65536).decode()
        assert ended(connection)
    assert status.startswith("HTTP/1.1 403 ")
    assert host in body
    assert "--allow" in body
    assert [(event.host, event.sent_by) for event in refusals_of(play)] == [(host, "page")]


def test_a_plain_request_to_another_host_is_refused_and_told(play: Play, client: httpx.Client) -> None:
    answer = client.get("http://refused.test:8080/path?q=1")
    assert answer.status_code == 403
    assert "refused.test:8080" in answer.text
    assert [event.host for event in refusals_of(play)] == ["refused.test:8080"]
    assert requests_of(play) == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1",
        "2130706433", "127.0.0.1.", "app.localhost", "facebook.localhost", "127.0.0.2",
        "services.leadconnectorhq.com@127.0.0.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["CONNECT", "GET"])
def test_it_is_no_open_proxy_to_this_machine(world: World, play: Play, app: App, host: str, method: str) -> None:
    """Loopback is refused under every name, unless it is the app's own address."""
    with dial(world.gateway_url) as connection:
        target = f"{host}:{app.port}"
        line = target if method == "CONNECT" else f"http://{target}/"
        connection.sendall(f"{method} {line} HTTP/1.1\r\nHost: services.leadconnectorhq.com\r\n\r\n".encode())
        assert head_of(connection).startswith("HTTP/1.1 403 ")
    assert app.heads == []
    assert len(refusals_of(play)) == 1


def test_letting_the_app_through_lets_through_nothing_else(app: App) -> None:
    with App() as other, World((scenario(),), passed={app.host}) as world:
        ours = [httpx.URL(url).port for url in (world.stub_url, world.gateway_url, world.server_gateway_url)]
        for port, status in ((app.port, 200), *((port, 403) for port in (other.port, *ours))):
            connection, line = tunnel(world.gateway_url, f"127.0.0.1:{port}")
            connection.close()
            assert line.startswith(f"HTTP/1.1 {status} ")
        assert other.heads == []


# What is let through


def test_the_app_is_reached_in_plain_http(app: App) -> None:
    """As the origin server wants it: the target in origin form, and nothing of the proxy's in the head."""
    sent = {"Cookie": "a=b", "X-Own": "1", "Proxy-Connection": "keep-alive", "Proxy-Authorization": "Basic dTpw"}
    with World((scenario(),), passed={app.host}) as world, proxied_client(world) as client:
        play = world.begin(scenario())
        answer = client.post(f"{app.url}/path;p?q=1&r=%20", content=b"body", headers=sent)
        assert (answer.status_code, answer.content) == (200, b"body")
        assert requests_of(play) == []
        assert refusals_of(play) == []
    (head,) = app.heads
    lines = head.lower().splitlines()
    assert head.splitlines()[0] == "POST /path;p?q=1&r=%20 HTTP/1.1"
    assert f"host: {app.host}" in lines
    assert {"cookie: a=b", "x-own: 1", "content-length: 4"} <= set(lines)
    assert [line for line in lines if line.startswith("connection:")] == ["connection: close"]
    assert not [line for line in lines if line.startswith("proxy-")]


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_bodies_come_through_whole_both_ways(app: App, size: int) -> None:
    body = random.Random(size).randbytes(size)
    with World((scenario(),), passed={app.host}) as world, proxied_client(world) as client:
        assert client.post(app.url, content=body).content == body


def test_the_app_is_reached_by_a_tunnel(app: App) -> None:
    with World((scenario(),), passed={app.host}) as world:
        connection, status = tunnel(world.gateway_url, app.host)
        with connection:
            assert status.startswith("HTTP/1.1 200 ")
            connection.sendall(b"GET /in-a-tunnel HTTP/1.1\r\nHost: app\r\n\r\n")
            assert head_of(connection).startswith("HTTP/1.1 200 OK")
    assert app.heads == ["GET /in-a-tunnel HTTP/1.1\r\nHost: app\r\n\r\n"]


@pytest.mark.parametrize("tunnelled", [False, True], ids=["plain", "tunnel"])
def test_a_connection_that_changes_its_protocol_goes_on(app: App, tunnelled: bool) -> None:
    """As the WebSocket of a development server that reloads its page."""
    upgrade = f"HTTP/1.1\r\nHost: {app.host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
    with World((scenario(),), passed={app.host}) as world:
        connection = tunnel(world.gateway_url, app.host)[0] if tunnelled else dial(world.gateway_url)
        with connection:
            connection.sendall(f"GET {'' if tunnelled else app.url}/socket {upgrade}".encode())
            assert head_of(connection).startswith("HTTP/1.1 101 ")
            for message in (b"one", b"\x00\xff\x81", b"z" * 100_000):
                connection.sendall(message)
                assert receive(connection, len(message)) == message
    assert "connection: upgrade" in app.heads[0].lower().splitlines()


def test_what_is_sent_after_an_upgrade_without_waiting_is_not_lost(app: App) -> None:
    with World((scenario(),), passed={app.host}) as world, dial(world.gateway_url) as connection:
        head = f"GET {app.url}/ HTTP/1.1\r\nHost: {app.host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
        connection.sendall(head.encode() + b"early")
        head_of(connection)
        assert receive(connection, 5) == b"early"


def test_the_host_is_the_one_of_the_target_whatever_the_header_says(app: App) -> None:
    """RFC 9112 §3.2.2: a proxy replaces the Host that it received."""
    with World((scenario(),), passed={app.host}) as world, dial(world.gateway_url) as connection:
        connection.sendall(f"GET {app.url}/ HTTP/1.1\r\nHost: services.leadconnectorhq.com\r\n\r\n".encode())
        head_of(connection)
    assert f"host: {app.host}" in app.heads[0].lower().splitlines()


@pytest.mark.parametrize(("passed", "name"), [("localhost:{}", "localhost"), ("localhost", "LOCALHOST")])
def test_a_host_may_pass_by_name_with_one_port_or_with_any(app: App, passed: str, name: str) -> None:
    with World((scenario(),), passed={passed.format(app.port)}) as world, proxied_client(world) as client:
        assert client.get(f"http://{name}:{app.port}/").status_code == 200


def test_a_host_can_be_let_through_while_it_runs(world: World, client: httpx.Client, app: App) -> None:
    assert client.get(app.url).status_code == 403
    world.let_pass(app.host)
    assert client.get(app.url).status_code == 200
    still_serves(world)


def test_an_app_that_is_not_there_is_told_as_such(world: World, play: Play, client: httpx.Client) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        world.let_pass(host)
        answer = client.get(f"http://{host}/")
    assert answer.status_code == 502
    assert host in answer.text
    assert refusals_of(play) == []


# Ports


@pytest.mark.parametrize("which", ["port", "gateway_port"])
def test_a_port_that_is_taken_is_told_and_nothing_stays_behind(which: str) -> None:
    before = set(threading.enumerate())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        wanted = (port, 0) if which == "port" else (0, port)
        world = World((scenario(),), port=wanted[0], gateway_port=wanted[1])
        with pytest.raises(PortTakenError) as error, world:
            pass
    assert f"127.0.0.1:{port}" in str(error.value)
    assert error.value.exit_code == 3
    assert left_behind(before) == []


def test_the_ports_that_were_asked_for_are_the_ones_used() -> None:
    with reserved_port() as port, reserved_port() as gateway_port:
        for _ in range(2):  # the second time at once, as after a restart
            with World((scenario(),), port=port, gateway_port=gateway_port) as world:
                assert world.stub_url == f"http://127.0.0.1:{port}"
                assert world.gateway_url == f"http://127.0.0.1:{gateway_port}"
                still_serves(world)


def listening() -> set[tuple[str, int]]:
    """Return where this process listens, as the kernel has it (proc_net_tcp(5))."""
    inodes = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            inodes.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
        except OSError:
            continue  # the folder's own
    found = set()
    for table in ("tcp", "tcp6"):
        for row in (Path("/proc/self/net") / table).read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                packed = b"".join(struct.pack("<I", int(address[at : at + 8], 16)) for at in range(0, len(address), 8))
                family = socket.AF_INET if table == "tcp" else socket.AF_INET6
                found.add((socket.inet_ntop(family, packed), int(port, 16)))
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="where a process listens is asked of Linux")
def test_all_that_listens_listens_on_loopback_only() -> None:
    before = listening()
    with World((scenario(),)) as world:
        ours = listening() - before
        urls = {httpx.URL(url).port for url in (world.stub_url, world.gateway_url, world.server_gateway_url)}
    assert {address for address, _ in ours} == {"127.0.0.1"}
    assert {port for _, port in ours} > urls
    assert listening() == before


# Those who do not behave


def reset(connection: socket.socket) -> None:
    """Go away without a word: RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The certainty that nothing was thrown that nobody caught: asyncio would write it to the user's terminal."""
    with caplog.at_level(logging.WARNING):
        yield
        gc.collect()
    phases: tuple[Literal["call", "teardown"], ...] = ("call", "teardown")
    assert [record.getMessage() for phase in phases for record in caplog.get_records(phase)] == []


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\r\n" * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        random.Random(1).randbytes(4096),
        b"A" * 300_000,
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT : HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT refused.test:99999 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT refused.test:port HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT [::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT [zz]:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://refused.test:-1/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET ftp://refused.test/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://refused.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET http://refused.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
@pytest.mark.usefixtures("quiet")
def test_garbage_is_refused_or_dropped_and_does_no_harm(world: World, garbage: bytes) -> None:
    with dial(world.gateway_url) as connection:
        try:
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has hung up already
        answer = receive_all(connection)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    still_serves(world)


def test_a_request_that_names_no_host_is_no_request_to_another_host(world: World, play: Play) -> None:
    """As of someone who takes the gateway's address for a web page: it is told so, and nothing is found in it."""
    answer = httpx.get(world.gateway_url, trust_env=False, timeout=LONGEST)
    assert answer.status_code >= 400
    assert "--allow  " not in answer.text
    assert refusals_of(play) == []


def receive_all(connection: socket.socket) -> bytes:
    data = b""
    try:
        while more := connection.recv(65536):
            data += more
    except ConnectionError:
        pass
    return data


@pytest.mark.parametrize("leave", [socket.socket.close, reset], ids=["close", "reset"])
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET http://half",
        b"CONNECT services.leadconnectorhq.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT services.leadconnectorhq.com:443 HTTP/1.1\r\nHost: x\r\n\r\n\x16\x03\x01",
        b"CONNECT refused.test:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://{app}/big HTTP/1.1\r\nHost: {app}\r\n\r\n",
        b"POST http://{app}/ HTTP/1.1\r\nHost: {app}\r\nContent-Length: 1000000\r\n\r\nhalf a body",
        b"GET http://{app}/ HTTP/1.1\r\nHost: {app}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello",
    ],
)
@pytest.mark.usefixtures("quiet")
def test_a_client_that_goes_away_does_no_harm(app: App, sent: bytes, leave: Callable[[socket.socket], None]) -> None:
    with World((scenario(),), passed={app.host}) as world:
        for _ in range(3):
            connection = dial(world.gateway_url)
            connection.sendall(sent.replace(b"{app}", app.host.encode()))
            leave(connection)
        still_serves(world)


@pytest.mark.usefixtures("quiet")
def test_an_app_that_hangs_up_is_told_to_the_client_by_hanging_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        host = f"127.0.0.1:{rude.getsockname()[1]}"
        with World((scenario(),), passed={host}) as world:
            connection, _ = tunnel(world.gateway_url, host)
            with connection:
                far, _ = rude.accept()
                reset(far)
                assert ended(connection)
            still_serves(world)


def test_one_who_is_silent_holds_up_no_one(world: World) -> None:
    silent = [dial(world.gateway_url) for _ in range(20)]
    silent += [tunnel(world.gateway_url, "services.leadconnectorhq.com:443")[0] for _ in range(20)]
    still_serves(world)
    for connection in silent:
        connection.close()


# The end


def left_behind(before: set[threading.Thread]) -> list[str]:
    """Return the threads that are still there after having had time to end."""
    for thread in set(threading.enumerate()) - before:
        thread.join(LONGEST / 5)
    return [thread.name for thread in set(threading.enumerate()) - before]


def test_the_worlds_end_ends_all_threads_and_connections(app: App, opened: ExitStack) -> None:
    """Whatever those who are connected are doing, and though none of them goes away."""
    before, listened = set(threading.enumerate()), listening()
    with World((scenario(),), passed={app.host}) as world:
        silent = opened.enter_context(dial(world.gateway_url))
        half = opened.enter_context(dial(world.server_gateway_url))
        half.sendall(b"GET http://half")
        idle = opened.enter_context(tunnel(world.gateway_url, app.host)[0])
        upgraded = opened.enter_context(dial(world.gateway_url))
        upgraded.sendall(f"GET {app.url}/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n".encode())
        head_of(upgraded)
        unsecured = opened.enter_context(tunnel(world.gateway_url, "www.facebook.com:443")[0])
        plain = opened.enter_context(tunnel(world.server_gateway_url, "www.facebook.com:443")[0])
        secured = opened.enter_context(trust(world).wrap_socket(plain, server_hostname="www.facebook.com"))
    assert [ended(connection) for connection in (silent, half, idle, upgraded, unsecured, secured)] == [True] * 6
    assert left_behind(before) == []
    assert listening() == listened


def test_the_worlds_end_ends_a_connection_whose_client_does_not_read(app: App, opened: ExitStack) -> None:
    before = set(threading.enumerate())
    with World((scenario(),), passed={app.host}) as world:
        stuck = opened.enter_context(dial(world.gateway_url))
        stuck.sendall(f"GET {app.url}/big HTTP/1.1\r\nHost: {app.host}\r\n\r\n".encode())
        assert stuck.recv(1) == b"H"
    assert ended(stuck)
    assert left_behind(before) == []


@pytest.mark.parametrize("sent", [b"", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"])
def test_the_worlds_end_ends_a_connection_to_the_stub_itself(sent: bytes, opened: ExitStack) -> None:
    before = set(threading.enumerate())
    with World((scenario(),)) as world:
        connection = opened.enter_context(dial(world.stub_url))
        connection.sendall(sent)
        with plain_client(world) as client:  # by its answer, the connection before it has been taken up
            client.get(PROSE_PATH)
    assert ended(connection)
    assert left_behind(before) == []


def test_worlds_live_side_by_side() -> None:
    with World((scenario(),)) as one, World((scenario(),)) as other:
        plays = [world.begin(scenario()) for world in (one, other)]
        still_serves(one)
        assert [len(requests_of(play)) for play in plays] == [1, 0]
        still_serves(other)
    assert [len(requests_of(play)) for play in plays] == [1, 1]
