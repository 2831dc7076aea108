"""Plays one scenario on a stage: takes the user's steps, and waits for the page's reactions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from oauth_window_harness.checks.click_effects import click_had_effect, click_threw, handler_came_late
from oauth_window_harness.checks.connection import offers_nothing
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.no_window import still_loading
from oauth_window_harness.checks.without_event import UNKNOWN, WithoutEvent
from oauth_window_harness.drivers.base import LOADS, STILL_LOADING, Stage, StepNotTakenError, Target
from oauth_window_harness.drivers.popup import OPENING
from oauth_window_harness.journal.events import StepTaken, TextShown
from oauth_window_harness.journal.page_events import AppLogged
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor
from oauth_window_harness.run.telling import told
from oauth_window_harness.scenario.model import Moment, Step


@dataclass
class Playing:
    """The playing of one scenario on a stage.

    Attributes:
        acted_on_elsewhere: the event fixtures on which the page has acted in other plays; None if none was made.
        texts_while_open: the texts that the page shows while its window is open, from another play; None likewise.
        without_event: what the page does as well without the event, from another play; None likewise.
        step_error: why the user could not take a step, if so.
        since: the time from which clicks are clicks on the control, in seconds since the epoch.
        is_first: whether nothing was played on the page before, so that it may still turn out to need a session.
    """

    stage: Stage
    play: Play
    target: Target
    acted_on_elsewhere: frozenset[str] | None = None
    texts_while_open: frozenset[str] | None = None
    without_event: WithoutEvent | None = None
    step_error: StepNotTakenError | None = None
    since: float = 0.0
    is_first: bool = False
    _last: tuple[object, Flow] | None = field(default=None, init=False, repr=False)

    async def go(self) -> None:
        """Play from the loading of the page until nothing more is to come.

        Raises:
            AppUnreachableError: the page does not load, or asks its user to sign in.
            UsageError: the page does not have the control, or has several.
            CannotJudgeError: the page has crashed or closed.
        """
        await self.stage.load()
        if self.is_first:
            await self.stage.check_session(waits=True)
        try:
            await self.begin()
            await self.take_steps()
        except StepNotTakenError as error:
            self.step_error = error
        else:
            await self.end()
        await self.stage.drain()
        self.step_error = self._unloaded() or self.step_error
        journal = self.play.journal
        for at, line in self.target.app_errors():
            if at >= journal.started_at:
                journal.add(AppLogged(at=at, line=line))

    async def open_window(self) -> frozenset[str]:
        """Play until the window is open, and return the texts that the page has shown since the click.

        Return none where ``window.open`` gives null in any case (``noopener``): what it shows is its answer to that.
        """
        await self.stage.load()
        with suppress(StepNotTakenError):
            await self.stage.take("click")
            await self._click_until_heeded()
            await self.until(lambda flow: bool(flow.popups) and bool(flow.starts))
        await self.stage.drain()
        flow = self.flow()
        if flow.open_calls and not any(call.returned for call in flow.open_calls):
            return frozenset()
        clicked = min((click.at for click in flow.clicks), default=float("inf"))
        return frozenset(shown.text for shown in flow.all_of(TextShown) if shown.at >= clicked)

    async def watch_without_event(self) -> WithoutEvent:
        """Play to the end of the patience, and return what the page did though no event came."""
        await self.stage.load()
        with suppress(StepNotTakenError):
            await self.take_steps()
            await self.until(lambda _flow: False, self.play.scenario.finish.delay, by="page")
        await self.stage.drain()
        flow = self.flow()
        return WithoutEvent.of(flow.events, next(iter(flow.scenario_events), None))

    async def begin(self) -> None:
        """Make the intruders post that do so before the click."""
        await self._intrude("before-click")

    async def take_steps(self) -> None:
        """Take the scenario's steps, each at the time when the user would.

        Raises:
            StepNotTakenError: what a step needs did not appear within the patience.
        """
        __tracebackhide__ = True
        before: Step | None = None
        for place, step in enumerate(self.play.scenario.user):
            if before == "close":
                # A user who has closed the window clicks again after the page has shown something.
                await self.until(Flow.has_reacted_to_closing, by="page")
            if step == "linger":
                await self.until(Flow.user_waits_no_longer)
            elif not (self._test_takes(step, place) or (step == "close" and await self._has_no_window())):
                await self._take(step, again=before == "close")
                if step == "click" and before != "close" and self.play.scenario.user[place + 1 :][:1] != ("click",):
                    await self._click_until_heeded()
            if step == before == "click":
                await self._settle_window()
            if step == "click" and before != "click":
                await self._intrude("in-flow", from_popup=False)
            elif step == "approve":
                await self._intrude("in-flow", from_popup=True)
                if self.play.scenario.opener_is_cut():
                    # The page may tell its user before its window has come to the finish page.
                    await self.until(Flow.window_is_finished)
                await self._take_steps_after_event()
            before = step

    async def settle(self) -> None:
        """Wait for the page's follow-up, and then for what it tells its user, each for at most the patience."""
        delay = self.play.scenario.feedback_delay
        is_due = await self.until(lambda flow: flow.feedback_due_at() is not None, delay, by="app")
        if is_due or self.flow().told_due_at() is not None:
            await told(self.until, self.flow, self.target.patience)

    async def end(self) -> None:
        """Wait for the end of the flow, and make the intruders post that do so after it."""
        await self.settle()
        await self._intrude("after-end")

    async def until(self, holds: Callable[[Flow], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Wait until a condition over the flow holds, for at most patience plus delay; return whether it does.

        Where the page or its server alone can make it hold, the wait ends as soon as they cannot any more.
        """
        __tracebackhide__ = True
        return await self.stage.until(lambda: holds(self.flow()), delay, by=by)

    def flow(self) -> Flow:
        """Return the flow so far, without clicks from before `since`; the same where nothing has happened meanwhile."""
        trials = (self.acted_on_elsewhere, self.texts_while_open, self.without_event)
        state = (self.play.journal.state, self.since, trials)
        if self._last is None or self._last[0] != state:
            self._last = (state, self._flow())
        return self._last[1]

    def _flow(self) -> Flow:
        flow = Flow.of_play(
            self.play,
            knows_connected=self.target.connected is not None,
            knows_failed=self.target.failed is not None,
            acted_on_elsewhere=self.acted_on_elsewhere or frozenset(),
            texts_while_open=self.texts_while_open or frozenset(),
            without_event=self.without_event or UNKNOWN,
        )
        if not self.since:
            return flow
        kept = [event for event in flow.events if not (isinstance(event, StepTaken) and event.at < self.since)]
        return replace(flow, events=kept)

    def _test_takes(self, step: Step, place: int) -> bool:  # noqa: ARG002 - for subclasses
        """Return whether a test has taken a step itself: never here."""
        return False

    def _unloaded(self) -> StepNotTakenError | None:
        """Return the error of a page that was still loading, where a step could not be taken; or None."""
        late = still_loading(self.flow()) if self.step_error is not None and not self.flow().popups else []
        return (
            StepNotTakenError(STILL_LOADING, where=self.target.url, seen="; ".join(late), todo=LOADS) if late else None
        )

    async def _has_no_window(self) -> bool:
        """Return whether the page, whose server's request for start was refused, has opened no window to close."""
        await self.until(lambda flow: bool(flow.popups) or flow.server_was_refused)
        if self.flow().server_was_refused and not self.flow().popups:
            await self.until(Flow.user_is_certainly_told)
        return self.flow().server_was_refused and not self.flow().popups

    async def _settle_window(self) -> None:
        """Wait until a second click has led to whatever it leads to: the user goes on in the window that is there."""
        await self.stage.drain()
        await self.until(lambda flow: flow.shows_last_call)

    async def _take(self, step: Step, *, again: bool) -> None:
        """Take a step; with ``again``, repeat a click that opens no new window, as the page may not have been ready."""
        windows = len(self.flow().popups)
        await self.stage.take(step)
        if again and not await self.until(lambda flow: len(flow.popups) > windows):
            await self.stage.take(step)

    async def _click_until_heeded(self) -> None:
        """Click again when the page has begun to heed clicks: before that, a control can be seen and does nothing."""
        # A page that begins to heed clicks ever again, and never does anything, is not clicked for ever.
        last = max((click.at for click in self.flow().clicks), default=0.0) + self.target.patience + OPENING

        def came_late(flow: Flow) -> bool:
            return handler_came_late(flow, last)

        while await self.until(lambda flow: click_had_effect(flow) or came_late(flow), OPENING):
            if not click_had_effect(self.flow()) or click_threw(self.flow()):
                # A page that draws its control anew adds handlers in the click itself: what else it did is heard later.
                await self.stage.drain()
            if click_had_effect(self.flow()) and not came_late(self.flow()):
                return
            await self.stage.take("click")
        if self.flow().clicks:
            raise StepNotTakenError("nothing came of the click on the control", where="the step 'click'")

    async def _take_steps_after_event(self) -> None:
        """Click what the user clicks after the event has come; an event that is not genuine may show it as well."""
        flow = self.flow()
        if not self.target.then or not flow.posts or flow.scenario.opener_is_cut():
            return
        waits = any(map(flow.is_genuine, flow.posts))
        came = await self.until(
            lambda flow: bool(flow.genuine_events if waits else flow.scenario_events), self.play.scenario.finish.delay
        )
        for selector in self.target.then if came else ():
            try:
                await self.stage.press(selector, waits=waits)
            except StepNotTakenError:
                if not offers_nothing(self.flow()):
                    raise
                return  # the page offers nothing to go on with, and what it told its user is judged

    async def _intrude(self, when: Moment, *, from_popup: bool | None = None) -> None:
        wanted = [one for one in self.play.intrusions() if one.when == when]
        if when == "in-flow" and wanted and not from_popup:
            # The page's window must be open first: two that open at the same time could not be told apart. And only
            # what a listener was told can be refused.
            await self.until(lambda flow: bool(flow.popups))
            await self.until(lambda flow: flow.listener_count(float("inf")) > 0)
        for intrusion in wanted:
            if from_popup in (None, intrusion.sender == "popup"):
                await self.stage.intrude(intrusion)
