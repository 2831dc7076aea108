"""Writes what happens in the windows of one scenario into the journal.

The pages, requests and dialogs of Playwright's two APIs have the same attributes, so one class reads both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.frames import AppFrames, is_of_page
from oauth_window_harness.drivers.playwright.outcomes import OutcomeWatch
from oauth_window_harness.drivers.playwright.page_calls import CALLS, PageCalls
from oauth_window_harness.drivers.playwright.traffic import Traffic
from oauth_window_harness.journal import events
from oauth_window_harness.journal.page_events import StillLoading
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario import intrusion

#: The resource types of requests that only display the page; all others are part of what it does.
_SHOWING = frozenset({"image", "font", "stylesheet", "media", "script", "manifest", "texttrack", "eventsource"})

#: The resource types of requests that stay open by design; they make no page busy.
_STREAMS = frozenset({"eventsource", "websocket", "media", "ping"})

#: As much of a request's body as is needed to recognize what it is about, in bytes.
_BODY = 2_000

#: A user's browser fires blur and focus as its user turns to the popup and back. Under automation every page always has
#: the focus (Playwright emulates it), and a page that waits for its user's return would wait for ever.
_LOOK = "(change) => { window.dispatchEvent(new FocusEvent(change)); }"

Change = Literal["blur", "focus"]


class Recorder:
    """Records what happens in the windows of one scenario.

    Args:
        api: gives access to the windows.
        play: the play, to whose journal the events are added.
        target: the page under test.
        prefix: the prefix of the options that name the outcomes, for error messages.

    Attributes:
        outcomes: watches which outcomes are visible.
        calls: the page's own calls.
        page: the page under test.
        popups: the windows that it opened, closed ones included, in the order of their opening.
        frames: the frames of the page under test.
        traffic: the requests of all windows.
        side_step: the name of the step that the user takes now beside the scenario's own; None if there is none.
    """

    page: Any

    def __init__(self, api: Api, play: Play, target: Target, prefix: str = "--") -> None:
        self._api = api
        self._play = play
        self.outcomes = OutcomeWatch(api, play.journal, target, prefix, play.redactor)
        self.calls = PageCalls(api, play)
        self._journal = play.journal
        self._names: dict[Any, str] = {}
        self._closed_by_user: set[Any] = set()
        self._pending: dict[Any, float] = {}
        self._intruders_to_come = 0
        self.popups: list[Any] = []
        self.frames = AppFrames()
        self.traffic = Traffic(play.journal)
        self.side_step: str | None = None

    def is_busy(self) -> bool:
        """Return whether a fetch or XMLHttpRequest of the page is in progress."""
        return self.calls.is_reading() or any(request.resource_type in CALLS for request in self._pending)

    def is_loading(self) -> bool:
        """Return whether any request of the page is in progress, scripts and images included."""
        return bool(self._pending)

    def unloaded(self) -> list[StillLoading]:
        """Return the scripts of the page, and its document, that have not come yet: without them it does nothing."""
        return self._awaited(lambda request: request.resource_type == "script" or _is_of(request, in_frame=False))

    def unloaded_frames(self) -> list[StillLoading]:
        """Return the documents of the page's frames that have not come yet."""
        return self._awaited(lambda request: _is_of(request, in_frame=True))

    def _awaited(self, fits: Callable[[Any], bool]) -> list[StillLoading]:
        waited = [(request, since) for request, since in self._pending.items() if fits(request)]
        redact = self._play.redactor.text
        return [StillLoading(at=time.time(), url=redact(request.url), since=since) for request, since in waited]

    def open_popups(self) -> list[Any]:
        """Return the windows that are open."""
        return [popup for popup in self.popups if not popup.is_closed()]

    def name(self, popup: Any) -> str:
        """Return the name of a window in the journal."""
        return self._names[popup]

    def expect_closing_by_user(self, popup: Any) -> None:
        """Attribute the closing of this window, which follows, to the user."""
        self._closed_by_user.add(popup)

    def expect_intruder(self) -> None:
        """Leave out the next window that opens: an intruder's, not the page's."""
        self._intruders_to_come += 1

    def follow(self, page: Any) -> None:
        """Record a window as that of the page under test."""
        self.page = page
        self.frames.follow(page)
        self._names[page] = "app"
        self.outcomes.begin(self._api.window(page))
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_request_end)
        page.on("requestfailed", self._on_failure)
        page.on("console", self.calls.on_console)

    # --- what happens -------------------------------------------------------------------------------------------------

    def _on_report(self, source: Mapping[str, Any], report: object = None) -> None:
        frame = source["frame"]
        name = self._names.get(source["page"])
        if name is None or (frame.parent_frame is not None and name != "app") or not isinstance(report, str):
            return
        event = script.event_of(report, name, self._play.redactor)
        if name != "app":
            if event is not None:
                self._journal.add(event)
            return
        if event is not None and source["page"] is not self.page:
            self._journal.add(event)
        elif event is not None and is_of_page(frame):
            for admitted in self.frames.admit(frame, event):
                self._journal.add(self._named(admitted))
        self.outcomes.request_look(event)

    def _named(self, event: events.Event) -> events.Event:
        """Return an event; a click of the user's is named by the step that it belongs to."""
        if isinstance(event, events.StepTaken) and self.side_step is not None:
            return replace(event, step=self.side_step)
        return event

    def _on_page(self, page: Any) -> None:
        if page in self._names:
            return
        if self._intruders_to_come:
            self._intruders_to_come -= 1
            return
        self.popups.append(page)
        self._names[page] = name = f"popup-{len(self.popups)}"
        page.on("close", self._on_close)
        self._journal.add(events.WindowOpened(at=time.time(), window=name))
        self._look_at("blur")

    def _on_close(self, page: Any) -> None:
        by = events.WindowClosed(
            at=time.time(), window=self._names[page], by="user" if page in self._closed_by_user else "script"
        )
        self._journal.add(by)
        if not self.open_popups():
            self._look_at("focus")

    def choose_frame(self, frame: Any) -> None:
        """Take the frame of the control as the one that opens the window, until another one does."""
        if self.frames.choose(frame):
            count = self.frames.listener_count()
            self._journal.add(events.ListenersChanged(at=time.time(), window="app", count=count))

    def opener(self) -> Window:
        """Return the document that opens the windows: the page itself, or a frame in it."""
        return self._api.window(self.page, self.frames.opener())

    def _look_at(self, change: Change) -> None:
        """Start to tell the page that the user turns away from it, or back; see `_LOOK`."""
        self._api.start(self._dispatch(change))

    async def _dispatch(self, change: Change) -> None:
        with suppress(PlaywrightError):
            await self.opener().evaluate(_LOOK, change)

    def _awaits_window(self) -> bool:
        """Return whether the user has clicked, and no window has opened since."""
        clicked = [event.at for event in self._journal.of(events.StepTaken) if event.step == "click"]
        opened = [event.at for event in self._journal.of(events.WindowOpened)]
        return bool(clicked) and max(opened, default=0.0) < clicked[-1]

    def _add_dialog(self, dialog: Any) -> None:
        message = self._play.redactor.text(dialog.message)
        self._journal.add(events.DialogShown(at=time.time(), window="app", kind=dialog.type, message=message))

    def _on_request(self, request: Any) -> None:
        if intrusion.PATH in request.url or not self._is_of_app(request):
            return
        at = time.time()
        if request.resource_type not in _STREAMS:
            self._pending[request] = at
        body = (request.post_data_buffer or b"")[:_BODY].decode("utf-8", "replace")
        self.calls.begin(request, at, body)
        if request.resource_type not in _SHOWING:
            redact = self._play.redactor.text
            self._journal.add(
                events.PageRequested(at=at, method=request.method, url=redact(request.url), body=redact(body))
            )

    def _is_of_app(self, request: Any) -> bool:
        with suppress(PlaywrightError):  # the frame of a navigation may not be known yet
            return self.frames.is_own(request.frame)
        return False

    def _on_request_end(self, request: Any) -> None:
        self.calls.finish(request)
        self._pending.pop(request, None)

    def _on_failure(self, request: Any) -> None:
        self._pending.pop(request, None)
        self.calls.fail(request)

    def _on_response(self, response: Any) -> None:
        self.calls.answer(response)
        policy = response.headers.get("cross-origin-opener-policy")
        if not policy or not response.request.is_navigation_request():
            return
        with suppress(PlaywrightError):  # a window that has closed has no frame
            name = self._names.get(response.frame.page)
            if name is not None and response.frame.parent_frame is None:
                redact = self._play.redactor.text
                self._journal.add(
                    events.OpenerPolicySeen(
                        at=time.time(), window=name, url=redact(response.url), policy=redact(policy)
                    )
                )


def _is_of(request: Any, *, in_frame: bool) -> bool:
    """Return whether a request is for the document of the page, or for that of a frame in it."""
    with suppress(PlaywrightError):  # the frame of a navigation may not be known yet
        return request.is_navigation_request() and (request.frame.parent_frame is not None) is in_frame
    return not in_frame
