"""What every driver does, method by method: a real browser, a test's own context of one, and the mock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

import pytest
from playwright.sync_api import sync_playwright
from werkzeug import Request, Response

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.base import Browser, Driver, Stage, StepNotTakenError, Target
from oauth_window_harness.drivers.blocking.windows import BlockingWindows
from oauth_window_harness.drivers.immediate import at_once
from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.journal.events import (
    DocumentLoaded,
    MessageReceived,
    OutcomeShown,
    RequestSeen,
    StepTaken,
    TextShown,
    WindowClosed,
    WindowOpenCalled,
    WindowOpened,
)
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import PageQuiet
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.reference.app import ReferenceApp
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.intrusion import intrusions
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World
from tests.worlds import scenario

BUNDLED = catalog.bundled_scenarios()

#: How long anything may take here, in seconds; what cannot come is waited for as long.
PATIENCE = 5.0


class Loop(Protocol):
    """What runs the coroutines of a driver."""

    def run(self, work: Coroutine[Any, Any, Any], /) -> Any:
        """Run one to its end."""


class BlockingLoop:
    """Runs coroutines that never suspend, in a thread of their own: Playwright marks its loop as that of the thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def run(self, work: Coroutine[Any, Any, Any], /) -> Any:
        return self._thread.submit(at_once, work).result()


class BlockingDriver:
    """A browser as pytest-playwright has it, in whose contexts the harness follows and drives."""

    name = "blocking"

    def __init__(self, world: World) -> None:
        self._world = world

    async def __aenter__(self) -> Self:
        self._playwright = sync_playwright().start()
        engine = self._playwright.chromium
        fingerprint = self._world.authority.fingerprint()
        arguments = browsers.launch_arguments(
            {"chromium_sandbox": False}, own_build=engine.executable_path, executable=None, fingerprint=fingerprint
        )
        self._browser = engine.launch(**arguments)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    @property
    def browser(self) -> Browser:
        return Browser("chromium", self._browser.version)

    def skip_reason(self, scenario: Scenario) -> str | None:
        return None

    @asynccontextmanager
    async def stage(self, play: Play, target: Target) -> AsyncIterator[Stage]:
        context = self._browser.new_context(proxy={"server": self._world.gateway_url})
        try:
            yield BlockingWindows(context, play, target)
        finally:
            context.close()


@dataclass
class House:
    """A driver in its world, and the reference app as its page."""

    world: World
    driver: Driver
    target: Target
    loop: Loop

    @asynccontextmanager
    async def play(self, story: Scenario | str, **differs: Any) -> AsyncIterator[tuple[Play, Stage]]:
        """Yield the play and the stage of a scenario."""
        play = self.world.begin(BUNDLED[story] if isinstance(story, str) else story)
        async with self.driver.stage(play, replace(self.target, **differs)) as stage:
            yield play, stage


def odd_pages(request: Request) -> Response:
    """Pages that no app should be."""
    several = "<button data-testid=connect>a</button><button data-testid=connect>b</button>"
    page = {"/several": several, "/none": "<p>nothing to click"}.get(request.path)
    return Response(page or "gone", 200 if page else 404, content_type="text/html")


#: The drivers of `run`, which find the control of a page that they load; a test finds its own.
RUN = [pytest.param("playwright", marks=pytest.mark.browser), "mock"]


