"""Writes into the journal what happens in the windows of one scenario.

Playwright's two APIs name all that they tell of alike, so that their pages, requests and dialogs are read here as one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.outcomes import OutcomeWatch
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario import intrusion

#: What a page asks for in order to show itself; everything else it asks for in order to do something.
_SHOWING = frozenset({"image", "font", "stylesheet", "media", "script", "manifest", "texttrack", "eventsource"})

#: What stays open by design; a page that has one is not busy.
_STREAMS = frozenset({"eventsource", "websocket", "media", "ping"})

#: As much of a request's body as names what it is about, in characters.
_BODY = 2_000

#: A headed browser tells a page that its user looks away from it, to the window, or back. Under automation every page
#: has the focus all the time (Playwright emulates it), and a page that waits for its user's return would wait for ever.
_LOOK = "(change) => { window.dispatchEvent(new FocusEvent(change)); }"

Change = Literal["blur", "focus"]


class Recorder:
    """The windows of one scenario, and what happens in them.

    Args:
        api: reaches the windows.
        play: whose journal is written.
        target: where to look in the page.
        prefix: of the options that name an outcome.

    Attributes:
        outcomes: what of the outcomes can be seen.
        page: shows the app under test.
        popups: the windows that it opened, the open and the closed ones, in the order of their opening.
    """

    page: Any

    def __init__(self, api: Api, play: Play, target: Target, prefix: str = "--") -> None:
        self._api = api
        self._play = play
        self.outcomes = OutcomeWatch(api, play.journal, target, prefix)
        self._journal = play.journal
        self._names: dict[Any, str] = {}
        self._closed_by_user: set[Any] = set()
        self._pending: set[Any] = set()
        self._intruders_to_come = 0
        self.popups: list[Any] = []

    def busy(self) -> bool:
        """Return whether a call of the page's own is under way."""
        return any(request.resource_type in ("fetch", "xhr") for request in self._pending)

    def loading(self) -> bool:
        """Return whether anything is under way that the page asked for, its scripts among it."""
        return bool(self._pending)

    def open_popups(self) -> list[Any]:
        """Return the windows that are open."""
        return [popup for popup in self.popups if not popup.is_closed()]

    def name(self, popup: Any) -> str:
        """Return the name of a window in the journal."""
        return self._names[popup]

    def will_be_closed_by_user(self, popup: Any) -> None:
        """Say that the closing to come is the user's doing."""
        self._closed_by_user.add(popup)

    def expect_intruder(self) -> None:
        """Say that the next window to open is none of the page's."""
        self._intruders_to_come += 1

    def follow(self, page: Any) -> None:
        """Take a window for the app's own."""
        self.page = page
        self._names[page] = "app"
        self.outcomes.begin(self._api.window(page))
        page.on("request", self._requested)
        page.on("requestfinished", self._settled)
        page.on("requestfailed", self._settled)

    # --- what happens -------------------------------------------------------------------------------------------------

    def _report(self, source: Mapping[str, Any], report: object = None) -> None:
        frame = source["frame"]
        name = self._names.get(source["page"])
        if name is None or frame.parent_frame is not None or not isinstance(report, str):
            return
        event = script.event_of(report, name, self._play.redactor)
        if event is not None:
            self._journal.add(event)
        if name == "app":
            self.outcomes.changed()

    def _opened(self, page: Any) -> None:
        if page in self._names:
            return
        if self._intruders_to_come:
            self._intruders_to_come -= 1
            return
        self.popups.append(page)
        self._names[page] = name = f"popup-{len(self.popups)}"
        page.on("close", self._closed)
        self._journal.add(events.WindowOpened(at=time.time(), window=name))
        self._look_at("blur")

    def _closed(self, page: Any) -> None:
        by = events.WindowClosed(
            at=time.time(), window=self._names[page], by="user" if page in self._closed_by_user else "script"
        )
        self._journal.add(by)
        if not self.open_popups():
            self._look_at("focus")

    def _look_at(self, change: Change) -> None:
        """Let the page know that the user looks away from it, or back; see `_LOOK`."""
        self._api.start(self._dispatch(change))

    async def _dispatch(self, change: Change) -> None:
        with suppress(PlaywrightError):
            await self._api.window(self.page).evaluate(_LOOK, change)

    def _window_awaited(self) -> bool:
        """Return whether the user has clicked, and no window has opened since."""
        clicked = [event.at for event in self._journal.of(events.StepTaken) if event.step == "click"]
        opened = [event.at for event in self._journal.of(events.WindowOpened)]
        return bool(clicked) and max(opened, default=0.0) < clicked[-1]

    def _dialog_shown(self, dialog: Any) -> None:
        message = self._play.redactor.text(dialog.message)
        self._journal.add(events.DialogShown(at=time.time(), window="app", kind=dialog.type, message=message))

    def _requested(self, request: Any) -> None:
        if intrusion.PATH in request.url or request.frame.parent_frame is not None:
            return
        if request.resource_type not in _STREAMS:
            self._pending.add(request)
        if request.resource_type not in _SHOWING:
            redact = self._play.redactor.text
            body = (request.post_data_buffer or b"")[:_BODY].decode("utf-8", "replace")
            self._journal.add(
                events.PageRequested(at=time.time(), method=request.method, url=redact(request.url), body=redact(body))
            )

    def _settled(self, request: Any) -> None:
        self._pending.discard(request)

    def _answered(self, response: Any) -> None:
        policy = response.headers.get("cross-origin-opener-policy")
        if not policy or not response.request.is_navigation_request():
            return
        with suppress(PlaywrightError):  # a window that has gone has no frame to ask
            name = self._names.get(response.frame.page)
            if name is not None and response.frame.parent_frame is None:
                redact = self._play.redactor.text
                self._journal.add(
                    events.OpenerPolicySeen(
                        at=time.time(), window=name, url=redact(response.url), policy=redact(policy)
                    )
                )
