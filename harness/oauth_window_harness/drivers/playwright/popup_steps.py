"""Takes the user's steps in the window that the page opened: answers the provider's pages, or closes it."""

from __future__ import annotations

import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import StepNotTakenError, StepUndoneError, Target
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.attempt import attempt
from oauth_window_harness.drivers.playwright.own_window import OwnWindow
from oauth_window_harness.drivers.playwright.popup_button import middle_of
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.popup import CONTROLS, OPENING
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Step

#: How much longer the browser may take with what no page can hold up, in seconds: a window that has been opened, a page
#: of the provider's that has been sent. On a busy machine that takes it longer than a page may take to react.
_LATE = 15.0

#: What the stub's pages of the provider are for.
_PAGES = ("dialog", "login", "consent")


class PopupSteps:
    """The steps in the windows of one play.

    Args:
        api: gives access to the windows.
        recorder: the recorder of the page.
        play: the play in it.
        target: says how long each step may take.
        own: takes the user through what the window shows before it goes to start.
    """

    def __init__(self, api: Api, recorder: Recorder, play: Play, target: Target, own: OwnWindow) -> None:
        self._api = api
        self._recorder = recorder
        self._play = play
        self._journal = play.journal
        self._target = target
        self._own = own

    async def take(self, step: Step) -> None:
        """Take a step in the window that was opened last.

        Raises:
            StepNotTakenError: there is no window, or what the step needs did not appear in it in time.
        """
        if step == "close" and self._recorder.popups and not self._recorder.open_popups():
            return  # the window closed itself
        popup = await self._popup(step)
        await self._own.cross(popup)
        if step == "close":
            await self._close(popup)
        else:
            await self._answer(step, self._api.window(popup))

    async def _popup(self, step: Step) -> Any:
        """Return the popup that was opened last and is still open, waiting for one to open."""
        opened = self._recorder.open_popups
        seconds = self._target.patience + OPENING
        is_there = await self._api.until(self._journal, lambda: bool(opened()), seconds)
        if not is_there and any(call.returned for call in self._journal.of(events.WindowOpenCalled)):
            # The page has its window, and the browser has not told of it yet.
            is_there = await self._api.until(self._journal, lambda: bool(opened()), _LATE)
        if not is_there:
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        return opened()[-1]

    async def _answer(self, step: Step, popup: Window) -> None:
        """Click the button of a step in the popup."""
        button, patience = f'[data-testid="{CONTROLS[step]}"]', self._target.patience
        middle = await middle_of(popup, button, time.monotonic() + patience)
        if middle is not None:
            self._tell(step)
            await attempt(self._play, step, popup.click_at(middle))
            return
        late = _LATE if self._is_served() else 0
        await attempt(self._play, step, popup.appear(button, patience + late))
        self._tell(step)
        try:
            await attempt(self._play, step, popup.press(button, patience))
        except StepUndoneError:
            if not self._is_sent(step):
                raise

    async def _close(self, popup: Any) -> None:
        name = self._recorder.name(popup)

        def is_loaded() -> bool:
            return any(event.window == name for event in self._journal.of(events.DocumentLoaded))

        await self._api.until(self._journal, is_loaded, self._target.patience)
        self._recorder.expect_closing_by_user(popup)
        self._tell("close")
        with suppress(PlaywrightError):  # it may close itself at this moment
            await self._api.window(popup).close()

    def _is_served(self) -> bool:
        """Return whether the window has been sent a page of the provider's: it comes, however slow the machine is."""
        return any(
            made.endpoint in _PAGES and made.status == HTTPStatus.OK for made in self._journal.of(events.RequestSeen)
        )

    def _is_sent(self, step: Step) -> bool:
        """Return whether the form of a step has been sent, whatever Playwright says of the click."""
        taken = max(event.at for event in self._journal.of(events.StepTaken) if event.step == step)
        return any(event.method == "POST" and event.at >= taken for event in self._journal.of(events.RequestSeen))

    def _tell(self, step: Step) -> None:
        self._journal.add(events.StepTaken(at=time.time(), step=step))
