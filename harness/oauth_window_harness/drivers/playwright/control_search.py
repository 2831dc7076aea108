"""Finds the control that opens the window, in the page and its frames: by its selector, or as a person finds it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.control_list import hidden_line, listed
from oauth_window_harness.drivers.controls import Candidate, Choice, choice
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.frames import is_of_page
from oauth_window_harness.drivers.playwright.idle import NEXT_FRAME
from oauth_window_harness.drivers.playwright.selectors import first_line, is_about_selector
from oauth_window_harness.errors import CannotJudgeError, UsageError
from oauth_window_harness.redact import Redactor

_CANDIDATES = Path(__file__).with_name("candidates.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Control:
    """The control that opens the window, where it was found last.

    Attributes:
        frame: the frame that it is in.
        selector: the selector that matches it in that frame.
        candidate: what it was when it was found; None if the user named its selector.
    """

    frame: Any
    selector: str
    candidate: Candidate | None = None

    def name(self) -> str:
        """Return its accessible name, or its selector if the user named that."""
        return self.selector if self.candidate is None else self.candidate.name


class ControlSearch:
    """Finds the control of one page.

    Args:
        api: gives access to the page.
        page: the page under test.
        target: says how the control is named, and how long it may take to appear.
        redactor: redacts what an error quotes of the page.
    """

    def __init__(self, api: Api, page: Any, target: Target, redactor: Redactor) -> None:
        self._api = api
        self._page = page
        self._target = target
        self._redactor = redactor

    async def find(self) -> Control:
        """Wait until the page has the control, and return it.

        Raises:
            UsageError: the page has no such control or several, or the selector is invalid.
            CannotJudgeError: the page has crashed or closed.
        """
        try:
            if self._target.connect is None:
                return await self._find_by_name()
            return await self._find_by_selector(self._target.connect)
        except PlaywrightError as error:
            raise self._error_of_page(error) from None

    async def candidates(self, *, detailed: bool = False) -> list[Candidate]:
        """Return the controls of the page and its frames; ``detailed`` ones can be named to the user."""
        found = []
        for frame in filter(is_of_page, self._page.frames):
            with suppress(PlaywrightError):  # the frame has gone, or navigates
                rows = await self._api.window(self._page, frame).evaluate(_CANDIDATES, detailed)
                found += [Candidate.of_row(row, frame) for row in rows]
        return found

    async def again(self, control: Control) -> Control | None:
        """Return where the control is now, or None if it is nowhere: frameworks draw a page anew.

        The control is what has the same name at the same place, or the same name, or the name of one that opens the
        window, or the same place, in this order.
        """
        if control.candidate is None:
            counts = await self._counts(control.selector)
            return next((Control(frame, control.selector) for frame, count in counts if count), None)
        was = control.candidate
        shown = [one for one in await self.candidates() if one.visible]
        at_place = [one for one in shown if one.frame is was.frame and one.selector == was.selector]
        named = [one for one in shown if one.name == was.name and one.role == was.role]
        best = choice(shown, self._page.url)
        is_best = best.tier in (0, 1) and len(best.best) == 1
        for found in (
            [one for one in at_place if one in named], named, best.best if is_best else [],
            [one for one in at_place if one.role == was.role],
        ):  # fmt: skip
            if len(found) == 1:
                return Control(found[0].frame, found[0].selector, found[0])
        return None

    async def glance(self) -> Control | None:
        """Return the control as the page is now, the first of several; None if there is none that can be seen."""
        with suppress(PlaywrightError):  # it has no such document any more, or the selector is invalid
            if self._target.connect is None:
                best = choice(await self.candidates(), self._page.url).best
                return next((Control(one.frame, one.selector, one) for one in best if one.visible), None)
            first = f"{self._target.connect} >> visible=true >> nth=0"
            counts = await self._counts(self._target.connect)
            return next((Control(frame, first) for frame, count in counts if count), None)
        return None

    # --- by its selector ----------------------------------------------------------------------------------------------

    async def _find_by_selector(self, selector: str) -> Control:
        found: list[Any] = []
        async for _ in self._looks():
            counts = await self._counts(selector)
            found = [frame for frame, count in counts for _ in range(count)]
            if found:
                break
        if len(found) == 1:
            return Control(found[0], selector)
        where = f"--connect {selector!r} in {self._target.url}"
        if found:
            shown = [text for frame in dict.fromkeys(found) for text in await self._markups(frame, selector)]
            raise UsageError(
                "--connect must name one visible control",
                where=where,
                seen=f"{len(found)} that match: {'; '.join(shown)}",
                todo="name one of them more exactly",
            )
        raise UsageError(
            "--connect must name one visible control", where=where, seen="0 that match", todo=await self.advice()
        )

    async def _counts(self, selector: str) -> list[tuple[Any, int]]:
        counts = []
        for frame in filter(is_of_page, self._page.frames):
            try:
                counts.append((frame, await self._api.window(self._page, frame).count(selector)))
            except PlaywrightError as error:
                if frame.parent_frame is None and (is_about_selector(error.message) or self._page.is_closed()):
                    raise
        return counts

    async def _markups(self, frame: Any, selector: str) -> list[str]:
        html = await self._api.window(self._page, frame).markups(selector)
        return [self._redactor.text(" ".join(one.split())[:100]) for one in html]

    # --- by its name --------------------------------------------------------------------------------------------------

    async def _find_by_name(self) -> Control:
        best, looks = Choice(), 0
        async for _ in self._looks():
            best, looks = choice(await self.candidates(), self._page.url), looks + 1
            # The page has settled before. What it shows last, such as a control beside a link, may still be drawn.
            if best.is_plain() or (looks > 1 and len(best.best) == 1 and best.best[0].visible):
                break
        visible = [one for one in best.best if one.visible]
        if len(visible) == 1:
            (one,) = visible
            return Control(one.frame, one.selector, one)
        raise await self._no_choice_error()

    async def _no_choice_error(self) -> UsageError:
        """Return the error for a page that offers no control by its name, or several, as the page is now."""
        candidates = await self.candidates(detailed=True)
        best = choice(candidates, self._page.url).best
        where = f"the page {self._target.url}"
        if visible := [one for one in best if one.visible]:
            return UsageError(
                "several controls may open the window",
                where=where,
                seen=self._redactor.text(listed(visible)),
                todo="name one of them with --connect SELECTOR",
            )
        if best:
            return UsageError(
                "the control that names Facebook is hidden",
                where=where,
                seen=self._redactor.text("; ".join(map(hidden_line, best))),
                todo=f"name what shows it with --before SELECTOR; {self._advice(candidates)}",
            )
        return UsageError(
            "no visible control names Facebook",
            where=where,
            todo=f"name the control with --connect SELECTOR, and what is clicked before it with --before SELECTOR; "
            f"{self._advice(candidates)}",
        )

    async def advice(self) -> str:
        """Return which controls the page has, the nearest first."""
        return self._advice(await self.candidates(detailed=True))

    def _advice(self, candidates: Sequence[Candidate]) -> str:
        shown = sorted((one for one in candidates if one.visible), key=Candidate.nearness)
        return f"visible controls: {self._redactor.text(listed(shown)) or 'none at all'}"

    # --- waiting ------------------------------------------------------------------------------------------------------

    async def _looks(self) -> Any:
        """Yield each time that the page may be looked at again, for at most the patience."""
        last = time.monotonic() + self._target.patience
        while True:
            yield None
            if time.monotonic() > last:
                return
            await self._next_frame()

    async def _next_frame(self) -> None:
        window: Window = self._api.window(self._page)
        try:
            await window.evaluate(NEXT_FRAME)
        except PlaywrightError as error:
            if self._page.is_closed() or "crashed" in error.message:
                raise

    def _error_of_page(self, error: PlaywrightError) -> UsageError | CannotJudgeError:
        seen = first_line(error.message)
        if is_about_selector(error.message):
            where = f"--connect {self._target.connect!r} in {self._target.url}"
            return UsageError("the selector cannot be used", where=where, seen=seen)
        return CannotJudgeError(
            f"the page under test {'crashed' if 'crashed' in seen else 'has gone'}",
            where=self._target.url,
            seen=seen,
            todo="open the page in a browser of its own, and see whether it stays",
        )
