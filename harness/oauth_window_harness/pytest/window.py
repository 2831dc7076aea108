"""The OAuth window of a test, which pytest's fixture ``oauth_window`` returns; this module is without pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.base import StepNotTakenError, Target
from oauth_window_harness.drivers.immediate import at_once
from oauth_window_harness.errors import NotSeenError, UsageError
from oauth_window_harness.findings.finding import Finding, first_broken_link
from oauth_window_harness.journal.captures import Account, CapturedEvent, FollowUp
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until_blocking
from oauth_window_harness.pytest.event_info import EventInfo
from oauth_window_harness.reports.board import board
from oauth_window_harness.results.model import EventResult, RequestResult
from oauth_window_harness.run import verdict
from oauth_window_harness.run.code.of_plays import PlayPlaces
from oauth_window_harness.run.trials import Asker, Trials
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from oauth_window_harness.pytest.guided_user import GuidedUser


class OAuthWindow:
    """One test's window: how the service behaves, what happened, and what is wrong with it.

    Args:
        world: stub and gateway; it begins to play the scenario.
        scenario: the story.
        target: where to look in the page, and how long to wait; its address is not used.
        environment: leads a backend to the stub; see `stub.world.World.environment`.

    Attributes:
        scenario: the story.
        environment: for the app's own processes.

    Example:
        def test_connects(page, oauth_window):
            page.goto("http://localhost:3000/settings")
            with oauth_window.expect_event():
                page.get_by_role("button", name="Connect Facebook").click()
            assert oauth_window.follow_up.status == 200
    """

    def __init__(
        self, world: World, scenario: Scenario, target: Target, environment: Mapping[str, str] | None = None
    ) -> None:
        self.scenario = scenario
        self.environment = dict(environment or {})
        self._world, self._target = world, target
        self._play = world.begin(scenario)
        self._users: list[GuidedUser] = []
        self._page_url: str | None = None
        self._trials: Trials | None = None
        self._is_settled = False

    def borrow(self, context: BrowserContext, arguments: Mapping[str, Any]) -> None:
        """Observe the windows of a context that the test has made with these arguments."""
        from oauth_window_harness.drivers.blocking.windows import BlockingWindows  # noqa: PLC0415
        from oauth_window_harness.pytest.guided_user import GuidedUser  # noqa: PLC0415 - suites without a browser have neither

        windows = BlockingWindows(context, self._play, self._target, arguments)
        self._users.append(GuidedUser(windows, self._play, self._target))

    # --- what is known at any time ------------------------------------------------------------------------------------

    @property
    def account(self) -> Account:
        """The account that the event names, and what it has to connect."""
        return Account.of_play(self._play)

    @property
    def stub_url(self) -> str:
        """The stub's plain address, without a slash at its end."""
        return self._world.stub_url

    @property
    def gateway_url(self) -> str:
        """The proxy that carries the production names to the stub."""
        return self._world.gateway_url

    @property
    def events(self) -> tuple[EventResult, ...]:
        """The messages that the page has received so far, as results.json has them."""
        return verdict.events_of(self._play.journal)

    @property
    def requests(self) -> tuple[RequestResult, ...]:
        """The requests that the stub has answered so far, as results.json has them."""
        return verdict.requests_of(self._play.journal)

    # --- what a test waits for ----------------------------------------------------------------------------------------

    @contextmanager
    def expect_event(self) -> Iterator[EventInfo]:
        """Yield the `EventInfo` of the event that the block causes, filled in once the block has ended.

        The block clicks; when it has ended, the user goes through the window as the scenario says, and the event is
        waited for. Where the block raises, nothing is waited for.

        Raises:
            NotSeenError: no window opened, the user could not go on in it, or no event came.
        """
        __tracebackhide__ = True
        event_info = EventInfo()
        with self._flow("expect_event()") as user:
            yield event_info
        if not at_once(user.until(lambda flow: bool(flow.scenario_events), self.scenario.finish.delay)):
            hint = "" if self.scenario.expect.follow_up else "this scenario brings no event: use expect_end()"
            self._raise_not_seen("no event reached the page", "expect_event()", hint=hint)
        event_info.fill_in(CapturedEvent.of(user.flow().scenario_events[0]))
        self._end(user)

    @contextmanager
    def expect_end(self) -> Iterator[None]:
        """Wait for the end of the flow that the block begins, whether or not it brings an event.

        For scenarios in which the user cancels or closes the window, or start is refused: when the block has ended,
        the user goes through the window as the scenario says, until the page can know the outcome.

        Raises:
            NotSeenError: no window opened, the user could not go on in it, or the flow stopped before its end.
        """
        __tracebackhide__ = True
        with self._flow("expect_end()") as user:
            yield
        if not at_once(user.until(lambda flow: flow.feedback_due_at() is not None, self.scenario.feedback_delay)):
            self._raise_not_seen("the flow did not come to its end", "expect_end()")
        self._end(user)

    @property
    def follow_up(self) -> FollowUp:
        """The account GET that followed the event, waited for.

        It needs no browser: requests of a backend that reaches the service through the gateway count, too.

        Raises:
            NotSeenError: none was made within the patience.
        """
        __tracebackhide__ = True
        if not self._until(lambda flow: bool(flow.follow_ups), self.scenario.feedback_delay):
            self._raise_not_seen("no account GET followed the event", "follow_up")
        return FollowUp.of(self._flow_so_far().follow_ups[0])

    def _until(self, holds: Callable[[Flow], bool], delay: float) -> bool:
        __tracebackhide__ = True
        user = self._last()
        if user is not None:
            return at_once(user.until(holds, delay))
        return until_blocking(self._play.journal, lambda: holds(self._flow_so_far()), self._target.patience + delay)

    @contextmanager
    def _flow(self, where: str) -> Iterator[GuidedUser]:
        __tracebackhide__ = True
        user = self._with_page()
        self._page_url = user.stage.url
        at_once(user.begin())
        yield user
        try:
            at_once(user.take_steps())
        except StepNotTakenError as error:
            stopped = error
        else:
            return
        self._raise_not_seen(stopped.what, where, stopped.seen)

    def _with_page(self) -> GuidedUser:
        """Return the user in the context in which the test has opened a page, the last one of several.

        Raises:
            UsageError: the test has opened no page.
        """
        user = self._last()
        if user is None:
            raise UsageError(
                "no page that could open a window",
                where="oauth_window",
                todo="ask for pytest-playwright's `page`, or make a page in a context of its `new_context`",
            )
        return user

    def _last(self) -> GuidedUser | None:
        """Return the user in the last context in which the test has opened a page; None where there is no page."""
        return next((user for user in reversed(self._users) if user.stage.has_page()), None)

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """Return what is wrong, the first broken link first; wait until the page has settled, within the patience."""
        user = next((one for one in self._users if one.flow().popups or one.flow().open_calls), None)
        if user is None:
            return judge(self._flow_so_far())
        if not self._is_settled:
            at_once(user.settle())
        self._is_settled = True
        at_once(user.stage.drain())
        return list(PlayPlaces(self._world).placed_now(at_once(self._explain(user)), user.flow()))

    async def _explain(self, user: GuidedUser) -> Sequence[Finding]:
        """Return the findings, their causes made precise by further plays on the same page."""
        if self._page_url is None:
            return judge(user.flow())
        asker = Asker(replace(self._target, url=self._page_url))
        self._trials = self._trials or Trials(self._begin_trial, user.stage.fresh_windows)
        if self.scenario.blocked and user.texts_while_open is None:
            user.texts_while_open = await self._trials.texts_while_open(asker)
        return await self._trials.explain(user, judge(user.flow()), asker)

    def _begin_trial(self, scenario: Scenario, slot: int) -> Play:
        return self._world.begin(scenario, own_accounts=True, slot=slot)

    def _end(self, user: GuidedUser) -> None:
        """Play the intruders that wait for the end of the flow; without any, return at once."""
        __tracebackhide__ = True
        if any(intrusion.when == "after-end" for intrusion in self._play.intrusions()):
            at_once(user.end())

    def board(self) -> str | None:
        """Return the whole board: expected and seen, and the first broken link; None where nothing has happened."""
        flow = self._flow_so_far()
        if not (flow.popups or flow.open_calls or flow.requests or flow.clicks):
            return None
        findings = self.findings()
        posts = [event.data for event in self._play.events()]
        return board(self.scenario, posts, findings, self.events, self.requests)

    def _flow_so_far(self) -> Flow:
        last = self._last()
        return last.flow() if last else Flow.of_play(self._play, knows_connected=False, knows_failed=False)

    def _raise_not_seen(self, what: str, where: str, seen: str = "", hint: str = "") -> NoReturn:
        __tracebackhide__ = True
        self._is_settled = True
        first = first_broken_link(self.findings())
        raise NotSeenError(
            f"{what} within {self._target.patience:g} s",
            where=f"{where}, in the scenario {self.scenario.name}",
            seen=f"first broken link: {first.code}: {first.message}" if first else seen,
            todo=hint or (first.mend if first else "see the board; --oauth-window-patience waits longer"),
        )
