"""Takes the user's steps in the window that the page opened, with either of Playwright's APIs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.drivers.base import StepNotTakenError, StepUndoneError, Target
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.connect_control import hindrance
from oauth_window_harness.drivers.playwright.own_window import OwnWindow
from oauth_window_harness.drivers.playwright.popup_button import middle_of
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.popup import CONTROLS, LATE, OPENING
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Step


async def attempt(play: Play, step: Step, doing: Awaitable[Any]) -> None:
    """Do what a step needs of the browser.

    Raises:
        StepNotTakenError: the browser could not.
        StepUndoneError: it began to, and did not come to the end in time, which is the machine's doing.
    """
    try:
        await doing
    except PlaywrightError as error:
        seen = play.redactor.text(hindrance(error))
        taken = any(event.step == step for event in play.journal.of(events.StepTaken))
        # The control of the step was there: a click that takes longer than the patience is the machine's.
        is_slow = isinstance(error, PlaywrightTimeoutError) and step in CONTROLS and taken
        kind = StepUndoneError if is_slow else StepNotTakenError
        raise kind(f"the user could not {step}", where=f"the step {step!r}", seen=seen) from None


@dataclass
class PopupSteps:
    """The steps in the popup that was opened last.

    Attributes:
        api: gives access to the windows.
        recorder: records what happens in them.
        play: the play in them.
        target: the page under test.
        own: leads a page of the app's own in the popup on to start.
        before_step: called with the popup before each step that is taken in it.
    """

    api: Api
    recorder: Recorder
    play: Play
    target: Target
    own: OwnWindow
    before_step: Callable[[Any], Awaitable[None]]

    async def answer(self, step: Step) -> None:
        """Click the button of a step.

        Raises:
            StepNotTakenError: there is no popup, or no such button in it, within the patience.
        """
        page = await self._popup(step)
        await self.own.cross(page)
        popup = self.api.window(page)
        button, patience = f'[data-testid="{CONTROLS[step]}"]', self.target.patience
        middle = await middle_of(popup, button, time.monotonic() + patience)
        if middle is not None:
            await self.before_step(page)
            self._step(step)
            await attempt(self.play, step, popup.click_at(middle))
            return
        await attempt(self.play, step, popup.appear(button, patience + (LATE if self._is_served() else 0)))
        await self.before_step(page)
        self._step(step)
        try:
            await attempt(self.play, step, popup.press(button, patience))
        except StepUndoneError:
            if not self._is_sent(step):
                raise

    async def close(self) -> None:
        """Close the popup, unless it has closed itself.

        Raises:
            StepNotTakenError: there is no popup within the patience.
        """
        if self.recorder.popups and not self.recorder.open_popups():
            return
        popup = await self._popup("close")
        await self.own.cross(popup)
        name, journal = self.recorder.name(popup), self.play.journal
        await self.api.until(
            journal,
            lambda: any(event.window == name for event in journal.of(events.DocumentLoaded)),
            self.target.patience,
        )
        await self.before_step(popup)
        self.recorder.expect_closing_by_user(popup)
        self._step("close")
        with suppress(PlaywrightError):  # it may close itself at this moment
            await self.api.window(popup).close()

    async def _popup(self, step: Step) -> Any:
        """Return the popup that was opened last and is still open, waiting for one to open."""
        opened, journal = self.recorder.open_popups, self.play.journal
        is_there = await self.api.until(journal, lambda: bool(opened()), self.target.patience + OPENING)
        if not is_there and any(call.returned for call in journal.of(events.WindowOpenCalled)):
            # The page has its window, and the browser has not told of it yet.
            is_there = await self.api.until(journal, lambda: bool(opened()), LATE)
        if not is_there:
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        return opened()[-1]

    def _is_served(self) -> bool:
        """Return whether the window has been sent a page of the provider's: it comes, however slow the machine is."""
        pages, requests = ("dialog", "login", "consent"), self.play.journal.of(events.RequestSeen)
        return any(made.endpoint in pages and made.status == HTTPStatus.OK for made in requests)

    def _is_sent(self, step: Step) -> bool:
        """Return whether the form of a step has been sent, whatever Playwright says of the click."""
        journal = self.play.journal
        taken = max(event.at for event in journal.of(events.StepTaken) if event.step == step)
        return any(event.method == "POST" and event.at >= taken for event in journal.of(events.RequestSeen))

    def _step(self, step: Step) -> None:
        self.play.journal.add(events.StepTaken(at=time.time(), step=step))
