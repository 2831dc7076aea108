"""One run from its options to its exit code: the world, the app, the driver, and what is told of it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import urlsplit

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.drivers.base import Target
from oauth_window_harness.errors import ExitCode, HarnessError, UsageError
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.reference import LOCATION, USER
from oauth_window_harness.results.baseline import BASELINE, Baseline, read_baseline, write_baseline
from oauth_window_harness.results.events import Listener
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run import drivers
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

#: Where nothing is named: the one control that says what it connects.
CONNECT = ':is(button, a[href], [role=button], input[type=button], input[type=submit]):text-matches("facebook", "i")'

DriverName = Literal["playwright", "mock"]

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class RunOptions:
    """The options of ``oauth-window run``; see product's README for each."""

    app: str | None = None
    app_command: str | None = None
    connect: str | None = None
    connected: str | None = None
    failed: str | None = None
    token: str | None = None
    token_env: str | None = None
    location: str | None = None
    user: str | None = None
    allow: tuple[str, ...] = ()
    driver: DriverName = "playwright"
    deliver: str | None = None
    executable: str | None = None
    headed: bool = False
    patience: float = 5.0
    repeat: int = 1
    fixtures: Path | None = None
    output: Path = Path("oauth-window-report")
    baseline: Path | None = None
    write_baseline: bool = False


async def run(
    scenarios: Sequence[Scenario],
    options: RunOptions,
    folder: ArtifactFolder,
    listeners: Sequence[Listener],
    again: Sequence[str] = (),
) -> Results:
    """Play the scenarios and give what came of it.

    Args:
        scenarios: what is played.
        options: how.
        folder: where files are left.
        listeners: who is told.
        again: the command line that runs one scenario again, without its name.
    """
    drivers.check(options)
    known = _baseline(options)
    with drivers.world_for(scenarios, options) as world, app_of(world, options) as target:
        async with runner_in(world, target, options, folder, listeners, again, known) as runner:
            results = await runner.run(scenarios, repeat=options.repeat)
    if options.write_baseline:
        write_baseline(options.baseline or BASELINE, results, known)
    return results


@asynccontextmanager
async def runner_in(
    world: World,
    target: Target,
    options: RunOptions,
    folder: ArtifactFolder,
    listeners: Sequence[Listener],
    again: Sequence[str] = (),
    known: Baseline | None = None,
) -> AsyncIterator[Runner]:
    """Give what plays scenarios in a world, with the driver that the options ask for."""
    async with drivers.driver_for(world, options) as driver:
        app = options.app or options.deliver or "reference"
        yield Runner(world, driver, target, folder, app, listeners, again, known or Baseline())


def exit_code(results: Results, *, written: bool = False) -> ExitCode:
    """Give the exit code of a run that went to its end; what was written into the baseline is known from then on."""
    if results.summary.failed and not written:
        return ExitCode.FOUND
    return ExitCode.ENVIRONMENT if results.summary.broken else ExitCode.HELD


def check_fixtures(scenarios: Sequence[Scenario], fixtures: FixtureSet) -> None:
    """See that every fixture that a scenario names is there.

    Raises:
        UsageError: one is not.
        BadFileError: the folder holds none, or a file that is none.
    """
    fixtures.names()
    for scenario in scenarios:
        try:
            exchanges, events = scenario.fixtures()
            for name in exchanges:
                fixtures.exchange(name)
            for name in events:
                fixtures.event(name)
        except UsageError as error:
            raise UsageError(
                error.what, where=f"the scenario {scenario.name}", seen=error.seen, todo=error.todo
            ) from None


def _baseline(options: RunOptions) -> Baseline:
    file = options.baseline or BASELINE
    if options.baseline is None and not options.write_baseline:
        return Baseline()
    if options.write_baseline and not file.exists():
        return Baseline()
    return read_baseline(file)


@contextmanager
def app_of(world: World, options: RunOptions) -> Iterator[Target]:
    """Give the page under test: the one that was named, or the reference app, started for this run."""
    if options.deliver is not None:
        world.let_pass(address_of(options.deliver, "--deliver"))
        if options.app is None and options.app_command is None:
            yield _backend(options, options.deliver)
            return
    if options.app is not None:
        world.let_pass(address_of(options.app))
        with _process(world, options, options.app) as ended:
            connect = options.connect or CONNECT
            target = (
                _backend(options, options.app)
                if options.deliver is not None
                else Target(options.app, connect, options.connected, options.failed, options.patience)
            )
            yield replace(target, ended=ended)
        return
    if options.app_command is not None:
        raise UsageError("--app-command without --app", where="--app-command", todo="name with --app where it answers")
    with _reference(world, options) as url:
        yield Target(
            url,
            "[data-testid=connect]",
            "[data-testid=connected]",
            "[data-testid=failed]",
            options.patience,
        )


def _backend(options: RunOptions, url: str) -> Target:
    """Give the page that stands in the place of the app's own, of which a backend's answers say how it went."""
    return Target(url, "", "a 2xx answer", "any other answer", options.patience)


@contextmanager
def _process(world: World, options: RunOptions, url: str) -> Iterator[Callable[[], HarnessError | None]]:
    """Run the app's own command, where there is one, in an environment that leads it to the stub; give its fate."""
    if options.app_command is None:
        yield lambda: None
        return
    from oauth_window_harness.run.app_process import app_process  # noqa: PLC0415 - only this needs it

    with TemporaryDirectory(prefix="oauth-window-") as folder:
        certificate = Path(folder, "ca.pem")
        world.authority.write(certificate)
        log = options.output / "app.log"
        environment = world.environment(certificate)
        with app_process(options.app_command, url, environment, world.redactor, log) as ended:
            yield ended


@contextmanager
def _reference(world: World, options: RunOptions) -> Iterator[str]:
    from oauth_window_harness.reference.app import ReferenceApp  # noqa: PLC0415 - only this needs it

    with drivers.backend_client(world, options) as http:
        app = ReferenceApp(
            http,
            token=options.token or f"pit-{uuid.uuid4()}",
            location=options.location or LOCATION,
            user=options.user or USER,
        )
        with LoopbackServer(app, keeps=options.driver == "mock") as server:
            world.let_pass(f"{LOOPBACK}:{server.port}")
            yield f"http://{LOOPBACK}:{server.port}/"


def address_of(url: str, where: str = "--app") -> str:
    """Give ``host:port`` of the page under test.

    Raises:
        UsageError: the address is none of a page.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts = None
        port = 0
    if parts is None or not parts.hostname:
        raise UsageError(
            "the address of the app cannot be used", where=where, seen=url, todo="name an http or https address"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{port}"
