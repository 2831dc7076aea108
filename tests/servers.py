"""Servers as `oauth-window serve` runs them: the command itself, or a thread of the tests' process."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from oauth_window_harness.scenario import catalog
from oauth_window_harness.serve.options import ServeOptions
from oauth_window_harness.serve.server import ServerInfo, serve
from tests.commands import Command
from tests.worlds import LONGEST, ByName

HEADER = "X-Oauth-Window-Key"


class Server:
    """A running server: its addresses, and a client of its control API."""

    def __init__(self, ready: ServerInfo) -> None:
        self.ready = ready
        self.client = httpx.Client(
            base_url=ready.stub, transport=ByName(verify=False), trust_env=False, timeout=LONGEST
        )

    def put(self, scenario: Any, key: str | None = None, **query: str) -> httpx.Response:
        """Set a scenario, by name or as a whole."""
        body = {"name": scenario} if isinstance(scenario, str) else scenario
        return self.client.put("/__harness/scenario", json=body, headers=key_header(key), params=query)

    def requests(self, key: str | None = None) -> list[dict[str, Any]]:
        """Return the requests in the journal of a key, or of all keys."""
        found: list[dict[str, Any]] = self.client.get("/__harness/requests", headers=key_header(key)).json()["requests"]
        return found


def key_header(key: str | None) -> dict[str, str]:
    """Return the header that names a key; empty for None."""
    return {} if key is None else {HEADER: key}


@contextmanager
def server_in_a_thread(scenario: str = "account-200") -> Iterator[Server]:
    """Serve in a thread until the block ends."""
    stopped, listening = threading.Event(), threading.Event()
    ready: list[ServerInfo] = []

    def tell(one: ServerInfo) -> None:
        ready.append(one)
        listening.set()

    thread = threading.Thread(
        target=serve,
        args=(catalog.bundled_scenarios()[scenario], stopped, ServeOptions(port=0, gateway_port=0), tell),
    )
    thread.start()
    try:
        assert listening.wait(LONGEST)
        server = Server(ready[0])
        with server.client:
            yield server
    finally:
        stopped.set()
        thread.join(LONGEST)
    assert not thread.is_alive()


class ServeProcess:
    """A process of ``oauth-window serve``, and the content of its ready file."""

    def __init__(self, command: Command, *arguments: str) -> None:
        self.file = command.folder / "ready.json"
        self.process = command.start(
            "serve", "--port", "0", "--gateway-port", "0", "--ready-file", str(self.file), *arguments
        )
        assert self.process.stdout is not None
        lines = iter(self.process.stdout)
        assert "stub:" in next(lines)
        self.ready = json.loads(self.file.read_text())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=30)
        assert "Traceback" not in errors
        return self.process.returncode
