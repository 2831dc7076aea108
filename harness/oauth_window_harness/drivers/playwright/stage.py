"""The windows of one scenario in a context of the harness' own: opened, observed, and closed together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from playwright.async_api import BrowserContext, Dialog, Page, Response
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls
from oauth_window_harness.drivers.playwright.connect_control import find_control
from oauth_window_harness.drivers.playwright.idle import NEXT_FRAME
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.windows import Windows
from oauth_window_harness.drivers.popup import OPENING
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.journal.play import Play

#: How long a page that shows its control may go on loading before the user clicks, in seconds.
SETTLING = 2.0


class OwnRecorder(Recorder):
    """The recorder of a context that opens one page for the app, and whose dialogs nobody else answers."""

    page: Page

    async def begin(self, context: BrowserContext) -> None:
        """Put the observer into every window to come, and open an empty one for the page under test."""
        await context.expose_binding(script.BINDING, self._report)
        await context.add_init_script(script.script(blocked=self._play.scenario.blocked))
        page = await context.new_page()
        self.follow(page)
        context.on("page", self._opened)
        context.on("response", self._answered)
        page.on("dialog", self._dialog)

    async def _dialog(self, dialog: Dialog) -> None:
        self._dialog_shown(dialog)
        with suppress(PlaywrightError):
            # Whoever has just clicked "connect" confirms it; what is asked later may ask for one more window.
            wanted = dialog.type in ("alert", "beforeunload") or (dialog.type == "confirm" and self._window_awaited())
            await (dialog.accept() if wanted else dialog.dismiss())


class BrowserStage(Windows):
    """See `drivers.base.Stage`.

    Args:
        context: empty as yet; closed with the stage.
        play: what is played in it.
        target: the page under test.
    """

    def __init__(self, context: BrowserContext, play: Play, target: Target) -> None:
        api = AsyncCalls()
        self._own = OwnRecorder(api, play, target)
        super().__init__(api, self._own, play, target)
        self._context = context

    async def observe(self) -> None:
        """Put the observer into every window to come, and open an empty one for the page under test."""
        await self._own.begin(self._context)

    async def close(self) -> None:
        """Close all windows."""
        await self._api.end()
        await self._context.close()

    async def load(self) -> None:
        """Open the page under test, and find the control."""
        target = self._target
        try:
            answer = await self._page.goto(
                target.url, wait_until="domcontentloaded", timeout=(target.patience + OPENING) * 1000
            )
        except PlaywrightError as error:
            raise unreachable(target.url, error.message.splitlines()[0].removeprefix("Page.goto: ")) from None
        if answer is not None and not answer.ok:
            raise unreachable(target.url, await _said(answer))
        await find_control(self._page, target, self._play.redactor)
        await asyncio.gather(self._own.outcomes.check(), self._settle())
        await self._own.outcomes.look()

    async def picture(self, file: Path) -> None:
        """Write a picture of the page under test."""
        with suppress(PlaywrightError):
            await self._page.screenshot(path=file, timeout=self._target.patience * 1000)

    async def _settle(self) -> None:
        """Return when the page's scripts are there: a control that a server drew works only once they have run.

        A page that never comes to rest is not waited for long; its users do not wait either.
        """
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(SETTLING):
                await self._page.wait_for_load_state("load")
                await self._page.evaluate(NEXT_FRAME)
                while self._own.loading():
                    await self._page.evaluate(NEXT_FRAME)

    @property
    def _page(self) -> Page:
        return self._own.page


def unreachable(url: str, seen: str) -> AppUnreachableError:
    """Return the error of a page that does not load."""
    return AppUnreachableError(
        "the app under test does not answer with a page",
        where=url,
        seen=seen,
        todo="start the app, and check the address; a name or port of its own that it needs passes with --allow",
    )


async def _said(answer: Response) -> str:
    """Return what a failed answer says: its status, and its text where that is short."""
    text = ""
    with suppress(PlaywrightError):
        text = " ".join((await answer.text()).split())
    return f"{answer.status}: {text[:200]}" if text and not text.startswith("<") else f"status {answer.status}"
