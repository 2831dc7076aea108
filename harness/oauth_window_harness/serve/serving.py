"""``oauth-window serve``: the stub and the gateway on fixed ports, for tests in any language."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.errors import OutputError
from oauth_window_harness.network.fast_server import PlainServer
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve.control import Control
from oauth_window_harness.serve.front import Front
from oauth_window_harness.serve.options import ServeOptions
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.traffic import Traffic
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World

#: How long requests that are under way may take to be answered when the serving ends, in seconds.
_GRACE = 3.0


@dataclass(frozen=True)
class Ready:
    """Where everything is; the content of the ready file."""

    stub: str
    gateway: str
    ca: str
    pid: int

    def json(self) -> str:
        """Return the ready file's text."""
        return json.dumps({"stub": self.stub, "gateway": self.gateway, "ca": self.ca, "pid": self.pid}) + "\n"


def serve(
    scenario: Scenario,
    stopped: threading.Event,
    options: ServeOptions,
    tell: Callable[[Ready], None] = lambda _ready: None,
) -> None:
    """Serve until ``stopped`` is set.

    Args:
        scenario: how the service behaves where a request chooses nothing itself.
        stopped: set by whoever ends the serving.
        options: where, and how.
        tell: called once when all listens.

    Raises:
        PortTakenError: another program listens on a port.
        OutputError: the ready file cannot be written.
    """
    world, plays, traffic = _world(scenario, options)
    ready_file = options.ready_file
    with world, tempfile.TemporaryDirectory(prefix="oauth-window-") as folder:
        certificate = Path(folder, "ca.pem")
        world.authority.write(certificate)
        ready = Ready(world.stub_url, world.gateway_url, str(certificate), os.getpid())
        try:
            if ready_file is not None:
                _write(ready_file, ready.json())
            tell(ready)
            stopped.wait()
        finally:
            if ready_file is not None:
                ready_file.unlink(missing_ok=True)
            plays.end()
            traffic.drain(_GRACE)


def _world(scenario: Scenario, options: ServeOptions) -> tuple[World, Plays, Traffic]:
    known = {**catalog.bundled_scenarios(), scenario.name: scenario}
    # All that can be named, for the gateway to carry the names of all their intruders.
    world = World(
        (scenario, *known.values()),
        StubRules(strict=options.strict, bound=False, fixtures=contracts(options.fixtures)),
        passed=options.allow,
        port=options.port,
        gateway_port=options.gateway_port,
        plain=lambda answer, port: PlainServer(answer, front.waits, port=port),
    )
    plays = Plays(world.session, scenario)
    control = Control(plays, known, world.rules.fixtures, world.hosts)
    world.answer = front = Front(world.stub, plays, control)
    return world, plays, control.traffic


def _write(file: Path, text: str) -> None:
    """Write a file that is whole as soon as it is there."""
    half = file.with_name(f".{file.name}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(file)
    except OSError as error:
        raise OutputError(
            "the ready file cannot be written",
            where=str(file),
            seen=error.strerror or str(error),
            todo="name another file",
        ) from None
