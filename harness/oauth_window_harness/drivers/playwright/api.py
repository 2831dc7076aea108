"""The calls of Playwright that the drivers need, as one interface to its async and its blocking API.

All that uses it is written once. `playwright.async_calls` implements it for the contexts that the harness creates,
`blocking.calls` for a context that a test created: its methods block, and never suspend.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from oauth_window_harness.journal.journal import Journal

T = TypeVar("T")


class Window(Protocol):
    """One window of the browser, or one frame in it. Every method raises PlaywrightError if the window has closed.

    Selectors are Playwright's, and match visible elements only. Times are in seconds.
    """

    def in_frames(self) -> Sequence[Window]:
        """Return the window's documents, each as a window of its own: the main one first, then those in frames."""

    async def evaluate(self, script: str, argument: object = None) -> Any:
        """Run a function in the window's document, and return what it returns."""

    async def ask(self, selector: str, script: str, seconds: float) -> Any:
        """Run a function with the one element that a selector matches, and return what it returns."""

    async def text(self, selector: str, seconds: float) -> str:
        """Return the rendered text of the one element that a selector matches.

        Raises:
            PlaywrightError: there was none in time, or it is a drawing.
        """

    async def count(self, selector: str, *others: str) -> int:
        """Return how many visible elements any of the selectors matches."""

    async def markups(self, selector: str) -> list[str]:
        """Return the HTML of the visible elements that a selector matches."""

    async def appear(self, selector: str, seconds: float) -> None:
        """Wait until an element is visible.

        Raises:
            PlaywrightError: no element was visible in time.
        """

    async def press(self, selector: str, seconds: float) -> None:
        """Wait until an element can be clicked, and click it.

        Raises:
            PlaywrightError: it could not be clicked in time.
        """

    async def click_at(self, place: tuple[float, float] | None) -> None:
        """Click at a position, in CSS pixels from its top left corner; None is where the mouse is."""

    async def type_key(self, key: str) -> None:
        """Press a key of the keyboard, by Playwright's name for it."""

    async def open(self, script: str, argument: object, seconds: float) -> Window:
        """Run a function that opens a window, and return that window.

        Raises:
            PlaywrightError: no window opened in time.
        """

    async def close(self) -> None:
        """Close the window."""


class Api(Protocol):
    """Access to the windows of one context, and ways to wait and to run work meanwhile."""

    def window(self, page: Any, frame: Any = None) -> Window:
        """Return a `Window` for a page of Playwright's, or for one frame of it."""

    async def until(self, journal: Journal, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition over the journal holds, and return whether it does; see `journal.waiting.until`."""

    async def run_within(self, seconds: float, work: Coroutine[Any, Any, None]) -> bool:
        """Run work, cancel it if it takes longer than so many seconds, and return whether it came to its end.

        The blocking API cannot cancel a call.
        """

    async def gather(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        """Run several coroutines, at the same time if the API can, and return what each returned."""

    async def text(self, response: Any) -> str:
        """Return the text of an answer."""

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work in the background; the blocking API runs it before this returns."""

    async def end(self) -> None:
        """Cancel the work that was started."""
