"""Takes the user's steps beside those of a scenario: clicks before the control, and after the event has come."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import StepNotTakenError, Target
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.arrival_check import ArrivalCheck
from oauth_window_harness.drivers.playwright.connect_control import hindrance
from oauth_window_harness.drivers.playwright.control_search import ControlSearch
from oauth_window_harness.drivers.playwright.idle import NEXT_FRAME
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.selectors import first_line, is_about_selector
from oauth_window_harness.errors import CannotJudgeError, UsageError
from oauth_window_harness.journal.play import Play

#: How long a click may take that is not waited for, in seconds.
_AT_ONCE = 0.5

#: Whether an element, or what it labels, is ticked or pressed already: a user who comes back would not undo that.
_IS_ON = """(element) => {
  const ticked = element.closest("label")?.control ?? element;
  const on = ["aria-checked", "aria-pressed"].some((name) => element.getAttribute(name) === "true");
  return on || ticked.checked === true || element.closest("summary")?.parentElement.open === true;
}"""

#: How long after a click a window may open that it opened, in seconds: as long as Safari lets it, about.
_OPENING = 1.0


class StepsBeside:
    """The steps of one play that the options name.

    Args:
        api: gives access to the windows.
        recorder: the recorder of the page.
        play: the play in it.
        target: says what the steps are, and how long each may take.
    """

    def __init__(self, api: Api, recorder: Recorder, play: Play, target: Target) -> None:
        self._api = api
        self._recorder = recorder
        self._journal = play.journal
        self._redactor = play.redactor
        self._target = target

    async def take_before(self, *, again: bool = False) -> None:
        """Click what the user clicks before the control, in order.

        Args:
            again: whether the user has done so before, and leaves alone what is still ticked.

        Raises:
            UsageError: the page does not have it, or it opens the window already.
            AppUnreachableError: the page has gone on to another one.
            CannotJudgeError: the page has crashed or closed.
        """
        for selector in self._target.before:
            where, opened = f"--before {selector!r} in {self._target.url}", len(self._recorder.popups)
            try:
                has_clicked = await self._press(selector, "before", self._target.patience, unless_on=again)
            except PlaywrightError as error:
                raise await self._error(error, where) from None
            if has_clicked and await self._api.until(self._journal, partial(self._has_opened, opened), _OPENING):
                raise _opened_error(where)

    def _has_opened(self, before: int) -> bool:
        """Return whether more windows have opened than there were before."""
        return len(self._recorder.popups) > before

    def check_unopened(self) -> None:
        """Check that the steps before the control have opened no window by the moment of the first click on it.

        Raises:
            UsageError: there is a window already.
        """
        if self._target.before and self._recorder.popups:
            raise _opened_error(f"--before {self._target.before[-1]!r} in {self._target.url}")

    async def take_after(self, selector: str, *, waits: bool) -> None:
        """Click what the user clicks after the event has come; without ``waits``, only if it can be clicked now.

        Raises:
            StepNotTakenError: it could not be clicked within the patience.
        """
        if not waits and not await self._recorder.outcomes.count(selector):
            return
        try:
            await self._press(selector, "then", self._target.patience if waits else _AT_ONCE)
        except PlaywrightError as error:
            if not waits:
                return
            seen = self._redactor.text(hindrance(error))
            raise StepNotTakenError(
                "the user could not take the step after the event", where=f"--then {selector!r}", seen=seen
            ) from None

    async def _press(self, selector: str, step: str, seconds: float, *, unless_on: bool = False) -> bool:
        """Click an element, unless it is on already and that suffices; return whether it was clicked.

        The click is reported as this step, not as one on the control.
        """
        window = self._api.window(self._recorder.page)
        document = window
        for frame in window.in_frames():
            with suppress(PlaywrightError):
                if await frame.count(selector):
                    document = frame
                    break
        if unless_on:
            await document.appear(selector, seconds)
            if await document.ask(selector, _IS_ON, seconds):
                return False
        self._recorder.side_step = step
        try:
            await document.press(selector, seconds)
            with suppress(PlaywrightError):  # the page navigates; the click has been reported
                await window.evaluate(NEXT_FRAME)
            return True
        finally:
            self._recorder.side_step = None

    async def _error(self, error: PlaywrightError, where: str) -> UsageError | CannotJudgeError:
        if self._recorder.page.is_closed():
            return CannotJudgeError("the page under test has gone", where=where, seen=first_line(error.message))
        if is_about_selector(error.message):
            return UsageError("the selector cannot be used", where=where, seen=first_line(error.message))
        page = self._recorder.page
        search = ControlSearch(self._api, page, self._target, self._redactor)
        await ArrivalCheck(self._api, page, self._target, self._redactor).check(await search.glance())
        return UsageError(
            "the step before the control cannot be taken",
            where=where,
            seen=self._redactor.text(hindrance(error)),
            todo=f"name one element that can be seen and clicked; {await search.advice()}",
        )


def _opened_error(where: str) -> UsageError:
    return UsageError(
        "the step before the control opens the window already", where=where, todo="name it with --connect instead"
    )
