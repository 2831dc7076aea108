"""What the tests of one pytest process share: a world, the app where pytest starts it, and a player of scenarios."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeVar

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import CHROMIUM, engine_named
from oauth_window_harness.errors import UsageError
from oauth_window_harness.network.hosts import LOOPBACK_NAMES
from oauth_window_harness.pytest.window import OAuthWindow
from oauth_window_harness.reports.board import board
from oauth_window_harness.reports.diagram import diagram_report
from oauth_window_harness.results.events import RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.run.target import address_of, app_of, page_target, started_app_blocking
from oauth_window_harness.scenario.model import Scenario

if TYPE_CHECKING:
    from oauth_window_harness.run.mock_browser import MockBrowser

T = TypeVar("T")

#: The name of the bundled reference app as a page under test.
REFERENCE = "reference"

#: The names below this one are loopback as well (RFC 6761 §6.3); the browser reaches them without the gateway.
BYPASS = ".localhost"


class Suite:
    """The world of a suite, and the windows and scenarios that are played in it, one after another.

    Args:
        options: the options of a run, as far as pytest has them.
        scenarios: those that may be played; a test that names none plays the first.
    """

    def __init__(self, options: RunOptions, scenarios: Sequence[Scenario]) -> None:
        self.options = options
        self._scenarios = scenarios
        self._stack = ExitStack()
        self._folder: ArtifactFolder | None = None
        self._players: dict[str, _Player] = {}
        self._posts: Sequence[Any] = ()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.world = stack.enter_context(drivers.world_for(self._scenarios, self.options))
            self.world.let_pass(*LOOPBACK_NAMES)
            certificate = Path(stack.enter_context(TemporaryDirectory(prefix="oauth-window-")), "ca.pem")
            self.world.authority.write(certificate)
            self.environment: Mapping[str, str] = self.world.environment(certificate)
            if self.options.app_command is not None:
                self._folder = ArtifactFolder(self.options.output)  # for app.log
                stack.enter_context(started_app_blocking(self.world, self.options))
                self.world.let_pass(address_of(self.options.app or ""))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # --- a test's own window ------------------------------------------------------------------------------------------

    def window(self, scenario: Scenario, patience: float | None = None) -> OAuthWindow:
        """Return the window of a test, whose scenario begins to be played now; patience is in seconds."""
        target = page_target(self.options, "")
        if patience is not None:
            target = replace(target, patience=patience)
        return OAuthWindow(self.world, scenario, target, self.environment)

    def reference_app(self) -> str:
        """Return the address of the bundled reference app, which runs from now on until the suite ends."""
        options = replace(self.options, app=None, app_command=None, deliver=None)
        return self._stack.enter_context(app_of(self.world, options))[0].url

    def launch_arguments(self, arguments: Mapping[str, Any], own_build: str, engine: str) -> dict[str, Any]:
        """Return the arguments with which a browser is launched; see `drivers.browsers.launch_arguments`."""
        return browsers.launch_arguments(
            arguments,
            own_build=own_build,
            executable=self.options.executable,
            fingerprint=self.world.authority.fingerprint(),
            engine=engine_named(engine),
        )

    def context_arguments(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a browser context, changed so that all its requests go through the gateway.

        Raises:
            UsageError: they name a proxy already, or the suite runs without a browser.
        """
        if self.options.driver == "mock":
            raise UsageError(
                "a suite without a browser has no page",
                where="--oauth-window-driver mock",
                todo="leave the option out, or play the window with `oauth_window_mock`",
            )
        if arguments.get("proxy"):
            raise UsageError(
                "the browser context has a proxy already",
                where="browser_context_args",
                seen=str(arguments["proxy"].get("server", "")),
                todo="leave it out where a test asks for `oauth_window`: the gateway is the proxy; "
                "--oauth-window-allow lets a host through",
            )
        if base_url := arguments.get("base_url"):
            self.world.let_pass(address_of(base_url))
        proxy = {"server": self.world.gateway_url, "bypass": BYPASS}
        # Chromium trusts the stub's key by its fingerprint; other engines, and apps behind TLS, need this.
        return {**arguments, "proxy": proxy, "ignore_https_errors": True}

    def mock(self) -> MockBrowser:
        """Return a `MockBrowser` in the same world."""
        from oauth_window_harness.run.mock_browser import MockBrowser  # noqa: PLC0415 - not needed by every suite

        options = self.options
        return MockBrowser(self.world, location=options.location, user=options.user, patience=options.patience)

    # --- scenario files -----------------------------------------------------------------------------------------------

    def play(self, scenario: Scenario, app: str | None, engine: str = CHROMIUM.name) -> tuple[ScenarioResult, str]:
        """Play a scenario as `oauth-window run` does, and return its result and its board.

        Args:
            scenario: the one to play.
            app: the page under test, or `REFERENCE`.
            engine: the browser's engine.

        Raises:
            UsageError: no page is named.
        """
        if app is None:
            raise UsageError(
                "no page under test for the scenarios",
                where="--oauth-window-scenarios",
                todo="name it with --oauth-window-app, or by a fixture oauth_window_app or base_url that these tests "
                f"can see; --oauth-window-app {REFERENCE} plays them on the bundled model app",
            )
        if engine not in self._players:
            player = _Player(lambda stack: self._open(stack, app, engine))
            self._players[engine] = self._stack.enter_context(player)
        result = self._players[engine].play(scenario)
        return result, board(scenario, self._posts, result.findings, result.events, result.requests)

    def _keep_posts(self, event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            self._posts = event.posts

    async def _open(self, stack: AsyncExitStack, app: str, engine: str) -> Runner:
        options = replace(self.options, app=None if app == REFERENCE else app, app_command=None, browser=engine)
        targets = stack.enter_context(app_of(self.world, options))
        driver = await stack.enter_async_context(drivers.driver_for(self.world, options))
        folder = self._folder = self._folder or ArtifactFolder(options.output)
        listeners = [diagram_report(folder), self._keep_posts]
        # The files of a play in another engine than the default one bear its name: several may play in one suite.
        name = None if engine == CHROMIUM.name else engine
        return Runner(
            self.world, driver, targets, folder, app, listeners, plays_all=options.play_all, engine=name,
            kept=options.artifacts,
        )  # fmt: skip


@dataclass
class _Player:
    """Plays scenarios on an event loop in a thread of its own: the tests' thread may have a loop that runs already."""

    open: Callable[[AsyncExitStack], Coroutine[Any, Any, Runner]]

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scenarios", daemon=True)
        self._thread.start()
        self._stack = AsyncExitStack()
        try:
            self._runner = self._run(self.open(self._stack))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._stack.aclose())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def play(self, scenario: Scenario) -> ScenarioResult:
        """Play a scenario and return its result."""
        return self._run(self._runner.run([scenario])).scenarios[-1]

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
