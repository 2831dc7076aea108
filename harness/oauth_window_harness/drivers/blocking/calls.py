"""Implements `drivers.playwright.api` with Playwright's blocking API: every method blocks, and never suspends."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, Frame, Locator, Page

from oauth_window_harness.drivers.blocking.private import wait
from oauth_window_harness.drivers.immediate import at_once
from oauth_window_harness.drivers.playwright.api import Window
from oauth_window_harness.drivers.playwright.frames import is_of_page
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.waiting import until

T = TypeVar("T")


class BlockingWindow:
    """Implements `drivers.playwright.api.Window`."""

    def __init__(self, page: Page, frame: Frame | None = None) -> None:
        self._page = page
        self._frame = frame

    def in_frames(self) -> list[BlockingWindow]:
        """Return the window's documents, each as a window of its own: the main one first, then those in frames."""
        return [type(self)(self._page, frame) for frame in self._page.frames if is_of_page(frame)]

    async def evaluate(self, script: str, argument: object = None) -> Any:
        """Run a function in the window's document, and return what it returns."""
        return self._document.evaluate(script, argument)

    async def ask(self, selector: str, script: str, seconds: float) -> Any:
        """Run a function with the one element that a selector matches, and return what it returns."""
        return self._visible(selector).evaluate(script, timeout=seconds * 1000)

    async def text(self, selector: str, seconds: float) -> str:
        """Return the rendered text of the one element that a selector matches."""
        return self._visible(selector).inner_text(timeout=seconds * 1000)

    async def count(self, selector: str, *others: str) -> int:
        """Return how many visible elements any of the selectors matches."""
        any_of = self._document.locator(selector)
        for other in others:
            any_of = any_of.or_(self._document.locator(other))
        return any_of.locator("visible=true").count()

    async def markups(self, selector: str) -> list[str]:
        """Return the HTML of the visible elements that a selector matches."""
        html: list[str] = self._visible(selector).evaluate_all("(all) => all.map((one) => one.outerHTML)")
        return html

    async def appear(self, selector: str, seconds: float) -> None:
        """Wait until an element is visible."""
        self._visible(selector).first.wait_for(timeout=seconds * 1000)

    async def press(self, selector: str, seconds: float) -> None:
        """Wait until an element can be clicked, and click it."""
        self._visible(selector).click(timeout=seconds * 1000)

    async def click_at(self, place: tuple[float, float] | None) -> None:
        """Click at a position in the window."""
        if place is not None:
            x, y = self._corner()
            self._page.mouse.click(place[0] + x, place[1] + y)
            return
        self._page.mouse.down()
        self._page.mouse.up()

    async def type_key(self, key: str) -> None:
        """Press a key of the keyboard."""
        self._page.keyboard.press(key)

    async def open(self, script: str, argument: object, seconds: float) -> Window:
        """Run a function that opens a window, and return that window."""
        with self._page.context.expect_page(timeout=seconds * 1000) as opening:
            self._document.evaluate(script, argument)
        return BlockingWindow(opening.value)

    async def close(self) -> None:
        """Close the window."""
        self._page.close()

    @property
    def _document(self) -> Page | Frame:
        return self._frame or self._page

    def _corner(self) -> tuple[float, float]:
        """Return where the frame begins in the window, in CSS pixels."""
        if self._frame is None or self._frame.parent_frame is None:
            return (0, 0)
        box = self._frame.frame_element().bounding_box()
        return (box["x"], box["y"]) if box is not None else (0, 0)

    def _visible(self, selector: str) -> Locator:
        return self._document.locator(selector).locator("visible=true")


class BlockingCalls:
    """Implements `drivers.playwright.api.Api`.

    Args:
        context: the context in whose calls events are dispatched.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context

    def window(self, page: Page, frame: Frame | None = None) -> BlockingWindow:
        """Return a `Window` for a page of Playwright's, or for one frame of it."""
        return BlockingWindow(page, frame)

    async def until(self, journal: Journal, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition over the journal holds, and return whether it does."""
        __tracebackhide__ = True
        return wait(self._context, until(journal, holds, seconds))

    async def run_within(self, seconds: float, work: Coroutine[Any, Any, None]) -> bool:  # noqa: ARG002 - see `Api`
        """Run work to its end: it checks the time between its calls, and a blocking call cannot be cancelled."""
        await work
        return True

    async def gather(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        """Run several coroutines one after another, and return what each returned."""
        try:
            return [await work for work in works]
        finally:
            for work in works:  # those after one that failed were not started
                work.close()

    async def text(self, response: Any) -> str:
        """Return the text of an answer."""
        return str(response.text())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work to its end."""
        at_once(work)

    async def end(self) -> None:
        """Do nothing: all that was started has ended."""
