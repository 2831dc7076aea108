"""Waits until a page is idle: what it has started has ended, and the flow makes no more progress."""

from __future__ import annotations

import time
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.journal import events
from oauth_window_harness.journal.journal import Journal

#: Resolves after the next frame is drawn and the tasks that waited for it have run.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

#: Resolves when the page's timers that are due soon have run; see `drivers/observer/timers.js`.
_SETTLED = """async (settling) => {
  const asked = new CustomEvent(settling, { detail: {} });
  window.dispatchEvent(asked);
  return asked.detail.settled;
}"""

#: How many rounds of timers that start others are awaited without progress: one sees the window closed, one says so.
_ROUNDS = 2

#: The events that show progress of a flow.
_GOING_ON = (events.RequestSeen, events.OutcomeShown, events.DialogShown, events.DocumentLoaded)


async def drain(api: Api, recorder: Recorder, journal: Journal, patience: float) -> None:
    """Wait until the page has run its pending tasks and timers, and none of its calls is in progress.

    As long as these make progress in the flow, wait for those that they leave as well. What is unanswered then, or has
    not been loaded, is told as that.

    Args:
        api: gives access to the page's window.
        recorder: the recorder of the page.
        journal: the journal, which shows the progress of the flow.
        patience: the longest time to wait, in seconds.
    """
    last = time.monotonic() + patience
    if not await api.run_within(patience, _rounds(api.window(recorder.page), recorder, journal, last)):
        await api.run_within(patience, recorder.outcomes.look())
    recorder.calls.end()
    for unloaded in recorder.unloaded():
        journal.add(unloaded)


async def rest(api: Api, recorder: Recorder, seconds: float) -> None:
    """Wait, for at most so many seconds, until what a page began as it loaded has ended: timers, calls, a navigation.

    Args:
        api: gives access to the page's window.
        recorder: the recorder of the page.
        seconds: the longest time to wait.
    """
    last = time.monotonic() + seconds
    await api.run_within(seconds, _loaded_rest(api.window(recorder.page), recorder, last))


async def _loaded_rest(window: Window, recorder: Recorder, last: float) -> None:
    for _ in range(_ROUNDS + 1):
        pending = await _run_timers(window, recorder, last)
        with suppress(PlaywrightError):  # the window navigates to another document
            while recorder.is_loading() and time.monotonic() < last:
                pending = True  # what it loads may begin something as well
                await window.evaluate(NEXT_FRAME)
        if not pending or time.monotonic() > last:
            return


async def _rounds(window: Window, recorder: Recorder, journal: Journal, last: float) -> None:
    before, rounds, pending = -1, 0, True
    while before != (happened := _progress(journal)) or (pending and rounds < _ROUNDS):
        before, rounds = happened, rounds + 1
        pending = await _run_timers(window, recorder, last)
        if time.monotonic() > last:
            return


async def _run_timers(window: Window, recorder: Recorder, last: float) -> bool:
    """Wait until the timers that are due soon have run and all calls are answered; return whether they set others.

    What the page shows then is looked at.
    """
    pending: bool | None = None
    with suppress(PlaywrightError):  # the window navigates to another document
        await _await_calls(window, recorder, last)
        pending = await window.evaluate(_SETTLED, script.SETTLE_EVENT)
        if recorder.frames.opener().parent_frame is not None:
            pending = await recorder.opener().evaluate(_SETTLED, script.SETTLE_EVENT) or pending
        if pending is not None:
            await _await_calls(window, recorder, last)
    await recorder.outcomes.look()
    return bool(pending)


async def _await_calls(window: Window, recorder: Recorder, last: float) -> None:
    await window.evaluate(NEXT_FRAME)
    while recorder.is_busy() and time.monotonic() < last:
        await window.evaluate(NEXT_FRAME)


def _progress(journal: Journal) -> int:
    """Return how much progress the flow has made, as a number of events."""
    return sum(isinstance(event, _GOING_ON) for event in journal.entries())
