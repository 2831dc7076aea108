"""Watches the windows of one scenario in a context of the harness' own."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Dialog, Page
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.outcomes import OutcomeWatch
from oauth_window_harness.drivers.recorder import LOOK, Change, Record
from oauth_window_harness.journal.play import Play


class Watch(Record):
    """The record of a context that opens one page for the app; whatever else opens in it is a popup."""

    page: Page
    popups: list[Page]

    def __init__(self, context: BrowserContext, play: Play, target: Target) -> None:
        super().__init__(play)
        self._context = context
        self._looks: set[asyncio.Task[None]] = set()
        self.outcomes = OutcomeWatch(self._journal, target)

    async def begin(self) -> None:
        """Put the observer into every window to come, and open an empty one for the page under test."""
        context = self._context
        await context.expose_binding(script.BINDING, self._report)
        await context.add_init_script(script.script(blocked=self._play.scenario.blocked))
        page = await context.new_page()
        self.outcomes.begin(page)
        self.follow(page)
        context.on("page", self._opened)
        context.on("response", self._answered)
        page.on("dialog", self._dialog)

    def open_popups(self) -> list[Page]:
        """Give the windows that are open."""
        return super().open_popups()

    def _changed(self) -> None:
        self.outcomes.changed()

    def _look_at(self, change: Change) -> None:
        looking = asyncio.create_task(self._dispatch(change))
        self._looks.add(looking)
        looking.add_done_callback(self._looks.discard)

    async def _dispatch(self, change: Change) -> None:
        with suppress(PlaywrightError):
            await self.page.evaluate(LOOK, change)

    async def _dialog(self, dialog: Dialog) -> None:
        self._dialog_shown(dialog)
        with suppress(PlaywrightError):
            # Whoever has just clicked "connect" confirms it; what is asked later may ask for one more window.
            wanted = dialog.type in ("alert", "beforeunload") or (dialog.type == "confirm" and self._window_awaited())
            await (dialog.accept() if wanted else dialog.dismiss())
