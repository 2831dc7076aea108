"""The windows of one scenario in a real browser: followed, observed, and closed together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Response
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import ControlGoneError, StepNotTakenError, Target
from oauth_window_harness.drivers.idle import NEXT_FRAME, ROUNDS, SETTLED, progress
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.connect_control import click_control, control, find_control, hindrance
from oauth_window_harness.drivers.playwright.intruders import Intruders
from oauth_window_harness.drivers.playwright.watch import Watch
from oauth_window_harness.drivers.popup import CONTROLS, OPENING
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Step

#: How long a page that shows its control may go on loading before the user clicks, in seconds.
SETTLING = 2.0


class Windows:
    """The page under test and the windows that it opens."""

    def __init__(self, context: BrowserContext, play: Play, target: Target) -> None:
        self._context = context
        self._play = play
        self._journal = play.journal
        self._target = target
        self._watch = Watch(context, play, target)
        self._intruders = Intruders(self._watch, play, target)
        self._last: Step | None = None

    async def observe(self) -> None:
        """Put the observer into every window to come, and open an empty one for the page under test."""
        await self._watch.begin()

    async def close(self) -> None:
        """Close all windows."""
        await self._watch.outcomes.close()
        await self._context.close()

    async def load(self) -> None:
        """Open the page under test, and find the control."""
        target = self._target
        try:
            answer = await self._page.goto(
                target.url, wait_until="domcontentloaded", timeout=_ms(target.patience + OPENING)
            )
        except PlaywrightError as error:
            raise _unreachable(target.url, error.message.splitlines()[0].removeprefix("Page.goto: ")) from None
        if answer is not None and not answer.ok:
            raise _unreachable(target.url, await _told(answer))
        await find_control(self._page, target, self._play.redactor)
        await asyncio.gather(self._watch.outcomes.check(), self._settle())
        await self._watch.outcomes.look()

    async def take(self, step: Step) -> None:
        """Do what the user does next."""
        before, self._last = self._last, step
        if step == "click" and before == "click":
            await self._within(step, self._click_again())
        elif step == "click":
            await self._within(step, self._click())
        elif step == "close":
            await self._close()
        else:
            popup = await self._popup(step)
            button = popup.get_by_test_id(CONTROLS[step])
            await self._within(step, button.wait_for(timeout=_ms(self._target.patience)))
            self._step(step)
            await self._within(step, button.click(timeout=_ms(self._target.patience)))

    async def intrude(self, intrusion: Intrusion) -> None:
        """Let an intruder post to the page, and see that it was heard."""
        await self._intruders.intrude(intrusion)

    async def until(self, holds: Callable[[], bool], delay: float = 0) -> bool:
        """Wait until something that the journal shows holds, for no longer than the patience and the delay."""
        return await until(self._journal, holds, self._target.patience + delay)

    async def drain(self) -> None:
        """Return when the page has run what was waiting, and no request of its own is under way.

        Where what was waiting goes on with the flow, what it leaves waiting is waited for as well.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._target.patience):
                before, rounds, pending = -1, 0, True
                while before != (happened := progress(self._journal)) or (pending and rounds < ROUNDS):
                    before, rounds = happened, rounds + 1
                    pending = await self._run_timers()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._target.patience):
                await self._watch.outcomes.look()

    async def _run_timers(self) -> bool:
        """Return when the timers that are near have run, and all calls are answered; tell whether they set others."""
        with suppress(PlaywrightError):  # another document takes the place of this one
            await self._calls_answered()
            pending: bool | None = await self._page.evaluate(SETTLED, script.SETTLING)
            if pending is not None:
                await self._calls_answered()
            await self._watch.outcomes.look()
            return bool(pending)
        return False

    async def _calls_answered(self) -> None:
        await self._page.evaluate(NEXT_FRAME)
        while self._watch.busy():
            await self._page.evaluate(NEXT_FRAME)

    async def picture(self, file: Path) -> None:
        """Write a picture of the page under test."""
        with suppress(PlaywrightError):
            await self._page.screenshot(path=file, timeout=_ms(self._target.patience))

    async def _settle(self) -> None:
        """Return when the page's scripts are there: a control that a server drew works only once they have run.

        A page that never comes to rest is not waited for long; its users do not wait either.
        """
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(SETTLING):
                await self._page.wait_for_load_state("load")
                await self._page.evaluate(NEXT_FRAME)
                while self._watch.loading():
                    await self._page.evaluate(NEXT_FRAME)

    @property
    def _page(self) -> Page:
        return self._watch.page

    async def _click(self) -> None:
        # The observer tells the moment: before it, Playwright waits until the control can be clicked.
        try:
            await click_control(self._page, self._target)
        except PlaywrightError:
            wanted = control(self._page, self._target)
            if await wanted.count():
                if await wanted.first.is_disabled():
                    self._journal.add(events.ControlDisabled(at=time.time()))
                raise
            raise ControlGoneError("the page has taken its control away", where="the step 'click'") from None

    async def _click_again(self) -> None:
        # An impatient user clicks where the control is, whether or not it can be clicked, or where it was.
        wanted = control(self._page, self._target)
        box = await wanted.bounding_box(timeout=_ms(self._target.patience)) if await wanted.count() else None
        if box is not None:
            await self._page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await self._page.mouse.down()
        await self._page.mouse.up()

    async def _close(self) -> None:
        if self._watch.popups and not self._watch.open_popups():
            return  # it closed by itself
        popup = await self._popup("close")
        await self._loaded(popup)
        self._watch.will_be_closed_by_user(popup)
        self._step("close")
        with suppress(PlaywrightError):  # it may close by itself at this moment
            await popup.close()

    async def _popup(self, step: Step) -> Page:
        """Give the window that was opened last and is still open, waiting for one to open."""
        opened = self._watch.open_popups
        if not await until(self._journal, lambda: bool(opened()), self._target.patience + OPENING):
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        return opened()[-1]

    async def _loaded(self, popup: Page) -> None:
        name = self._watch.name(popup)

        def loaded() -> bool:
            return any(event.window == name for event in self._journal.of(events.DocumentLoaded))

        await until(self._journal, loaded, self._target.patience)

    async def _within(self, step: Step, doing: Awaitable[Any]) -> None:
        try:
            await doing
        except PlaywrightError as error:
            seen = self._play.redactor.text(hindrance(error))
            raise StepNotTakenError(f"the user could not {step}", where=f"the step {step!r}", seen=seen) from None

    def _step(self, step: Step) -> None:
        self._journal.add(events.StepTaken(at=time.time(), step=step))


def _ms(seconds: float) -> float:
    return seconds * 1000


async def _told(answer: Response) -> str:
    """Give what a failed answer says: its status, and its text where that is short."""
    text = ""
    with suppress(PlaywrightError):
        text = " ".join((await answer.text()).split())
    return f"{answer.status}: {text[:200]}" if text and not text.startswith("<") else f"status {answer.status}"


def _unreachable(url: str, seen: str) -> AppUnreachableError:
    return AppUnreachableError(
        "the app under test does not answer with a page",
        where=url,
        seen=seen,
        todo="start the app, and check the address; a name or port of its own that it needs passes with --allow",
    )
