"""The windows of a context that a test made and drives, by Playwright's blocking API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Page
from playwright.sync_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.blocking.calls import BlockingCalls
from oauth_window_harness.drivers.blocking.private import listens_elsewhere
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.windows import Windows
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.journal.play import Play


class ContextRecorder(Recorder):
    """The recorder of a context whose pages a test opens: those are the app's, and whatever else opens is a popup.

    Attributes:
        clicked: the selector of what the test has clicked; None until it has.
    """

    page: Page
    clicked: str | None = None
    _own_to_come = 0

    def begin(self, context: BrowserContext) -> None:
        """Put the observer into every window to come, and take the pages that the test opens for the app's."""
        self._context = context
        context.expose_binding(script.BINDING, self._report)
        context.add_init_script(script.script(blocked=self._play.scenario.blocked))
        self._open: Callable[[], Page] = context.new_page
        # A popup that was opened with noopener has no opener by which it could be told from a page of the test's.
        context.new_page = self._new_page  # type: ignore[method-assign]
        context.on("page", self._opened)
        context.on("response", self._answered)
        context.on("dialog", self._dialog)

    def has_page(self) -> bool:
        """Return whether the test has opened a page."""
        return "page" in vars(self)

    def _report(self, source: Mapping[str, Any], report: object = None) -> None:
        super()._report(source, report)
        if self.clicked is None and self._names.get(source["page"]) == "app":
            self.clicked = script.clicked(report)

    def _new_page(self) -> Page:
        self._own_to_come += 1
        return self._open()

    def _opened(self, page: Any) -> None:
        if not self._own_to_come:
            return super()._opened(page)
        self._own_to_come -= 1
        return self.follow(page)

    def _dialog(self, dialog: Dialog) -> None:
        page = dialog.page
        if page is None or self._names.get(page) == "app":
            self._dialog_shown(dialog)
        # Playwright dismisses what nobody listens to. This listens, so it has to do that where the test does not.
        if not listens_elsewhere(self._context, page):
            with suppress(PlaywrightError):
                (dialog.accept if dialog.type == "beforeunload" else dialog.dismiss)()


class BlockingWindows(Windows):
    """The user's part in the windows of a context in which a test opens the app's pages and clicks.

    See `drivers.base.Stage`; its methods never suspend, see `drivers.immediate.at_once`.

    Args:
        context: empty as yet.
        play: what is played in it.
        target: where to look; its address is that of the page that `load` opens.
        arguments: those that the context was made with.
    """

    def __init__(
        self, context: BrowserContext, play: Play, target: Target, arguments: Mapping[str, Any] | None = None
    ) -> None:
        self._arguments = dict(arguments or {})
        self._context = context
        self._of_test = ContextRecorder(api := BlockingCalls(context), play, target, "--oauth-window-")
        super().__init__(api, self._of_test, play, target)
        self._of_test.begin(context)

    @property
    def url(self) -> str:
        """The address of the page that the test opened last."""
        return self._of_test.page.url

    def has_page(self) -> bool:
        """Return whether the test has opened a page."""
        return self._of_test.has_page()

    async def expect_click(self) -> None:
        """Take the next click of the test for the one on the control.

        Raises:
            UsageError: what names an outcome is no selector.
        """
        await self._of_test.outcomes.check()
        self._of_test.clicked = None
        self._last = "click"

    async def load(self) -> None:
        """Open a page of the app.

        Raises:
            AppUnreachableError: it does not load.
        """
        target = self._target
        try:
            self._context.new_page().goto(target.url, timeout=target.patience * 1000)
        except PlaywrightError as error:
            raise AppUnreachableError(
                "the page does not load once more", where=target.url, seen=error.message.splitlines()[0]
            ) from None

    async def picture(self, file: Path) -> None:
        """Nothing: pytest-playwright takes the pictures of a test."""

    @asynccontextmanager
    async def another(self, play: Play, target: Target) -> AsyncIterator[BlockingWindows]:
        """Return windows of the same browser and user, for another play; nothing of them is recorded as the test's.

        Raises:
            AppUnreachableError: there can be none, for the browser has gone.
        """
        browser = self._context.browser
        kept = {name: value for name, value in self._arguments.items() if not name.startswith("record_")}
        with ExitStack() as stack:
            try:
                assert browser is not None
                context = browser.new_context(**{**kept, "storage_state": self._context.storage_state()})
                stack.callback(context.close)
            except PlaywrightError as error:
                raise AppUnreachableError(
                    "no other window can be opened", where=target.url, seen=error.message
                ) from None
            yield BlockingWindows(context, play, replace(target, connect=self._control()))

    def _control(self) -> str:
        """Return what the test has clicked, if it has, or else what is named."""
        return self._of_test.clicked or self._target.connect

    async def _click(self) -> None:
        if await self._window.count(self._control()) == 1:
            await super()._click()
        else:
            # As a user does whose page has been drawn anew: where the test has clicked, whatever is there now.
            await self._window.click_at(None)
