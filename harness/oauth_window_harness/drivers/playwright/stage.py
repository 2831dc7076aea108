"""The windows of one scenario in a context that the harness creates, observes and closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from playwright.async_api import BrowserContext, Dialog, Page, Response
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.base import LOADS, STILL_LOADING, Footage, Target
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls
from oauth_window_harness.drivers.playwright.connection import BROWSER_GONE
from oauth_window_harness.drivers.playwright.filming import Filming, picture
from oauth_window_harness.drivers.playwright.idle import NEXT_FRAME
from oauth_window_harness.drivers.playwright.observed_context import ObservedContext
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.playwright.windows import Windows
from oauth_window_harness.drivers.popup import OPENING
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError, UsageError
from oauth_window_harness.journal.events import MessageReceived, RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor

#: How long a page that shows its control may continue to load before the user clicks, in seconds.
SETTLE_PATIENCE = 2.0

#: The statuses of an answer to somebody who has not signed in.
_UNSIGNED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class OwnRecorder(Recorder):
    """The recorder of a context with one page for the app, whose dialogs it answers itself."""

    page: Page

    def begin(self, observed: ObservedContext) -> None:
        """Record what happens in a context from now on; its empty page is for the page under test."""
        observed.listener = self._on_report
        self.follow(observed.page)
        self.traffic.follow(observed.context)
        observed.context.on("page", self._on_page)
        observed.context.on("response", self._on_response)
        observed.context.on("dialog", self._on_dialog)

    def _awaits_follow_up(self) -> bool:
        """Return whether an event of the story's, with an account, has come from the popup, and no follow-up since."""
        posted = [event.data for event in self._play.events()]
        heard = [
            message.at
            for message in self._journal.of(MessageReceived)
            if (message.window, message.source, message.origin) == ("app", "popup", rules.ORIGIN)
            and message.data in posted
            and rules.is_event(rules.fields_of(message.data), "facebook")
        ]
        asked = [made.at for made in self._journal.of(RequestSeen) if made.endpoint == "account"]
        return bool(heard) and max(asked, default=0.0) < heard[0]

    async def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.page is not self.page:
            with suppress(PlaywrightError):  # the app's own window asks before it goes to start
                await (dialog.dismiss() if dialog.type == "prompt" else dialog.accept())
            return
        self._add_dialog(dialog)
        with suppress(PlaywrightError):
            # A user who wants to connect confirms upon the click, and upon the event; a question that comes at another
            # time might ask to open another window.
            is_due = self._awaits_window() or self._awaits_follow_up()
            wanted = dialog.type in ("alert", "beforeunload") or (dialog.type == "confirm" and is_due)
            await (dialog.accept() if wanted else dialog.dismiss())


