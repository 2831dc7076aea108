"""``oauth-window doctor``: whether what a run needs is installed and works, and what to do where it is not."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.cli.console import console
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.drivers.endpoints import Endpoint, endpoints_of
from oauth_window_harness.drivers.engines import CHROMIUM, Engine, engine_named
from oauth_window_harness.errors import ExitCode, HarnessError

if TYPE_CHECKING:
    from playwright.async_api import Playwright


@dataclass(frozen=True)
class Examination:
    """The result of examining one thing that a run needs.

    Attributes:
        subject: what was examined.
        result: what it is like.
        good: whether a run can use it; None where this alone decides nothing, as with one of several browsers.
        todo: what the user can do where it is not good.
    """

    subject: str
    result: str
    good: bool | None = None
    todo: str = ""


class _Far(NamedTuple):
    """A browser elsewhere that is to be probed, and the program that its server is to launch."""

    address: Endpoint
    engine: Engine
    executable: str | None


Endpoints = Annotated[
    list[str] | None,
    typer.Option("--endpoint", metavar="URL", help="Probe a browser elsewhere, as run does; may be given again."),
]
BrowserName = Annotated[str, typer.Option("--browser", metavar="NAME", help="The engine of the browsers elsewhere.")]

Executable = Annotated[
    str | None, typer.Option("--executable", metavar="PATH", help="The program that a Playwright server launches.")
]


def doctor(endpoint: Endpoints = None, browser: BrowserName = CHROMIUM.name, executable: Executable = None) -> None:
    """Print what is installed, what is missing, and what to do."""
    out = console()
    far = [_Far(address, engine_named(browser), executable) for address in endpoints_of(endpoint or ())]

    async def report() -> bool:
        well = True
        async for one in examine(far):
            mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "·"}[one.good]
            out.print(f"{mark} [bold]{one.subject}[/]: ", end="")
            out.print(one.result, markup=False, soft_wrap=True)
            if one.todo:
                out.print(f"    to do: {one.todo}", markup=False, soft_wrap=True)
            well = well and one.good is not False
        return well

    if not interruptible(report()):
        raise typer.Exit(ExitCode.ENVIRONMENT)


async def examine(far: Sequence[_Far] = ()) -> AsyncIterator[Examination]:
    """Yield the examinations, in the order in which a run needs their subjects; last the browsers elsewhere."""
    yield Examination("oauth-window", f"{__version__}, Python {sys.version.split()[0]}")
    for one in _offline():
        yield one
    async for one in _browsers():
        yield one
    for one_far in far:
        yield await _probed(one_far)


def _offline() -> Iterator[Examination]:
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.stub.world import World  # noqa: PLC0415

    try:
        scenarios = catalog.bundled_scenarios()
        with World(tuple(scenarios.values())) as world:
            yield Examination("scenarios", f"{len(scenarios)} bundled", good=True)
            yield Examination("contract fixtures", f"{len(world.rules.fixtures.names())} bundled", good=True)
            yield Examination("stub and gateway", "listen on loopback, with TLS", good=True)
    except HarnessError as error:
        yield Examination("stub and gateway", str(error), good=False, todo=error.todo)


async def _browsers() -> AsyncIterator[Examination]:
    from importlib.metadata import version  # noqa: PLC0415 - slow to load, and only needed here

    from playwright.async_api import async_playwright  # noqa: PLC0415 - slow to load, and only needed here

    from oauth_window_harness.drivers import browsers  # noqa: PLC0415
    from oauth_window_harness.drivers.engines import ENGINES  # noqa: PLC0415

    yield Examination("playwright", version("playwright"))
    starting: dict[str, None] = {}
    async with async_playwright() as playwright:
        for engine in ENGINES.values():
            async for one in _programs(playwright, engine):
                yield one
                if one.good:
                    starting[engine.name] = None
    yield Examination(
        "a browser to drive",
        f"--browser {'|'.join(starting)}" if starting else "none starts",
        good=bool(starting),
        todo="" if starting else browsers.missing_browser_error().todo,
    )


async def _programs(playwright: Playwright, engine: Engine) -> AsyncIterator[Examination]:
    """Yield an examination of each program of an engine."""
    from oauth_window_harness.drivers import browsers  # noqa: PLC0415
    from oauth_window_harness.drivers.playwright.launch import launch  # noqa: PLC0415

    own = browsers.own_build_at(getattr(playwright, engine.name).executable_path)
    candidates = [
        ("named", engine.variable, browsers.executable_from_environment(engine)),
        ("Playwright's", "its own build", own),
        *(("from PATH", name, browsers.program_of(name)) for name in engine.on_path),
    ]
    tried = set()
    for kind, name, program in candidates:
        if program is not None and program.resolve() in tried:
            continue  # another name of the same program
        subject = f"{engine.name}, {kind}"
        if program is None:
            yield Examination(subject, f"{name}: not here")
            continue
        tried.add(program.resolve())
        try:
            browser = await launch(playwright, executable=str(program), engine=engine)
            yield Examination(subject, f"{program}: starts, {browser.version}", good=True)
            await browser.close()
        except HarnessError as error:
            yield Examination(subject, f"{program}: does not start: {error.seen}")


async def _probed(far: _Far) -> Examination:
    """Return the examination of a browser elsewhere: its version, and whether it reaches the gateway of a run."""
    from oauth_window_harness.drivers.playwright.launch import Launch  # noqa: PLC0415 - slow to load
    from oauth_window_harness.drivers.playwright.supply import FarBrowsers  # noqa: PLC0415
    from oauth_window_harness.run.probe_page import probe_page  # noqa: PLC0415
    from oauth_window_harness.stub.world import World  # noqa: PLC0415

    subject = f"endpoint {far.address.name}"
    try:
        with World(()) as world, probe_page(world) as page:
            async with Launch() as launch:
                supply = FarBrowsers((far.address,), far.engine, page, far.executable)
                await supply.open(launch)
                supplied = await supply.of(0)
                version = supplied.browser.version
                await supplied.browser.close()
    except HarnessError as error:
        return Examination(
            subject, f"{error.what}{f': {error.seen}' if error.seen else ''}", good=False, todo=error.todo
        )
    clock = f", and its clock is {supplied.skew:+.2f} s off" if supplied.skew else ""
    return Examination(subject, f"{far.engine.title} {version}, reaches the gateway{clock}", good=True)