@pytest.fixture(scope="module", params=[*RUN, pytest.param("blocking", marks=pytest.mark.browser)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Each driver in turn, started once."""
    blocking = request.param == "blocking"
    options = RunOptions(driver="playwright" if blocking else request.param)
    with ExitStack() as stack:
        world = stack.enter_context(drivers.world_for(list(BUNDLED.values()), options))
        http = stack.enter_context(drivers.backend_client(world, options))
        app = ReferenceApp(http, token="pit-00000000", location="location", user="user")
        server = stack.enter_context(LoopbackServer(app, keep_alive=request.param == "mock"))
        world.let_pass(f"{LOOPBACK}:{server.port}")
        target = Target(
            server.url_for("/"),
            "[data-testid=connect]",
            "[data-testid=connected]",
            "[data-testid=failed]",
            PATIENCE,
        )
        runner: AbstractContextManager[Loop] = BlockingLoop() if blocking else asyncio.Runner()
        loop = stack.enter_context(runner)
        entered = AsyncExitStack()
        opening = BlockingDriver(world) if blocking else drivers.driver_for(world, options)
        driver: Driver = loop.run(entered.enter_async_context(opening))
        stack.callback(lambda: loop.run(entered.aclose()))
        yield House(world, driver, target, loop)


def test_it_says_what_drives_and_judges_every_bundled_scenario(house: House) -> None:
    assert house.driver.name in ("playwright", "mock", "blocking")
    assert house.driver.browser.name
    assert house.driver.browser.version
    assert [house.driver.skip_reason(one) for one in BUNDLED.values()] == [None] * len(BUNDLED)


# --- load -------------------------------------------------------------------------------------------------------------


def test_load_shows_the_page(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200") as (play, stage):
            await stage.load()
            assert await stage.until(lambda: bool(play.journal.of(TextShown)))
            (shown,) = play.journal.of(DocumentLoaded)
            assert (shown.window, shown.url, shown.has_opener) == ("app", house.target.url, False)
            assert "Connect Facebook" in play.journal.of(TextShown)[-1].text

    house.loop.run(story())


@pytest.mark.parametrize("house", RUN, indirect=True)
@pytest.mark.parametrize(
    ("path", "error", "told"),
    [
        ("gone", AppUnreachableError, "404"),
        ("none", UsageError, "0 that match"),
        ("several", UsageError, "2 that match"),
    ],
)
def test_load_tells_what_is_wrong_with_the_page(house: House, path: str, error: type[Exception], told: str) -> None:
    async def story(url: str) -> None:
        async with house.play("account-200", url=url, patience=1.0) as (_, stage):
            with pytest.raises(error, match=told):
                await stage.load()

    with LoopbackServer(odd_pages) as server:
        house.world.let_pass(f"{LOOPBACK}:{server.port}")
        house.loop.run(story(server.url_for(f"/{path}")))


def test_load_tells_that_nothing_answers(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200", url="http://127.0.0.1:9/") as (_, stage):
            with pytest.raises(AppUnreachableError):
                await stage.load()

    house.world.let_pass("127.0.0.1:9")
    house.loop.run(story())


# --- take -------------------------------------------------------------------------------------------------------------


def window_requests(play: Play) -> list[tuple[str, str]]:
    """Return the endpoint and the sender of each request, without the account GET and the list, which the app makes."""
    made = [(seen.endpoint, seen.sent_by) for seen in play.journal.of(RequestSeen)]
    return [one for one in made if one[0] not in ("account", "accounts")]


def test_a_click_opens_the_window_at_start(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200") as (play, stage):
            await stage.load()
            await stage.take("click")
            assert await stage.until(lambda: len(play.journal.of(DocumentLoaded)) == 2)
            assert [step.step for step in play.journal.of(StepTaken)] == ["click"]
            (asked,) = play.journal.of(WindowOpenCalled)
            assert (asked.returned, asked.active) == (True, True)
            assert [opened.window for opened in play.journal.of(WindowOpened)] == ["popup-1"]
            shown = play.journal.of(DocumentLoaded)[-1]
            assert (shown.window, shown.has_opener) == ("popup-1", True)
            assert shown.url.startswith("https://www.facebook.com/dialog/oauth?")
            assert window_requests(play) == [("start", "page"), ("dialog", "page")]

    house.loop.run(story())


@pytest.mark.parametrize(
    ("story", "steps", "endpoints"),
    [
        ("account-200", ("click", "approve"), ["start", "dialog", "consent", "finish"]),
        ("facebook-cancel", ("click", "cancel"), ["start", "dialog", "consent", "finish"]),
        (
            "facebook-login-first",
            ("click", "log-in", "approve"),
            ["start", "dialog", "login", "login", "dialog", "consent", "finish"],
        ),
        (
            "facebook-consent-detour",
            ("click", "continue", "approve"),
            ["start", "dialog", "privacy", "privacy", "dialog", "consent", "finish"],
        ),
    ],
)
def test_the_user_goes_through_facebooks_pages(
    house: House, story: str, steps: tuple[Any, ...], endpoints: list[str]
) -> None:
    async def go() -> None:
        async with house.play(story) as (play, stage):
            await stage.load()
            for step in steps:
                await stage.take(step)
            assert await stage.until(lambda: bool(play.journal.of(WindowClosed)))
            assert [endpoint for endpoint, _ in window_requests(play)] == endpoints
            assert play.journal.of(WindowClosed)[0].by == "script"
            assert tuple(step.step for step in play.journal.of(StepTaken)) == steps

    house.loop.run(go())


def test_the_user_closes_the_window(house: House) -> None:
    async def story() -> None:
        async with house.play("window-closed-by-user") as (play, stage):
            await stage.load()
            await stage.take("click")
            await stage.take("close")
            assert await stage.until(lambda: bool(play.journal.of(WindowClosed)))
            (closed,) = play.journal.of(WindowClosed)
            assert (closed.window, closed.by) == ("popup-1", "user")

    house.loop.run(story())


def test_a_step_whose_control_does_not_come_is_not_taken(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200", patience=1.0) as (_, stage):
            await stage.load()
            await stage.take("click")
            with pytest.raises(StepNotTakenError, match="log-in"):
                await stage.take("log-in")

    house.loop.run(story())


def test_a_blocked_window_is_none(house: House) -> None:
    async def story() -> None:
        async with house.play("window-blocked") as (play, stage):
            await stage.load()
            await stage.take("click")
            assert await stage.until(lambda: bool(play.journal.of(OutcomeShown)))
            assert [asked.returned for asked in play.journal.of(WindowOpenCalled)] == [False]
            assert play.journal.of(WindowOpened) == []

    house.loop.run(story())


# --- intrude ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://attacker.example", "http://services.leadconnectorhq.com", "null"])
def test_an_intruder_is_heard_by_the_time_it_is_done(house: House, origin: str) -> None:
    named = {"https://attacker.example": "forged-foreign-origin", "null": "forged-null-origin"}
    bundled = BUNDLED[named.get(origin, "forged-plain-http")]

    async def story() -> None:
        async with house.play(bundled) as (play, stage):
            await stage.load()
            for intrusion in intrusions(bundled):
                if intrusion.origin == origin and intrusion.sender != "popup":
                    await stage.intrude(intrusion)
            heard = [event for event in play.journal.of(MessageReceived) if event.window == "app"]
            posts = 2 * len(intrusions(bundled)[0].posts)  # from a frame and from a window
            assert [(event.origin, event.source) for event in heard] == [(origin, "other")] * posts
            assert play.journal.of(WindowOpened) == []  # an intruder's window is none of the page's

    house.loop.run(story())


def test_intruders_post_from_the_popup_on_its_way(house: House) -> None:
    bundled = BUNDLED["forged-lookalike-suffix"]

    async def story() -> None:
        async with house.play(bundled) as (play, stage):
            await stage.load()
            await stage.take("click")
            await stage.take("approve")
            for intrusion in intrusions(bundled):
                if intrusion.sender == "popup":
                    await stage.intrude(intrusion)
            genuine = "https://services.leadconnectorhq.com"
            assert await stage.until(lambda: genuine in [event.origin for event in play.journal.of(MessageReceived)])
            heard = [(event.origin, event.source) for event in play.journal.of(MessageReceived)]
            assert list(dict.fromkeys(heard)) == [
                ("https://attacker.example", "popup"),
                ("https://services.leadconnectorhq.com.evil.test", "popup"),
                (genuine, "popup"),
            ]

    house.loop.run(story())


# --- until, drain, picture, and the end -------------------------------------------------------------------------------


def test_until_tells_whether_it_came(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200", patience=1.0) as (play, stage):
            await stage.load()
            assert await stage.until(lambda: bool(play.journal.of(DocumentLoaded)))
            assert not await stage.until(lambda: bool(play.journal.of(WindowOpened)))

    house.loop.run(story())


def test_a_wait_for_the_page_ends_with_what_it_does_by_itself(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200") as (play, stage):
            await stage.load()
            await stage.take("click")
            await stage.take("approve")
            assert await stage.until(lambda: bool(play.journal.of(OutcomeShown)), by="page")
            assert play.journal.of(PageQuiet) == []
            assert not await stage.until(lambda: False, 60.0, by="page")
            assert len(play.journal.of(PageQuiet)) == 1

    house.loop.run(story())


def test_an_open_window_may_bring_something(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200", patience=1.5) as (play, stage):
            await stage.load()
            await stage.take("click")
            assert await stage.until(lambda: bool(play.journal.of(WindowOpened)))
            assert not await stage.until(lambda: False, by="page")
            assert play.journal.of(PageQuiet) == []

    house.loop.run(story())


def test_drain_lets_the_page_come_to_its_end(house: House) -> None:
    async def story() -> None:
        async with house.play("account-200") as (play, stage):
            await stage.load()
            await stage.take("click")
            await stage.take("approve")
            assert await stage.until(lambda: "account" in [seen.endpoint for seen in play.journal.of(RequestSeen)])
            await stage.drain()
            assert [(shown.outcome, shown.visible) for shown in play.journal.of(OutcomeShown)] == [("connected", True)]
            assert play.journal.of(RequestSeen)[-1].sent_by == "server"

    house.loop.run(story())


def test_a_picture_is_taken_or_not_and_fails_nothing(house: House, tmp_path: Path) -> None:
    async def story() -> None:
        async with house.play("account-200") as (_, stage):
            await stage.load()
            await stage.picture(tmp_path / "page.png")

    house.loop.run(story())
    taken = (tmp_path / "page.png").exists()
    assert taken == (house.driver.name == "playwright")


def test_a_stage_knows_nothing_of_the_one_before(house: House) -> None:
    async def story() -> None:
        for _ in range(2):
            async with house.play("facebook-login-first") as (play, stage):
                await stage.load()
                await stage.take("click")
                await stage.take("log-in")  # which is not there where the cookie of another stage is
                await stage.take("approve")
                assert await stage.until(lambda play=play: bool(play.journal.of(WindowClosed)))  # type: ignore[misc]

    house.loop.run(story())


def test_leaving_the_stage_closes_its_windows(house: House) -> None:
    async def story() -> None:
        left_open = scenario(finish={"closes": False})
        async with house.play(left_open) as (play, stage):
            await stage.load()
            await stage.take("click")
            await stage.take("approve")
            assert await stage.until(lambda: bool(play.journal.of(OutcomeShown)))
            assert play.journal.of(WindowClosed) == []
        assert [closed.window for closed in play.journal.of(WindowClosed)] == ["popup-1"]

    house.loop.run(story())
