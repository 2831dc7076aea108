"""The windows of a context that a test made and uses itself, driven by Playwright's blocking API."""

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
from oauth_window_harness.drivers.blocking.private import in_own_greenlet, listens_elsewhere
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Window
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.windows import Windows
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.journal.play import Play


class ContextRecorder(Recorder):
    """The recorder of a context in which a test opens pages: those are the app's; all other new pages are popups.

    Attributes:
        clicked_selector: the selector of the element that the test has clicked; None until it has.
        clicked_frame: the frame in which it did so.
    """

    page: Page
    clicked_selector: str | None = None
    clicked_frame: Any = None
    _own_pages_to_come = 0

    def begin(self, context: BrowserContext) -> None:
        """Install the observer in all future windows, and treat the pages that the test opens as the app's."""
        self._context = context
        context.expose_binding(script.BINDING, in_own_greenlet(self._on_report))
        context.add_init_script(script.script(blocked=self._play.scenario.blocked))
        self._open: Callable[[], Page] = context.new_page
        # By its opener a popup cannot be told from a page of the test's: with noopener it has none.
        context.new_page = self._new_page  # type: ignore[method-assign]
        self.traffic.follow(context)
        context.on("page", self._on_page)
        context.on("response", self._on_response)
        context.on("dialog", self._on_dialog)

    def has_page(self) -> bool:
        """Return whether the test has opened a page."""
        return "page" in vars(self)

    def _on_report(self, source: Mapping[str, Any], report: object = None) -> None:
        super()._on_report(source, report)
        if self.clicked_selector is None and self._names.get(source["page"]) == "app":
            self.clicked_selector = script.clicked_selector(report)
            if self.clicked_selector is not None:
                self.clicked_frame = self.frames.control = source["frame"]

    def _new_page(self) -> Page:
        self._own_pages_to_come += 1
        return self._open()

    def _on_page(self, page: Any) -> None:
        if not self._own_pages_to_come:
            return super()._on_page(page)
        self._own_pages_to_come -= 1
        return self.follow(page)

    def _on_dialog(self, dialog: Dialog) -> None:
        page = dialog.page
        if page is None or self._names.get(page) == "app":
            self._add_dialog(dialog)
        # Playwright dismisses dialogs without a listener. This is one, so it has to dismiss them if the test has none.
        if not listens_elsewhere(self._context, page):
            with suppress(PlaywrightError):
                (dialog.accept if dialog.type == "beforeunload" else dialog.dismiss)()


class BlockingWindows(Windows):
    """Takes the user's steps in the windows of a context in which a test opens the app's pages and clicks.

    Implements `drivers.base.Stage`; its methods never suspend, see `drivers.immediate.at_once`.

    Args:
        context: a context without pages.
        play: the play in it.
        target: the page under test; `load` opens its address.
        arguments: the arguments that the context was created with.
    """

    def __init__(
        self, context: BrowserContext, play: Play, target: Target, arguments: Mapping[str, Any] | None = None
    ) -> None:
        self._arguments = dict(arguments or {})
        self._context = context
        self._test_recorder = ContextRecorder(api := BlockingCalls(context), play, target, "--oauth-window-")
        super().__init__(api, self._test_recorder, play, target)
        self._test_recorder.begin(context)

    @property
    def url(self) -> str:
        """The address of the page that the test opened last."""
        return self._test_recorder.page.url

    def has_page(self) -> bool:
        """Return whether the test has opened a page."""
        return self._test_recorder.has_page()

    async def expect_click(self) -> None:
        """Treat the next click of the test as the one on the control.

        Raises:
            UsageError: the selector of an outcome is invalid.
        """
        await self._test_recorder.outcomes.check()
        self._test_recorder.clicked_selector = None
        self._last = "click"

    async def load(self) -> None:
        """Open a page of the app.

        Raises:
            AppUnreachableError: the page does not load.
        """
        target = self._target
        try:
            self._context.new_page().goto(target.url, timeout=target.patience * 1000)
        except PlaywrightError as error:
            raise AppUnreachableError(
                "the page does not load once more", where=target.url, seen=error.message.splitlines()[0]
            ) from None

    def fault(self) -> str | None:
        """Return None: a browser that ends ends the test."""
        return None

    async def picture(self, file: Path, popup: Path | None = None) -> None:
        """Do nothing: pytest-playwright takes the screenshots of a test."""

    @asynccontextmanager
    async def fresh_windows(self, play: Play, target: Target) -> AsyncIterator[BlockingWindows]:
        """Yield windows in a new context with the same cookies, for another play, without the test's video or HAR.

        Raises:
            AppUnreachableError: the browser is closed.
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
            yield BlockingWindows(context, play, replace(target, connect=self._selector()))

    def _selector(self) -> str | None:
        """Return the selector of what the test has clicked, or that of the target if it has clicked nothing."""
        return self._test_recorder.clicked_selector or self._target.connect

    async def _control(self) -> tuple[Window, str]:
        recorder, selector = self._test_recorder, self._selector()
        if selector is None:
            self._known = self._known or await self._search().find()
            return await super()._control()
        frame = recorder.clicked_frame
        is_there = frame is not None and not frame.is_detached()
        return self._api.window(recorder.page, frame if is_there else None), selector

    async def _click(self) -> None:
        window, control = await self._control()
        if self._target.before or await window.count(control) == 1:
            await super()._click()
        else:
            # A user whose page was drawn anew clicks at the same position, whatever is there now.
            await self._window.click_at(None)
