"""The windows of one scenario in a real browser: followed, observed, and closed together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Dialog, Frame, Locator, Page, Request, Response
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from harness import events
from harness.drivers import observed
from harness.drivers.base import StepNotTakenError, Target
from harness.drivers.outcomes import OutcomeWatch
from harness.errors import AppUnreachableError, UsageError
from harness.scenario import Step
from harness.stub.play import Play
from harness.waiting import until

#: How long, beside the patience, a page is given to open its window, in seconds: a browser keeps the click's
#: activation that long.
OPENING = 5.0

#: The test ids of the controls in the popup.
_CONTROLS: Mapping[Step, str] = {
    "log-in": "login-submit",
    "approve": "consent-approve",
    "cancel": "consent-cancel",
}

#: After the next frame is drawn and the tasks that were waiting for it have run.
_NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


class Windows:
    """The page under test and the windows that it opens."""

    def __init__(self, context: BrowserContext, play: Play, target: Target) -> None:
        self._context = context
        self._play = play
        self._journal = play.journal
        self._target = target
        self._names: dict[Page, str] = {}
        self._closed_by_user: set[Page] = set()
        self._pending: set[Request] = set()

    async def observe(self) -> None:
        """Put the observer into every window to come, and open an empty one for the page under test."""
        await self._context.expose_binding(observed.BINDING, self._report)
        await self._context.add_init_script(observed.SCRIPT)
        self._page = await self._context.new_page()
        self._outcomes = OutcomeWatch(self._page, self._journal, self._target)
        self._names[self._page] = "app"
        self._context.on("page", self._opened)
        self._page.on("dialog", self._dialog)
        self._page.on("request", self._request)
        self._page.on("requestfinished", self._settled)
        self._page.on("requestfailed", self._settled)

    async def close(self) -> None:
        """Close all windows."""
        await self._outcomes.close()
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
        await self._find_control()

    async def take(self, step: Step) -> None:
        """Do what the user does next."""
        if step == "click":
            # The observer tells the moment: before it, Playwright waits until the control can be clicked.
            await self._within(step, self._control().click(timeout=_ms(self._target.patience)))
            return
        popup = await self._popup(step)
        if step == "close":
            await self._loaded(popup)
            self._closed_by_user.add(popup)
            self._step(step)
            await popup.close()
            return
        control = popup.get_by_test_id(_CONTROLS[step])
        await self._within(step, control.wait_for(timeout=_ms(self._target.patience)))
        self._step(step)
        await self._within(step, control.click(timeout=_ms(self._target.patience)))

    async def drain(self) -> None:
        """Return when the page has run what was waiting, and no request of its own is under way."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(self._target.patience):
                await self._page.evaluate(_NEXT_FRAME)
                while self._pending:
                    await self._page.evaluate(_NEXT_FRAME)
                await self._outcomes.look()

    async def picture(self, file: Path) -> None:
        """Write a picture of the page under test."""
        with suppress(PlaywrightError):
            await self._page.screenshot(path=file, timeout=_ms(self._target.patience))

    # --- what the user does ---------------------------------------------------------------------------------------

    def _control(self) -> Locator:
        return self._page.locator(self._target.connect).locator("visible=true")

    async def _find_control(self) -> None:
        control = self._control()
        where = f"--connect {self._target.connect!r} in {self._target.url}"
        try:
            await control.first.wait_for(timeout=_ms(self._target.patience))
            found = await control.count()
        except PlaywrightTimeoutError:
            found = 0
        except PlaywrightError as error:
            raise UsageError("the selector cannot be used", where=where, seen=error.message.splitlines()[0]) from None
        if found == 1:
            return
        shown = [await self._described(one) for one in await (control if found else self._anything()).all()]
        raise UsageError(
            "--connect must name one visible control",
            where=where,
            seen=f"{found} that match" + (f": {'; '.join(shown)}" if found else ""),
            todo="name one of them more exactly" if found else f"visible controls: {'; '.join(shown) or 'none at all'}",
        )

    def _anything(self) -> Locator:
        return self._page.locator("button, a[href], [role=button], input[type=submit], input[type=button]").locator(
            "visible=true"
        )

    async def _described(self, control: Locator) -> str:
        html: str = await control.evaluate("(element) => element.outerHTML")
        return self._play.redactor.text(" ".join(html.split())[:100])

    async def _popup(self, step: Step) -> Page:
        """Give the window that was opened last and is still open, waiting for one to open."""

        def popups() -> list[Page]:
            return [page for page in self._names if page is not self._page and not page.is_closed()]

        if not await until(self._journal, lambda: bool(popups()), self._target.patience + OPENING):
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        return popups()[-1]

    async def _loaded(self, popup: Page) -> None:
        name = self._names[popup]

        def loaded() -> bool:
            return any(event.window == name for event in self._journal.of(events.DocumentLoaded))

        await until(self._journal, loaded, self._target.patience)

    async def _within(self, step: Step, doing: Awaitable[Any]) -> None:
        try:
            await doing
        except PlaywrightError as error:
            seen = self._play.redactor.text(error.message.splitlines()[0])
            raise StepNotTakenError(f"the user could not {step}", where=f"the step {step!r}", seen=seen) from None

    def _step(self, step: Step) -> None:
        self._journal.add(events.StepTaken(at=time.time(), step=step))

    # --- what happens ---------------------------------------------------------------------------------------------

    def _report(self, source: Mapping[str, Any], report: object = None) -> None:
        frame: Frame = source["frame"]
        name = self._names.get(source["page"])
        if name is None or frame.parent_frame is not None or not isinstance(report, str):
            return
        event = observed.event_of(report, name, self._play.redactor, origin=_origin(frame.url))
        if event is not None:
            self._journal.add(event)
        if name == "app":
            self._outcomes.changed()

    def _opened(self, page: Page) -> None:
        if page is self._page:
            return
        name = f"popup-{len(self._names)}"
        self._names[page] = name
        page.on("close", self._window_closed)
        self._journal.add(events.WindowOpened(at=time.time(), window=name))

    def _window_closed(self, page: Page) -> None:
        by = events.WindowClosed(
            at=time.time(), window=self._names[page], by="user" if page in self._closed_by_user else "script"
        )
        self._journal.add(by)

    async def _dialog(self, dialog: Dialog) -> None:
        message = self._play.redactor.text(dialog.message)
        self._journal.add(events.DialogShown(at=time.time(), window="app", kind=dialog.type, message=message))
        with suppress(PlaywrightError):
            await (dialog.accept() if dialog.type in ("alert", "beforeunload") else dialog.dismiss())

    def _request(self, request: Request) -> None:
        # Streams stay open by design; a page that has one is not busy.
        if request.resource_type in ("fetch", "xhr"):
            self._pending.add(request)

    def _settled(self, request: Request) -> None:
        self._pending.discard(request)


def _ms(seconds: float) -> float:
    return seconds * 1000


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if rest else "null"


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
