"""What the drivers ask of Playwright, in one form for both of its APIs: the one to be awaited and the blocking one.

Everything above this is written once. `playwright.async_calls` implements it for a context of the harness' own,
`blocking.calls` for a context that a test made: there the methods return at once and never suspend.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from oauth_window_harness.journal.journal import Journal

T = TypeVar("T")


class Window(Protocol):
    """One window of the browser. Every method raises PlaywrightError where the window has gone.

    A selector is Playwright's; of what it matches, only what can be seen counts. Times are in seconds.
    """

    async def evaluate(self, script: str, argument: object = None) -> Any:
        """Run a function in the window's document, and return what it returns."""

    async def ask(self, selector: str, script: str, seconds: float) -> Any:
        """Run a function with the one element that a selector matches, and return what it returns."""

    async def count(self, selector: str) -> int:
        """Return how many elements match."""

    async def appear(self, selector: str, seconds: float) -> None:
        """Wait until an element can be seen.

        Raises:
            PlaywrightError: it could not within the time.
        """

    async def press(self, selector: str, seconds: float) -> None:
        """Wait until an element can be clicked, and click it.

        Raises:
            PlaywrightError: it could not be clicked within the time.
        """

    async def click_at(self, place: tuple[float, float] | None) -> None:
        """Click a place of the window, in CSS pixels from its corner; None is where the mouse is."""

    async def type_key(self, key: str) -> None:
        """Press a key of the keyboard, by Playwright's name for it."""

    async def open(self, script: str, argument: object, seconds: float) -> Window:
        """Run a function that opens a window, and return that window.

        Raises:
            PlaywrightError: none opened within the time.
        """

    async def close(self) -> None:
        """Close the window."""


class Api(Protocol):
    """How the windows of one context are reached, and how something is waited for meanwhile."""

    def window(self, page: Any) -> Window:
        """Return a page of Playwright's as a window."""

    async def until(self, journal: Journal, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition over the journal holds; see `journal.waiting.until`."""

    async def within(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Do some work, and leave it where it takes longer; the blocking API cannot leave a call of its own."""

    async def together(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        """Do several things, at the same time where that is possible, and return what each returned."""

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work beside what is going on; the blocking API does it before this returns."""

    async def end(self) -> None:
        """Leave what was started."""
