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
from oauth_window_harness.network.hosts import is_loopback
from oauth_window_harness.run.code.of_plays import PlayPlaces
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve import app, app_files
from oauth_window_harness.serve.control import Control
from oauth_window_harness.serve.dispatcher import Dispatcher
from oauth_window_harness.serve.options import ServeOptions
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World

#: How long requests that are under way may still take when the server stops, in seconds.
_GRACE = 3.0


@dataclass(frozen=True)
class ServerInfo:
    """The addresses of a running server; the content of the ready file.

    Attributes:
        stub: the stub's plain address.
        gateway: the gateway's address.
        ca: the file of the authority's certificate.
        pid: the id of the server's process.
    """

    stub: str
    gateway: str
    ca: str
    pid: int

    def json(self) -> str:
        """Return the ready file's text."""
        return json.dumps({"stub": self.stub, "gateway": self.gateway, "ca": self.ca, "pid": self.pid}) + "\n"


def serve(
    scenario: Scenario,
    stop_signal: threading.Event,
    options: ServeOptions,
    tell: Callable[[ServerInfo], None] = lambda _ready: None,
) -> int | None:
    """Serve until ``stop_signal`` is set, or the app has ended that it was to start; return that app's exit code.

    Args:
        scenario: the scenario of every request that chooses no other.
        stop_signal: set by the caller to stop the server.
        options: the options of the command.
        tell: called once, when everything listens.

    Raises:
        PortTakenError: another program listens on a port.
        OutputError: a file cannot be written.
        UsageError: a file that is to be written holds something else.
        AppUnreachableError: the app cannot be started.
    """
    app_files.check_certificate(options.ca)
    world, plays, control = _world(scenario, options)
    with world, tempfile.TemporaryDirectory(prefix="oauth-window-") as folder:
        certificate = (options.ca or Path(folder, "ca.pem")).absolute()
        _write(certificate, world.authority.pem().decode(), "the certificate")
        ready = ServerInfo(world.stub_url, world.gateway_url, str(certificate), os.getpid())
        environment = world.environment(certificate)
        variables = app_files.as_file(app.backend_environment(environment))
        app_files.check_environment(options.env_file, variables)
        try:
            if options.env_file is not None:
                _write(options.env_file, variables, "the file of the environment")
            if options.ready_file is not None:
                _write(options.ready_file, ready.json(), "the ready file")
            tell(ready)
            if not options.command:
                stop_signal.wait()
                return None
            environment = app.backend_environment(environment, os.environ.get("NODE_OPTIONS", ""))
            with app.running(options.command, environment, world.redactor, stop_signal.set) as started:
                control.observer_api.diagnoser.observations.app_errors = started.errors
                stop_signal.wait()
                return started.exit_code()
        finally:
            if options.ready_file is not None:
                options.ready_file.unlink(missing_ok=True)
            if options.env_file is not None:
                app_files.remove(options.env_file, variables)
            plays.end()
            control.in_flight.drain(_GRACE)


def _world(scenario: Scenario, options: ServeOptions) -> tuple[World, Plays, Control]:
    known = {**catalog.bundled_scenarios(), scenario.name: scenario}
    # Every scenario that can be named, so that the gateway carries the hosts of all their intruders.
    world = World(
        (scenario, *known.values()),
        StubRules(strict=options.strict, requires_connection=False, fixtures=contracts(options.fixtures)),
        passed=options.allow,
        port=options.port,
        gateway_port=options.gateway_port,
        plain=lambda answer, port: PlainServer(answer, dispatcher.may_wait, port=port),
    )
    plays = Plays(world.session, scenario, redactor=world.redactor)
    control = Control(plays, known, world.rules.fixtures, world.hosts)
    # Anew for each diagnosis: the app's scripts may be changed while the server runs. Its gateway refuses pages of this
    # machine, unless --allow names them: a browser goes to these by itself.
    control.observer_api.diagnoser.placed = lambda found, flow: PlayPlaces(world, is_loopback).placed_now(found, flow)
    world.answer = dispatcher = Dispatcher(world.stub, plays, control, world.hosts)
    return world, plays, control


def _write(file: Path, text: str, what: str) -> None:
    """Write a file in one step, so that a reader never sees a part of it."""
    partial = file.with_name(f".{file.name}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise OutputError(
            f"{what} cannot be written",
            where=str(file),
            seen=error.strerror or str(error),
            todo="name another file",
        ) from None
