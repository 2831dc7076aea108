"""`MockBrowser`: the OAuth window without a page, for tests of a backend with its own test runner."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from oauth_window_harness.checks import follow_up as follow_up_checks
from oauth_window_harness.checks import window as window_checks
from oauth_window_harness.checks.evidence import request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.contract.rules import AcceptedValues
from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.immediate import at_once
from oauth_window_harness.drivers.mock.capturing_page import CapturingPage
from oauth_window_harness.drivers.mock.driver import unplayable, windows_of
from oauth_window_harness.drivers.mock.network import Profile, RoutedTransport, SharedTransport
from oauth_window_harness.drivers.mock.stage import MockStage
from oauth_window_harness.errors import HarnessError, UsageError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.captures import CapturedEvent, FollowUp
from oauth_window_harness.journal.events import RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until_blocking
from oauth_window_harness.reference import LOCATION, USER
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.session import StubRules
from oauth_window_harness.stub.world import World

#: The address of the page that opens the window; nothing is requested from it.
PAGE = "https://app.example.test/settings"


class NoEventError(HarnessError):
    """No genuine event reached the page, for example because the user cancelled.

    Example:
        with MockBrowser() as browser, pytest.raises(NoEventError):
            browser.connect("facebook-cancel")
    """


class NoFollowUpError(HarnessError):
    """The account GET did not come in time.

    Example:
        with MockBrowser() as browser, pytest.raises(NoFollowUpError):
            browser.wait_for_follow_up(seconds=0)
    """


class MockBrowser:
    """Plays the OAuth window without a browser, and captures the event that it posts.

    Use it in a ``with`` statement. The stub records what the backend under test then does with the event.

    Args:
        world: stub and gateway that several browsers share, and that the caller ends; None starts a new world.
        location: the sub-account that is connected; with None the follow-up may name any.
        user: the HighLevel user who connects it.
        token: the only bearer token that the stub accepts; None is any well-formed one.
        patience: how long a page, or `wait_for_follow_up`, waits for something, in seconds.

    Example:
        with MockBrowser() as browser, httpx.Client(transport=browser.transport()) as http:
            event = browser.connect("account-401")
            connect_account(http, event.account_id)  # the code under test
            assert browser.wait_for_follow_up().status == 401
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        location: str | None = None,
        user: str | None = None,
        token: str | None = None,
        patience: float = 5.0,
    ) -> None:
        own = world is None
        accepted = AcceptedValues(token, location, user)
        rules = StubRules(accepted, requires_connection=location is not None)
        self.world = world or World(catalog.bundled_scenarios().values(), rules)
        self._own = own
        self._settings = (location or LOCATION, user or USER)
        self._patience = patience
        self._stack = ExitStack()
        self._open_transport: RoutedTransport | None = None
        self._page = CapturingPage(*self._settings)
        self._play: Play | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._own:
                stack.enter_context(self.world)
            self._open_transport = RoutedTransport(lambda: self.world.offloaded_routes)
            stack.callback(self._open_transport.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # --- the window -----------------------------------------------------------------------------------------------

    def connect(self, scenario: str | Scenario = "account-200") -> CapturedEvent:
        """Play a scenario's window, and return the first genuine event that it posts to the page.

        Args:
            scenario: the name of a bundled one, or one of your own; it also says how the stub answers the account GET.

        Raises:
            NoEventError: no genuine event was posted.
            UsageError: no scenario has that name, or only a real browser can play it.
        """
        genuine = [event for event in self.play(scenario) if event.is_genuine]
        if genuine:
            return genuine[0]
        name = scenario if isinstance(scenario, str) else scenario.name
        raise NoEventError(
            "the window posted no genuine event to the page",
            where=f"the scenario {name}",
            seen=f"{len(self.messages)} other messages",
            todo="name a scenario that connects, or use `play`, which returns all messages and requires none",
        )

    def play(self, scenario: str | Scenario = "account-200") -> tuple[CapturedEvent, ...]:
        """Play a scenario's window, and return every message that reached the page, forgeries included, in order."""
        chosen = catalog.single(scenario, repr(scenario)) if isinstance(scenario, str) else scenario
        if (reason := unplayable(chosen)) is not None:
            where = f"the scenario {chosen.name}, by MockBrowser"
            raise UsageError(
                "the scenario cannot be played", where=where, seen=reason, todo="play it in a real browser"
            )
        play = self._play = self.world.begin(chosen)
        page = self._page = CapturingPage(*self._settings)
        profile = Profile(self._transport, self._patience)
        target = Target(PAGE, "", None, None, self._patience + chosen.finish.delay)
        windows = windows_of(play, profile, page)
        try:
            at_once(Playing(_Stage(windows, play, target), play, target).go())
        finally:
            windows.close_all()
        return self.messages

    @property
    def messages(self) -> tuple[CapturedEvent, ...]:
        """Every message that reached the page in the last play."""
        return tuple(self._page.messages)

    # --- the backend under test -----------------------------------------------------------------------------------

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests that the stub received since the last play began, from windows and backend, in order."""
        return [] if self._play is None else self._play.journal.of(RequestSeen)

    @property
    def follow_up(self) -> FollowUp | None:
        """The last account GET so far, forged ones aside, or None if none came."""
        follow_ups = self._follow_ups()
        return FollowUp.of(follow_ups[-1]) if follow_ups else None

    def wait_for_follow_up(self, seconds: float | None = None) -> FollowUp:
        """Return the account GET; wait for it if the backend makes it later.

        Args:
            seconds: the longest time to wait; None is the patience.

        Raises:
            NoFollowUpError: no account GET came in time.
        """
        patience = self._patience if seconds is None else seconds
        if self._play is not None:
            patience += self._play.scenario.feedback_delay
            until_blocking(self._play.journal, lambda: bool(self._follow_ups()), patience)
        if (found := self.follow_up) is not None:
            return found
        raise NoFollowUpError(
            f"no account GET came within {patience:g} s",
            seen="; ".join(request_line(made) for made in self.requests if made.sent_by == "server")
            or "no request by a server",
            todo="check that the backend reaches the stub: by `environment`, by `stub_url`, or by `transport`",
        )

    def _follow_ups(self) -> list[RequestSeen]:
        return [] if self._play is None else self._flow(self._play).follow_ups

    def findings(self) -> list[Finding]:
        """Return the findings on the last play's requests: the follow-up's path, account, headers and repetition."""
        if self._play is None:
            return []
        flow = self._flow(self._play)
        checks = (
            follow_up_checks.request,
            follow_up_checks.repetition,
            follow_up_checks.duplicates,
            window_checks.token_in_address,
        )
        return [found for check in checks for found in check(flow)]

    @staticmethod
    def _flow(play: Play) -> Flow:
        return Flow.of_play(play, knows_connected=False, knows_failed=False)

    @property
    def _transport(self) -> RoutedTransport:
        if self._open_transport is None:
            raise UsageError(
                "the browser is used outside its `with` statement",
                where="MockBrowser",
                todo="use it in a `with` statement",
            )
        return self._open_transport

    # --- how it reaches the stub ----------------------------------------------------------------------------------

    @property
    def stub_url(self) -> str:
        """The stub's plain address, for a backend whose service address can be configured."""
        return self.world.stub_url

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment in which a backend reaches the stub with the production address in its code."""
        folder = self._stack.enter_context(TemporaryDirectory(prefix="oauth-window-"))
        certificate = Path(folder, "ca.pem")
        self.world.authority.write(certificate)
        return self.world.environment(certificate)

    def transport(self) -> SharedTransport:
        """Return a transport for ``httpx.Client(transport=…)`` that carries the production address to the stub."""
        return SharedTransport(self._transport)


class _Stage(MockStage):
    """The stage of a page without an app: it is loaded without a request, and has any control that is clicked."""

    async def load(self) -> None:
        self._windows.show_page(self._target.url)