class BrowserStage(Windows):
    """Implements `drivers.base.Stage`.

    Args:
        context: a context without pages; closed with the stage.
        play: the play in it.
        target: the page under test.
        before_end: called when the play waits for nothing but what the page tells its user.
        footage: what is to be kept of the play.
    """

    def __init__(
        self,
        context: BrowserContext,
        play: Play,
        target: Target,
        before_end: Callable[[], None] = lambda: None,
        footage: Footage | None = None,
    ) -> None:
        api = AsyncCalls()
        self._own_recorder = OwnRecorder(api, play, target)
        super().__init__(api, self._own_recorder, play, target)
        self._context = context
        self._before_end = before_end
        self._filming = Filming(context, footage, target.patience + OPENING)

    async def observe(self, observed: ObservedContext | None = None) -> None:
        """Observe all windows from now on.

        Args:
            observed: the context, if it is observed already, and has an empty page.
        """
        if observed is None:
            observed = await ObservedContext.open(self._context, blocked=self._play.scenario.blocked)
        self._own_recorder.begin(observed)
        await self._filming.begin()

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Wait until a condition over the journal holds; see `Windows.until`."""
        __tracebackhide__ = True
        if by == "page":
            self._prepare_next()
        return await super().until(holds, delay, by=by)

    async def drain(self) -> None:
        """Wait until the page is idle; see `Windows.drain`.

        Raises:
            CannotJudgeError: the page's main thread hangs, so that nothing of what it does is to be seen.
        """
        self._prepare_next()
        # Side by side: each message to the browser and back is a part of what a play costs.
        both = [asyncio.ensure_future(work) for work in (super().drain(), self._check_answering())]
        try:
            await asyncio.gather(*both)
        finally:
            for one in both:
                one.cancel()

    def _prepare_next(self) -> None:
        if self._last == self._play.scenario.user[-1]:
            self._before_end()

    async def _check_answering(self) -> None:
        """Check that the page's main thread answers within the patience and a little more.

        Raises:
            CannotJudgeError: it does not.
        """
        seconds = self._target.patience + OPENING
        try:
            with suppress(PlaywrightError):  # what has crashed or closed is told elsewhere
                async with asyncio.timeout(seconds):
                    await self._page.evaluate("() => 0")
        except TimeoutError:
            raise CannotJudgeError(
                f"the page's main thread did not answer for {seconds:g} s",
                where=self._target.url,
                todo="see in the browser's profiler what its scripts do all the time",
            ) from None

    async def close(self) -> None:
        """Close all windows, within the patience and a little more: a page that never rests may keep the browser busy.

        What is left open then is closed with the browser.
        """
        await self._api.end()
        await self._filming.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._target.patience + OPENING):
                await self._context.close()

    async def load(self) -> None:
        """Open the page under test, and check that it has the control."""
        target = self._target
        try:
            answer = await self._page.goto(
                target.url, wait_until="domcontentloaded", timeout=(target.patience + OPENING) * 1000
            )
        except PlaywrightError as error:
            if isinstance(error, PlaywrightTimeoutError) and self._page.url != "about:blank":
                raise self._unloaded_error() from None  # the page has come, and not all that it waits for
            raise unreachable_error(target.url, error.message.splitlines()[0].removeprefix("Page.goto: ")) from None
        if answer is not None and not answer.ok:
            raise unreachable_error(target.url, await _answer_text(answer), signing_in=answer.status in _UNSIGNED)
        await asyncio.gather(self._own_recorder.outcomes.check(), self._settle())
        try:
            await self.prepare()
        except UsageError:
            if self._own_recorder.unloaded():
                raise self._unloaded_error() from None
            raise
        await self._own_recorder.outcomes.look()

    def _unloaded_error(self) -> CannotJudgeError:
        seen = "; ".join(one.line() for one in self._own_recorder.unloaded())
        return CannotJudgeError(STILL_LOADING, where=self._target.url, seen=seen, todo=LOADS)

    async def before_popup_step(self, popup: Page) -> None:
        """Keep a picture of the popup, which the step may close, if anything is to be kept of the play."""
        await self._filming.keep_popup(popup)

    async def picture(self, file: Path, popup: Path | None = None) -> None:
        """Write screenshots of the page under test and of the popup: of each that is open and can be drawn."""
        await picture(self._page, file, self._target.patience)
        if popup is not None and (popups := self._own_recorder.open_popups()):
            await picture(popups[-1], popup, self._target.patience)

    def fault(self) -> str | None:
        """Return that the browser has ended, if so."""
        browser = self._context.browser
        return None if browser is None or browser.is_connected() else BROWSER_GONE

    async def _settle(self) -> None:
        """Wait until the page's scripts have run: before that a control that the server rendered does not work.

        Wait `SETTLE_PATIENCE` at most: a user does not wait for a page that never stops loading.
        """
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(SETTLE_PATIENCE):
                await self._page.wait_for_load_state("load")
                await self._page.evaluate(NEXT_FRAME)
                while self._own_recorder.is_loading():
                    await self._page.evaluate(NEXT_FRAME)

    @property
    def _page(self) -> Page:
        return self._own_recorder.page


def unreachable_error(url: str, seen: str, *, signing_in: bool = False) -> AppUnreachableError:
    """Return the error for a page that does not load, or only for those who have signed in."""
    start = "start the app, and check the address; a name or port of its own that it needs passes with --allow"
    return AppUnreachableError(
        "the app under test does not answer with a page",
        where=url,
        seen=seen,
        todo="give the page a session with --storage-state FILE, as Playwright saves it" if signing_in else start,
    )


async def _answer_text(answer: Response) -> str:
    """Return the status of a failed answer, and the first 200 characters of its text unless that is HTML."""
    text = ""
    with suppress(PlaywrightError):
        text = " ".join((await answer.text()).split())
    return f"{answer.status}: {text[:200]}" if text and not text.startswith("<") else f"status {answer.status}"
