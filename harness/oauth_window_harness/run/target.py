"""The page under test: the one that the options name, with its process, or the reference app of this run."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.errors import UsageError
from oauth_window_harness.network.hosts import LOOPBACK_NAMES
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reference import LOCATION, USER
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:  # httpx is slow to import
    from oauth_window_harness.run.app_process import AppProcess

_PORTS = {"http": 80, "https": 443}


@contextmanager
def app_of(
    world: World, options: RunOptions, at_once: int = 1, process: AppProcess | None = None
) -> Iterator[Sequence[Target]]:
    """Yield the page under test as each of the plays at once reaches it, while it runs.

    That is the page that the options name, the same for all; or a reference app for each of them.

    Args:
        world: where it is played.
        options: the options of the run.
        at_once: how many plays are played at once.
        process: the page's app, where the run has started it.
    """
    if options.deliver is not None:
        world.let_pass(address_of(options.deliver, "--deliver"))
        if options.app is None:
            yield [_backend_target(options, options.deliver)]
            return
    if options.app is not None:
        world.let_pass(address_of(options.app), *LOOPBACK_NAMES)
        of_kind = page_target if options.deliver is None else _backend_target
        target = of_kind(options, options.app)
        if process is not None:
            target = replace(target, app_failure=process.failure, app_errors=process.errors)
        yield [target] * at_once
        return
    with ExitStack() as stack:
        apps = [stack.enter_context(_run_reference_app(world, options, slot)) for slot in range(at_once)]
        selectors = ("[data-testid=connect]", "[data-testid=connected]", "[data-testid=failed]")
        yield [Target(url, *selectors, options.patience) for url in apps]


def page_target(options: RunOptions, url: str) -> Target:
    """Return the page at this address, with what the options say of it."""
    return Target(
        url,
        options.connect,
        options.connected,
        options.failed,
        options.patience,
        before=options.before,
        then=options.then,
    )


def _backend_target(options: RunOptions, url: str) -> Target:
    """Return the target for the mock's own page, whose outcome is that of the backend's answer."""
    return Target(url, "", "a 2xx answer", "any other answer", options.patience)


@asynccontextmanager
async def started_app(world: World, options: RunOptions) -> AsyncIterator[AppProcess | None]:
    """Run ``--app-command``, if there is one, in an environment that leads the app to the stub.

    Raises:
        UsageError: it is not named where the app answers, or that cannot be used.
    """
    if options.app_command is None:
        yield None
        return
    from oauth_window_harness.run.app_process import running_app  # noqa: PLC0415 - only this needs it

    with _arguments(world, options) as arguments:
        async with running_app(*arguments) as process:
            yield process


@contextmanager
def started_app_blocking(world: World, options: RunOptions) -> Iterator[AppProcess | None]:
    """Run ``--app-command`` as `started_app` does, where no event loop can be waited on."""
    if options.app_command is None:
        yield None
        return
    from oauth_window_harness.run.app_process import app_process  # noqa: PLC0415 - only this needs it

    with _arguments(world, options) as arguments, app_process(*arguments) as process:
        yield process


@contextmanager
def _arguments(world: World, options: RunOptions) -> Iterator[tuple[str, str, Mapping[str, str], Redactor, Path]]:
    """Yield the arguments with which the app is run, while the file of the certificate is there."""
    assert options.app_command is not None
    if options.app is None:
        raise UsageError("--app-command without --app", where="--app-command", todo="name with --app where it answers")
    address_of(options.app)
    with TemporaryDirectory(prefix="oauth-window-") as folder:
        certificate = Path(folder, "ca.pem")
        world.authority.write(certificate)
        environment = world.environment(certificate)
        yield options.app_command, options.app, environment, world.redactor, options.output / "app.log"


@contextmanager
def _run_reference_app(world: World, options: RunOptions, slot: int) -> Iterator[str]:
    from oauth_window_harness.reference.app import ReferenceApp  # noqa: PLC0415 - only this needs it

    with drivers.backend_client(world, options, slot) as http:
        app = ReferenceApp(
            http,
            token=options.token or f"pit-{uuid.uuid4()}",
            location=options.location or LOCATION,
            user=options.user or USER,
        )
        with LoopbackServer(app, keep_alive=options.driver == "mock") as server:
            world.let_pass(f"{LOOPBACK}:{server.port}")
            yield f"http://{LOOPBACK}:{server.port}/"


def address_of(url: str, where: str = "--app") -> str:
    """Return ``host:port`` of the page under test.

    Raises:
        UsageError: the address is not that of an http or https page.
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
