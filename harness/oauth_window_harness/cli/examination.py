"""What ``oauth-window doctor`` looks at: each thing that a run needs, whether it is there, and what to do."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.drivers import browsers
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World


@dataclass(frozen=True)
class Observation:
    """One thing that was looked at.

    Attributes:
        good: whether it is as a run needs it; None for what is only said.
        todo: what to do where it is not.
    """

    what: str
    seen: str
    good: bool | None = None
    todo: str = ""


async def examine() -> AsyncIterator[Observation]:
    """Yield what was seen, in the order in which a run needs it."""
    yield Observation("oauth-window", f"{__version__}, Python {sys.version.split()[0]}")
    for observation in _offline():
        yield observation
    async for observation in _browsers():
        yield observation


def _offline() -> Iterator[Observation]:
    try:
        scenarios = catalog.bundled_scenarios()
        with World(tuple(scenarios.values())) as world:
            yield Observation("scenarios", f"{len(scenarios)} bundled", good=True)
            yield Observation("contract fixtures", f"{len(world.rules.fixtures.names())} bundled", good=True)
            yield Observation("stub and gateway", "listen on loopback, with TLS", good=True)
    except HarnessError as error:
        yield Observation("stub and gateway", str(error), good=False, todo=error.todo)


async def _browsers() -> AsyncIterator[Observation]:
    from playwright.async_api import async_playwright  # noqa: PLC0415 - slow to load, and only needed here

    from oauth_window_harness.drivers.playwright.driver import launch  # noqa: PLC0415

    yield Observation("playwright", version("playwright"))
    works = False
    async with async_playwright() as playwright:
        own = browsers.own_build_at(playwright.chromium.executable_path)
        named = browsers.executable_from_environment()
        candidates = [("named", browsers.VARIABLE, named), ("Playwright's", "its own build", own)]
        candidates += [("from PATH", name, browsers.program_of(name)) for name in browsers.ON_PATH]
        for kind, name, program in candidates:
            if program is None:
                yield Observation(f"browser, {kind}", f"{name}: not here")
                continue
            try:
                browser = await launch(playwright, executable=str(program))
                yield Observation(f"browser, {kind}", f"{program}: starts, {browser.version}", good=True)
                works = True
                await browser.close()
            except HarnessError as error:
                yield Observation(f"browser, {kind}", f"{program}: does not start: {error.seen}", good=None)
    yield Observation(
        "a browser to drive",
        "yes" if works else "none starts",
        good=works,
        todo="" if works else browsers.missing_browser_error().todo,
    )
