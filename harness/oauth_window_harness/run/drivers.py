"""Makes the driver that the options name, and the world that it needs."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.contract.rules import AcceptedValues
from oauth_window_harness.drivers.base import Driver
from oauth_window_harness.drivers.browsers import missing_browser_error
from oauth_window_harness.drivers.endpoints import endpoints_of
from oauth_window_harness.drivers.engines import ALL, CHROMIUM, ENGINES, check_name, engine_named
from oauth_window_harness.errors import BrowserMissingError, UsageError
from oauth_window_harness.journal.clock import Clock, SkippingClock
from oauth_window_harness.network.gateway import Routes
from oauth_window_harness.redact import secrets_of_address
from oauth_window_harness.reference import LOCATION, USER
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.storage_state import secrets_of, storage_state
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:
    import httpx

    from oauth_window_harness.drivers.playwright.launch import Launch

#: The shortest time that the API takes to answer a browser, in seconds; no network is faster. A page draws its waiting
#: state before the answer comes, so that this cannot be mistaken for a reaction to the answer.
LATENCY = 0.04


def check(options: RunOptions) -> None:
    """Check that the options fit the driver.

    Raises:
        UsageError: an option has no effect with this driver, or names no browser.
    """
    check_name(options.browser)
    mock = options.driver == "mock"
    wrong = {"--deliver": bool(options.deliver) and not mock}
    wrong |= {"--deliver-body": options.deliver_body is not None and not (mock and options.deliver)}
    for_browsers = {
        "--browser": options.browser != CHROMIUM.name,
        "--headed": options.headed,
        "--executable": options.executable,
        "--endpoint": options.endpoint,
        "--before": options.before,
        "--then": options.then,
        "--storage-state": options.storage_state,
    }
    wrong |= {name: bool(value) and mock for name, value in for_browsers.items()}
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(
                f"{name} is of no use with --driver {options.driver}",
                where=name,
                todo="leave it out" if mock else "a browser runs the page itself; name --driver mock to test without",
            )
    if options.endpoint:
        _check_endpoints(options)
    if options.executable and options.browser == ALL:
        raise UsageError(
            "one program cannot be every browser",
            where="--executable and --browser all",
            seen=options.executable,
            todo="leave one of them out; "
            + ", ".join(engine.variable for engine in ENGINES.values())
            + " name one each",
        )


def _check_endpoints(options: RunOptions) -> None:
    """Check that the options fit browsers that somebody else has started.

    Raises:
        UsageError: an endpoint cannot be used, or an option has no effect on it.
    """
    devtools = [one for one in endpoints_of(options.endpoint) if one.is_devtools]
    where = f"--endpoint {devtools[0].name}" if devtools else "--endpoint"
    if options.browser == ALL:
        what, todo = "an endpoint has one browser", "name one engine by --browser, and play each in a run of its own"
        raise UsageError(what, where="--endpoint and --browser all", todo=todo)
    if devtools and options.browser != CHROMIUM.name:
        raise UsageError(
            "a DevTools address is a Chromium's",
            where=f"{where} and --browser {options.browser}",
            todo=f"leave --browser out, or name the ws:// address of a Playwright server with {options.browser}",
        )
    if options.headed:
        what, todo = "--headed has no effect on a browser elsewhere", "leave it out: what starts the browser shows it"
        raise UsageError(what, where=f"--headed and {where}", todo=todo)
    if devtools and options.executable:
        what, todo = "--executable has no effect on a browser that runs already", "leave it out"
        raise UsageError(what, where=f"--executable and {where}", seen=options.executable, todo=todo)


def ignored_variable(options: RunOptions) -> str | None:
    """Return the variable that names a browser here and has no effect, as the browsers are elsewhere; None if none."""
    variable = ENGINES.get(options.browser, CHROMIUM).variable
    return variable if options.endpoint and os.environ.get(variable) else None


def unjudged(options: RunOptions) -> str | None:
    """Return what no play can judge with these options, and what would change that; None if there is nothing."""
    if options.app is None or options.driver == "mock" or options.connected is not None:
        return None
    return (
        "not judged: whether the page says connected after a failure, a cancel, or a list without pages; name what it "
        "shows then by --connected SELECTOR"
    )


async def engines_of(options: RunOptions, launch: Launch | None) -> tuple[list[str], list[str]]:
    """Return the engines to play in, one after another, and those that ``all`` stands for and that are not here.

    Raises:
        BrowserMissingError: fewer than two are here, of which no difference could be told.
    """
    if launch is None or options.browser != ALL:
        return [options.browser], []
    here = await launch.engines(headed=options.headed)
    absent = [name for name in ENGINES if name not in here]
    if len(here) > 1:
        return here, absent
    raise BrowserMissingError(
        "there are not several browsers to compare",
        where="--browser all",
        seen=f"{here[0]} alone" if here else "none",
        todo="; ".join(missing_browser_error(ENGINES[name]).todo for name in absent[:2]),
    )


def world_for(scenarios: Sequence[Scenario], options: RunOptions) -> World:
    """Return the world in which the driver plays."""
    accepted = AcceptedValues(options.token, options.location, options.user)
    secrets = secrets_of(options.storage_state) if options.storage_state is not None else []
    addresses = (options.app, options.deliver, *options.endpoint)
    secrets += [secret for address in addresses for secret in secrets_of_address(address or "")]
    rules = StubRules(accepted, fixtures=contracts(options.fixtures), secrets=tuple(secrets))
    if options.driver == "playwright":
        return World(scenarios, replace(rules, latency=LATENCY, proxied=True), passed=options.allow)
    # A user's backend has time-outs of its own, and connects any location.
    foreign = options.deliver is not None
    clock = Clock if foreign else SkippingClock
    return World(scenarios, replace(rules, requires_connection=not foreign), passed=options.allow, clock=clock)


def driver_for(world: World, options: RunOptions, launch: Launch | None = None) -> AbstractAsyncContextManager[Driver]:
    """Return the driver, which is imported only now: each takes long to import, and a run needs only one.

    Args:
        world: the world in which it drives.
        options: the options of the run.
        launch: the launch of its browser, if it has begun already.
    """
    if options.driver == "mock":
        return _mock(world, options)
    return _playwright(world, options, launch)


@asynccontextmanager
async def _playwright(world: World, options: RunOptions, launch: Launch | None) -> AsyncIterator[Driver]:
    """Yield the driver of a browser that is launched here, or of those at the endpoints."""
    from oauth_window_harness.drivers.playwright.driver import PlaywrightDriver  # noqa: PLC0415
    from oauth_window_harness.drivers.playwright.supply import FarBrowsers, OwnBrowser, Supply  # noqa: PLC0415
    from oauth_window_harness.run.probe_page import probe_page  # noqa: PLC0415

    engine = engine_named(options.browser)
    endpoints = endpoints_of(options.endpoint)
    with ExitStack() as stack:
        supply: Supply
        if endpoints:
            supply = FarBrowsers(endpoints, engine, stack.enter_context(probe_page(world)), options.executable)
        else:
            fingerprint = world.authority.fingerprint()
            supply = OwnBrowser(fingerprint, options.executable, options.headed, engine, has_begun=launch is not None)
        driver = PlaywrightDriver(
            gateway=world.page_gateway_url,
            supply=supply,
            headed=options.headed,
            trusts_key=engine.fingerprint_flag is not None and not endpoints,
            storage_state=storage_state(options.storage_state) if options.storage_state is not None else None,
            storage_file=options.storage_state,
            launch=launch,
        )
        async with driver:
            yield driver


async def begin(launch: Launch | None, world: World, options: RunOptions) -> None:
    """Begin to start the browser, if the driver starts one."""
    if launch is not None and not options.endpoint:
        fingerprint = world.authority.fingerprint()
        await launch.begin(
            executable=options.executable,
            headed=options.headed,
            fingerprint=fingerprint,
            engine=engine_named(options.browser),
        )


def backend_client(world: World, options: RunOptions, slot: int | None = None) -> httpx.Client:
    """Return the client with which the reference app's backend calls the service, for one slot alone or for all."""
    import httpx  # noqa: PLC0415 - only this app needs it

    if options.driver == "mock":
        from oauth_window_harness.drivers.mock.network import RoutedTransport  # noqa: PLC0415

        return httpx.Client(transport=RoutedTransport(lambda: world.offloaded_routes, world.answer), trust_env=False)
    trust = ssl.create_default_context(cadata=world.authority.pem().decode())
    return httpx.Client(proxy=world.slot_gateway_url(slot), verify=trust)


