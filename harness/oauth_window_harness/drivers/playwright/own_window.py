"""Takes the user through pages of the app's own that its window shows before it goes to start."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.base import StepUndoneError, Target
from oauth_window_harness.drivers.control_words import leaves
from oauth_window_harness.drivers.controls import Candidate, choice
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.connect_control import hindrance
from oauth_window_harness.drivers.playwright.control_search import ControlSearch
from oauth_window_harness.drivers.playwright.idle import NEXT_FRAME
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play

#: How long a page of the app's own may take to go on by itself before its user looks for a control, in seconds.
_BY_ITSELF = 1.0

#: How many controls an error lists.
_LISTED = 6

_HAS_OPENER = "() => opener !== null"


class OwnWindow:
    """The pages of the app's own that the windows of one play show.

    Args:
        api: gives access to the windows.
        recorder: the recorder of the page.
        play: the play in it.
        target: says what the steps beside are, and how long each may take.

    Attributes:
        pressed: the selectors of ``--then`` that named a control there.
    """

    def __init__(self, api: Api, recorder: Recorder, play: Play, target: Target) -> None:
        self._api = api
        self._recorder = recorder
        self._journal = play.journal
        self._redactor = play.redactor
        self._target = target
        self.pressed: set[str] = set()

    async def cross(self, popup: Any) -> None:
        """Go on to start, by the control that leads there: one that ``--then`` names, or one that a person would take.

        A window that goes on by itself, or has nothing to go on with, is left as it is.

        Raises:
            StepUndoneError: what its user clicks there is not known, or it opens another window, which is not played.
        """
        if await self._goes_on(popup, _BY_ITSELF):
            return
        await self._report(popup)
        windows, taken, found = len(self._recorder.popups), set[tuple[str, str]](), list[Candidate]()
        last = time.monotonic() + self._target.patience
        while time.monotonic() < last and not self._is_gone(popup):
            found = await self._candidates(popup)
            selector = await self._choose(popup, found)
            if selector is None or (popup.url, selector) in taken:
                await self._next_frame(self._api.window(popup))
                continue
            taken.add((popup.url, selector))
            await self._press(popup, selector)
            gone = await self._goes_on(popup, _BY_ITSELF)
            if gone:
                # The request is seen before the window that makes it: in this one, or in another.
                await self._api.until(
                    self._journal,
                    lambda: len(self._recorder.popups) > windows or self._has_left(popup),
                    self._target.patience,
                )
            if len(self._recorder.popups) > windows:
                raise _undone(
                    "the app's own window opens another one, and what is posted to it is not seen",
                    self._redactor.text(popup.url),
                    todo="test that page by itself: name it with --app",
                )
            if gone:
                return
            last = time.monotonic() + self._target.patience
        self._check(popup, found)

    def _check(self, popup: Any, found: list[Candidate]) -> None:
        """Check that the window shows nothing that its user may have to click."""
        offered = [one for one in found if _leads_on(one)]
        if offered and not self._is_gone(popup):
            raise _undone(
                "the window shows a page of the app's own, and what its user clicks there is not known",
                self._redactor.text(popup.url),
                seen=self._redactor.text("; ".join(one.markup for one in offered[:_LISTED])),
                todo="name it with --then",
            )

    async def _goes_on(self, popup: Any, seconds: float) -> bool:
        return await self._api.until(self._journal, lambda: self._is_gone(popup), min(seconds, self._target.patience))

    def _is_gone(self, popup: Any) -> bool:
        """Return whether the window has closed, or shows another page than the app's own, or is on its way there."""
        if self._has_left(popup):
            return True
        clicked = max((event.at for event in self._journal.of(events.StepTaken) if event.step == "click"), default=0.0)
        return any(
            (made.sent_by == "page" and made.endpoint in ("start", "other-start", "dialog")) or made.is_refused()
            for made in self._journal.of(events.RequestSeen)
            if made.at >= clicked
        )

    def _has_left(self, popup: Any) -> bool:
        return popup.is_closed() or not _is_own(popup.url, self._recorder.page.url)

    async def _report(self, popup: Any) -> None:
        """Add the document to the journal, if the observer has not: it is not in one that takes over an empty one."""
        name, url = self._recorder.name(popup), self._redactor.text(popup.url)
        if url.startswith("about:") or any(
            (event.window, event.url) == (name, url) for event in self._journal.of(events.DocumentLoaded)
        ):
            return
        with suppress(PlaywrightError):
            has_opener = await self._api.window(popup).evaluate(_HAS_OPENER)
            self._journal.add(events.DocumentLoaded(at=time.time(), window=name, url=url, has_opener=bool(has_opener)))

    # --- the control --------------------------------------------------------------------------------------------------

    async def _candidates(self, popup: Any) -> list[Candidate]:
        found = await ControlSearch(self._api, popup, self._target, self._redactor).candidates()
        return [one for one in found if one.visible and one.enabled]

    async def _choose(self, popup: Any, found: list[Candidate]) -> str | None:
        """Return the selector of the control that leads on, or None if there is none, or none is certain."""
        for selector in self._target.then:
            with suppress(PlaywrightError):
                if selector not in self.pressed and await self._api.window(popup).count(selector) == 1:
                    self.pressed.add(selector)
                    return selector
        starting = [one for one in found if _leads_to_start(one.href)]
        named = choice(found, popup.url).best
        for best in (starting, named, [one for one in found if _leads_on(one)]):
            if len(best) == 1:
                return best[0].selector
        return None

    async def _press(self, popup: Any, selector: str) -> None:
        self._journal.add(events.StepTaken(at=time.time(), step="then"))
        try:
            await self._api.window(popup).press(selector, self._target.patience)
        except PlaywrightError as error:
            if not self._is_gone(popup):
                raise _undone(
                    "the control in the app's own window could not be clicked",
                    self._redactor.text(popup.url),
                    seen=self._redactor.text(hindrance(error)),
                    todo="see what covers it",
                ) from None

    async def _next_frame(self, window: Window) -> None:
        with suppress(PlaywrightError):  # the window goes on, or closes
            await window.evaluate(NEXT_FRAME)


def _leads_on(one: Candidate) -> bool:
    """Return whether a control may lead on: it is none that leaves the window, and no link to something to read."""
    return not leaves(one.name) and one.role != "tab" and not one.is_ordinary_link()


def _leads_to_start(href: str) -> bool:
    return (urlsplit(href).hostname or "") in rules.LEADCONNECTOR_HOSTS


def _is_own(url: str, page_url: str) -> bool:
    """Return whether a page is of the app's own origin, or still the empty one, into which the app may write."""
    own, shown = urlsplit(page_url), urlsplit(url.removeprefix("blob:"))
    return shown.scheme in ("about", "") or (shown.scheme, shown.netloc) == (own.scheme, own.netloc)


def _undone(what: str, where: str, *, seen: str = "", todo: str) -> StepUndoneError:
    return StepUndoneError(what, where=where, seen=seen, todo=todo)
