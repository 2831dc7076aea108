"""How many account GETs `oauth-window serve` answers in a second, with its journal on; printed, never asserted.

Measured in turns with it: a bare pytest-httpserver handler that returns the same bytes, and, where npm can install it,
Prism with one route and its log off. Eight connections each; a server that closes its connections, as pytest-httpserver
does, gets a new one for each request.
"""

from __future__ import annotations

import json
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.resources import bundled
from tests.ports import reserved_port

PATH = "/social-media-posting/oauth/facebook/accounts/658a9b6833b91e0ecb8f3958"
HEADERS = "Accept: */*\r\nAuthorization: Bearer anything-well-formed\r\nVersion: 2021-07-28\r\nUser-Agent: bench\r\n"
CONNECTIONS = 8
REQUESTS = 2_000
PRISM = "@stoplight/prism-cli@5.14.2"
#: The time within which a server must start, and an answer must come, in seconds.
PATIENCE = 30.0

_BARE = """
import sys, threading
from pytest_httpserver import HTTPServer
path, body = sys.argv[1:]
server = HTTPServer(threaded=True)
server.expect_request(path).respond_with_data(body, content_type="application/json; charset=utf-8")
server.start()
print(server.port, flush=True)
threading.Event().wait()
"""


@dataclass
class Measurement:
    """The figures of one server: the rate of each round, and the duration of each answer."""

    per_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median of the rounds, in requests per second."""
        return statistics.median(self.per_second)

    @property
    def p99(self) -> float:
        """The 99th percentile of the durations of answers, in milliseconds."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


def main(rounds: int = 5) -> None:
    """Run the rounds and print the figures."""
    body = FixtureSet(bundled("contracts") / "facebook").exchange("account-200").response.constant_body or ""
    with ExitStack() as stack:
        ports = {"serve": stack.enter_context(serve()), "bare": stack.enter_context(bare_server(body))}
        prism = stack.enter_context(prism_server(body))
        if isinstance(prism, int):
            ports["Prism"] = prism
        else:
            print(f"Prism: skipped, {prism}")
        measurements = {name: Measurement() for name in ports}
        for name, port in ports.items():
            load(port, REQUESTS // 4, Measurement())  # what a server does only once is done before
            if name == "serve":
                check(port, body)
        for _ in range(rounds):
            for name, port in ports.items():
                load(port, REQUESTS, measurements[name])
    for name, one in measurements.items():
        print(f"  {name}: {one.rate:.0f} account GETs per second, p99 {one.p99:.1f} ms")
    ratios = ", ".join(
        f"{measurements['serve'].rate / measurements[name].rate:.2f} of {name}" for name in ports if name != "serve"
    )
    print(f"{CONNECTIONS} connections, {rounds} rounds of {REQUESTS}: serve has {ratios}; goal 0.85 of bare, p99 10 ms")


def load(port: int, count: int, into: Measurement) -> None:
    """Send ``count`` requests on eight connections, and add the figures to a measurement."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HEADERS}\r\n".encode()
    with selectors.DefaultSelector() as selector:
        sent = done = 0
        began = time.perf_counter()
        for _ in range(CONNECTIONS):
            send(selector, None, port, request)
            sent += 1
        while done < count:
            ready = selector.select(PATIENCE)
            if not ready:
                raise SystemExit(f"no answer on port {port} for {PATIENCE:.0f} s")
            for key, _ in ready:
                connection: socket.socket = key.fileobj  # type: ignore[assignment]
                sent_at, part = key.data
                received = connection.recv(65536)
                answer = part + received
                if not received or not is_whole(answer):
                    if not received:
                        raise SystemExit(f"port {port} ended a connection in the middle of an answer")
                    selector.modify(connection, selectors.EVENT_READ, (sent_at, answer))
                    continue
                into.milliseconds.append((time.perf_counter() - sent_at) * 1000)
                done += 1
                selector.unregister(connection)
                keeps = b"\r\nconnection: close" not in answer.lower() and not answer.startswith(b"HTTP/1.0")
                if not keeps or sent >= count:
                    connection.close()
                if sent < count:
                    send(selector, connection if keeps else None, port, request)
                    sent += 1
        into.per_second.append(count / (time.perf_counter() - began))


def send(selector: selectors.BaseSelector, connection: socket.socket | None, port: int, request: bytes) -> None:
    """Send the request, on a new connection if None is given."""
    sent_at = time.perf_counter()
    if connection is None:
        connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(request)
    selector.register(connection, selectors.EVENT_READ, (sent_at, b""))


def is_whole(answer: bytes) -> bool:
    """Return whether the head and the whole body have come."""
    head, separator, body = answer.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    return bool(separator) and len(body) >= int(length.split(b"\r\n")[0])


def check(port: int, body: str) -> None:
    """Check that the server returns the documented answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{HEADERS}\r\n".encode())
        assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(body.encode())


@contextmanager
def serve() -> Iterator[int]:
    """Run `oauth-window serve`, and yield the stub's port."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ready.json")
        command = ["oauth-window", "serve", "--port", "0", "--gateway-port", "0", "--ready-file", str(file)]
        with run(command) as process:
            assert process.stdout is not None
            process.stdout.readline()
            yield int(json.loads(file.read_text())["stub"].rpartition(":")[2])


@contextmanager
def bare_server(body: str) -> Iterator[int]:
    """Run a bare pytest-httpserver handler, and yield its port."""
    with run([sys.executable, "-c", _BARE, PATH, body]) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


@contextmanager
def prism_server(body: str) -> Iterator[int | str]:
    """Install Prism in a temporary folder, run it, and yield its port, or the reason why it does not run."""
    npm = shutil.which("npm")
    if npm is None:
        yield "there is no npm"
        return
    with tempfile.TemporaryDirectory() as folder:
        options = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        npm_install = subprocess.run([npm, "install", *options, PRISM], capture_output=True, text=True, check=False)
        if npm_install.returncode:
            yield f"npm cannot install {PRISM}"
            return
        specification = Path(folder, "one-route.json")
        specification.write_text(json.dumps(one_route(json.loads(body))))
        program = str(Path(folder, "node_modules", ".bin", "prism"))
        with (
            reserved_port() as port,
            run([program, "mock", "--port", str(port), "--verboseLevel", "silent", str(specification)]),
        ):
            yield port if listens(port) else "it does not start"


def one_route(example: object) -> dict[str, object]:
    """Return the OpenAPI document of the one route."""
    answer = {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}, "example": example}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "One route", "version": "1"},
        "paths": {PATH: {"get": {"responses": {"200": answer}}}},
    }


def listens(port: int) -> bool:
    """Wait until something listens on a port; return False where nothing does within the patience."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


@contextmanager
def run(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the block ends."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