def _mock(world: World, options: RunOptions) -> AbstractAsyncContextManager[Driver]:
    from oauth_window_harness.drivers.mock.delivering_page import DeliveringPage  # noqa: PLC0415
    from oauth_window_harness.drivers.mock.delivery_body import DeliveryBody  # noqa: PLC0415
    from oauth_window_harness.drivers.mock.driver import MockDriver  # noqa: PLC0415
    from oauth_window_harness.drivers.mock.skip_reasons import backend_skip_reason, page_skip_reason  # noqa: PLC0415
    from oauth_window_harness.drivers.mock.stage import BackendStage  # noqa: PLC0415

    def lookup() -> Routes:
        return world.offloaded_routes

    deliver = options.deliver
    if deliver is not None:
        body = DeliveryBody.read(options.deliver_body) if options.deliver_body is not None else None
        return MockDriver(
            lookup,
            page=lambda: DeliveringPage(options.location or LOCATION, options.user or USER, deliver, body),
            stage=BackendStage,
            skip_reason=backend_skip_reason(world.rules.fixtures),
        )
    # The play's clock is put forward: no answer of the stub waits.
    if options.app is not None:
        return MockDriver(lookup, skip_reason=page_skip_reason, answer=world.answer)
    return MockDriver(lookup, answer=world.answer)
