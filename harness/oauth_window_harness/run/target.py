"""The page under test: the one that the options name, with its process, or the reference app of this run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.errors import UsageError
from oauth_window_harness.network.hosts import LOOPBACK_NAMES
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.reference import LOCATION, USER
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:  # httpx is slow to import
    from oauth_window_harness.run.app_process import AppProcess

_PORTS = {"http": 80, "https": 443}


@contextmanager
def app_of(world: World, options: RunOptions, at_once: int = 1) -> Iterator[Sequence[Target]]:
    """Yield the page under test as each of the plays at once reaches it, while it runs.

    That is the page that the options name, the same for all; or a reference app for each of them.
    """
    if options.deliver is not None:
        world.let_pass(address_of(options.deliver, "--deliver"))
        if options.app is None and options.app_command is None:
            yield [_backend_target(options, options.deliver)]
            return
    if options.app is not None:
        world.let_pass(address_of(options.app), *LOOPBACK_NAMES)
        with _run_app(world, options, options.app) as process:
            of_kind = page_target if options.deliver is None else _backend_target
            target = of_kind(options, options.app)
            if process is not None:
                target = replace(target, app_failure=process.failure, app_errors=process.errors)
            yield [target] * at_once
        return
    if options.app_command is not None:
        raise UsageError("--app-command without --app", where="--app-command", todo="name with --app where it answers")
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


@contextmanager
def _run_app(world: World, options: RunOptions, url: str) -> Iterator[AppProcess | None]:
    """Run ``--app-command``, if there is one, in an environment that leads the app to the stub."""
    if options.app_command is None:
        yield None
        return
    from oauth_window_harness.run.app_process import app_process  # noqa: PLC0415 - only this needs it

    with TemporaryDirectory(prefix="oauth-window-") as folder:
        certificate = Path(folder, "ca.pem")
        world.authority.write(certificate)
        log = options.output / "app.log"
        environment = world.environment(certificate)
        with app_process(options.app_command, url, environment, world.redactor, log) as process:
            yield process


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
