"""Takes the user's steps in the windows of one scenario, with either of Playwright's APIs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.absent_control import explained
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.arrival_check import ArrivalCheck
from oauth_window_harness.drivers.playwright.connect_control import (
    click_control,
    disabled_error,
    is_disabled,
    place_of,
)
from oauth_window_harness.drivers.playwright.control_search import Control, ControlSearch
from oauth_window_harness.drivers.playwright.idle import drain, rest
from oauth_window_harness.drivers.playwright.intruders import Intruders
from oauth_window_harness.drivers.playwright.offers import Offers
from oauth_window_harness.drivers.playwright.own_window import OwnWindow
from oauth_window_harness.drivers.playwright.popup_steps import PopupSteps, attempt
from oauth_window_harness.drivers.playwright.quiet import Quiet
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.steps_beside import StepsBeside
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Step

#: How long what a page began while it loaded may take before its user clicks, in seconds.
_REST = 2.0


class Windows:
    """The page under test and the windows that it opens; implements most of `drivers.base.Stage`.

    Args:
        api: gives access to the windows.
        recorder: records what happens in them.
        play: the play in them.
        target: the page under test.
    """

    def __init__(self, api: Api, recorder: Recorder, play: Play, target: Target) -> None:
        self._api = api
        self._recorder = recorder
        self._play = play
        self._journal = play.journal
        self._target = target
        self._quiet = Quiet(api, recorder, play.journal)
        self._intruders = Intruders(api, recorder, play, target.patience)
        self._beside = StepsBeside(api, recorder, play, target)
        self._own = OwnWindow(api, recorder, play, target)
        self._popup = PopupSteps(api, recorder, play, target, self._own, self.before_popup_step)
        self._last: Step | None = None
        self._known: Control | None = None
        self._offers = Offers(play.journal)

    async def take(self, step: Step) -> None:
        """Take the user's next step.

        Raises:
            StepNotTakenError: what the step needs did not appear within the patience.
        """
        before, self._last = self._last, step
        if step == "click" and before == "click" and not self._offers.has_tried():
            await attempt(self._play, step, self._click_again())
        elif step == "click":
            await attempt(self._play, step, self._click())
        elif step == "close":
            await self._popup.close()
        else:
            await self._popup.answer(step)

    async def before_popup_step(self, popup: Any) -> None:
        """Do nothing before a step in the popup: nothing is to be kept of it."""

    async def intrude(self, intrusion: Intrusion) -> None:
        """Make an intruder post to the page, and return when the page has received it."""
        await self._intruders.intrude(intrusion)

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Wait until a condition over the journal holds, for at most patience and delay; return whether it does."""
        __tracebackhide__ = True
        seconds = self._target.patience + delay
        if by == "anyone":
            return await self._api.until(self._journal, holds, seconds)
        return await self._quiet.until(holds, seconds, by)

    async def drain(self) -> None:
        """Wait until the page is idle, for at most the patience; see `drivers.playwright.idle`."""
        await drain(self._api, self._recorder, self._journal, self._target.patience)

    async def check_session(self, *, waits: bool = False) -> None:
        """Check that the page has not gone on to ask its user to sign in; see `ArrivalCheck.check_later`.

        A page whose main thread hangs answers nothing: it is asked no longer than the patience.
        """
        if waits:
            await rest(self._api, self._recorder, min(_REST, self._target.patience))
        await self._api.run_within(self._target.patience, self._arrival().check_later())

    # --- the control --------------------------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """Do what the user does before the control is there, and find the control.

        Raises:
            UsageError: the page has no such control or several, or a step before it cannot be taken.
            AppUnreachableError: the page has gone on to another one, or asks its user to sign in.
            CannotJudgeError: the page has crashed or closed.
        """
        try:
            await self._beside.take_before()
            self._known = await self._arrival().find()
        except UsageError as error:
            raise await explained(error, self._api, self._recorder, self._journal) from None
        self._recorder.choose_frame(self._known.frame)

    async def press(self, selector: str, *, waits: bool) -> None:
        """Click something that the user needs to click after the event has come."""
        if selector not in self._own.pressed:  # of the window, before it went to start
            await self._beside.take_after(selector, waits=waits)

    def _arrival(self) -> ArrivalCheck:
        return ArrivalCheck(self._api, self._recorder.page, self._target, self._play.redactor)

    def _search(self) -> ControlSearch:
        return ControlSearch(self._api, self._recorder.page, self._target, self._play.redactor)

    @property
    def _window(self) -> Window:
        return self._api.window(self._recorder.page)

    async def _control(self) -> tuple[Window, str]:
        """Return the document and the selector of the control that opens the window, as the page is now."""
        known = self._known
        if known is None:
            return self._window, self._target.connect or ""
        now = await self._search().again(known) or known
        self._known = now
        return self._api.window(self._recorder.page, now.frame), now.selector

    def _known_control(self) -> tuple[Window, str] | None:
        """Return where the control was found last, without another look: the next click of a double click is quick."""
        known = self._known
        return None if known is None else (self._api.window(self._recorder.page, known.frame), known.selector)

    async def _click(self) -> None:
        # The observer reports when the click happens: Playwright first waits until the control can be clicked.
        known = self._known
        window, control = await self._control()
        clicks = self._click_count()
        if (clicks or self._target.before) and not await window.count(control):
            window, control = await self._in_its_place((window, control), again=clicks > 0)
        if known is not None and self._known is not None and known.name() != self._known.name():
            await self.check_session()  # what looks like the control may be a button to sign in with
        if not clicks:
            self._beside.check_unopened()
        try:
            await click_control(
                window,
                control,
                self._target.patience,
                lambda: self._click_count() > clicks,
                lambda: self.until(lambda: self._click_count() > clicks),
            )
        except PlaywrightError as error:
            if await window.count(control):
                if await is_disabled(window, control, self._target.patience):
                    self._journal.add(events.ControlDisabled(at=time.time()))
                    if not clicks:
                        raise await disabled_error(window, error) from None
                raise
            raise self._offers.gone_error() from None

    async def _in_its_place(self, control: tuple[Window, str], *, again: bool) -> tuple[Window, str]:
        """Return what the user clicks where a control is not there: it, after the steps before it, or another.

        At a later click that is what the page offers instead: a dialog that a step before has opened may be open still.
        """
        if again and (offer := self._offers.take()) is not None:
            return self._window, offer
        if not self._target.before:
            return control
        try:
            await self._beside.take_before(again=again)
        except UsageError as error:
            if not again:
                raise
            raise self._offers.gone_error() from error  # it could be taken at the first click: the options are right
        return await self._control()

    def _click_count(self) -> int:
        return sum(event.step == "click" for event in self._journal.of(events.StepTaken))

    async def _click_again(self) -> None:
        # An impatient user clicks where the control is, even if it is disabled or covered, or where it was.
        window, control = self._known_control() or await self._control()
        await window.click_at(await place_of(window, control, self._target.patience))
