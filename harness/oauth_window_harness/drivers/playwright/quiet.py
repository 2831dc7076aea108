"""Ends a wait early when nothing can come any more: the page is quiet, and so is its server where that could act.

A page that is given up too early is accused of what it would have done. So the page is quiet only if all that could
make it act is known, counted, and none; whatever cannot be counted is waited for as long as the patience allows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.engines import CHROMIUM, ERROR_PAGES
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.drivers.popup import OPENING
from oauth_window_harness.journal import events
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.quiet import Actor, PageQuiet

#: For how long nothing must happen before the page is asked, and again before it is asked once more, in seconds: what
#: is in progress between two tasks of the browser's takes less.
_SILENCE = 0.2

#: Returns what a document has outstanding, see drivers/observer/outstanding.js; null where the observer is not there.
_OUTSTANDING = """async ({ quiet, within }) => {
  const asked = new CustomEvent(quiet, { detail: { within } });
  window.dispatchEvent(asked);
  return await asked.detail.told ?? null;
}"""


class Quiet:
    """Knows when the page under test is quiet.

    Args:
        api: gives access to the page's documents.
        recorder: the recorder of the page.
        journal: the journal, which shows what happens, and gets the event that the page is quiet.
    """

    def __init__(self, api: Api, recorder: Recorder, journal: Journal) -> None:
        self._api = api
        self._recorder = recorder
        self._journal = journal

    async def until(self, holds: Callable[[], bool], seconds: float, by: Actor) -> bool:
        """Wait until a condition over the journal holds, or time is up, or nothing can make it hold any more.

        Args:
            holds: the condition; it is checked again after each new event.
            seconds: how long it may take.
            by: who can make it hold.

        Returns:
            Whether it holds.
        """
        __tracebackhide__ = True
        last = time.monotonic() + seconds
        before = None
        while (left := last - time.monotonic()) > 0:
            happened = self._journal.count
            if await self._api.until(self._journal, holds, min(_SILENCE, left)):
                return True
            may_rest = self._journal.count == happened and self._is_alone() and self._is_unserved(by)
            now = await self._changes(last) if may_rest else None
            if now is not None and now == before and self._journal.count == happened:
                self._journal.add(PageQuiet(at=time.time()))
                break
            before = now
        return holds()

    async def _changes(self, last: float) -> list[int] | None:
        """Return how often each document has begun or ended anything; None if any has something outstanding."""
        seconds = max(0.0, last - time.monotonic())
        # What is due a little later is waited for as well, when the play comes to its end.
        asked = {"quiet": script.QUIET_EVENT, "within": (seconds + script.HORIZON) * 1000}
        page, answers = self._recorder.page, []
        frames = [frame for frame in page.frames if not frame.url.startswith(ERROR_PAGES)]  # that one does nothing

        async def ask() -> None:
            answers.extend([await self._api.window(page, frame).evaluate(_OUTSTANDING, asked) for frame in frames])

        with suppress(PlaywrightError):  # a document goes; what comes instead is asked the next time
            await self._api.run_within(seconds, ask())
        is_none = bool(answers) and all(answer is not None and not answer["outstanding"] for answer in answers)
        return [answer["changes"] for answer in answers] if is_none and self._is_alone() else None

    def _is_alone(self) -> bool:
        """Return whether no window is open or opening beside the page, and the browser does nothing for it."""
        recorder, page = self._recorder, self._recorder.page
        context = page.context
        # In the other engines a frame's scripts may run before the observer does.
        is_known = context.browser is not None and context.browser.browser_type.name == CHROMIUM.name
        others = [one for one in context.pages if one is not page]
        is_resting = recorder.traffic.is_idle() and not recorder.is_busy() and not recorder.outcomes.is_looking
        helped = page.workers or context.service_workers
        return is_known and is_resting and not others and not helped and not self._awaits_window()

    def _awaits_window(self) -> bool:
        """Return whether a window may still come that the user's last click opens."""
        opened = [event.at for event in self._journal.of(events.WindowOpened)]
        shown = [event.at for event in self._journal.of(events.DocumentLoaded) if event.window != "app"]
        calls = [event for event in self._journal.of(events.WindowOpenCalled) if event.window == "app"]
        clicks = [event.at for event in self._journal.of(events.StepTaken) if event.step == "click"]
        came = max([*opened, *shown], default=0.0)
        if any(call.returned and call.at > came for call in calls):
            return True
        # A link opens a window without a call.
        asked = max([came, *(call.at for call in calls)], default=0.0)
        return bool(clicks) and clicks[-1] > asked and time.time() < clicks[-1] + OPENING

    def _is_unserved(self, by: Actor) -> bool:
        """Return whether the app's server has no part in what is waited for: it was told nothing, and asked nothing."""
        if by == "page":
            return True
        asked = any(made.sent_by == "server" for made in self._journal.of(events.RequestSeen))
        return not asked and not self._recorder.traffic.has_told_server
