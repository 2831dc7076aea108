"""When a page is at rest: what it has begun is done, and nothing goes on with the flow any more."""

from __future__ import annotations

import time
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.playwright.api import Api, Window
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.journal import events
from oauth_window_harness.journal.journal import Journal

#: After the next frame is drawn and the tasks that were waiting for it have run.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

#: When the page's timers have run that are near, and the tasks that they leave.
_SETTLED = """async (settling) => {
  const asked = new CustomEvent(settling, { detail: {} });
  window.dispatchEvent(asked);
  return asked.detail.settled;
}"""

#: How often timers that set others are waited for where nothing comes of it: a closed window is looked at, then told.
_ROUNDS = 2

#: What shows that a flow has not come to its end.
_GOING_ON = (events.RequestSeen, events.OutcomeShown, events.DialogShown, events.DocumentLoaded)


async def drain(api: Api, recorder: Recorder, journal: Journal, patience: float) -> None:
    """Return when the page has run what was waiting, and no request of its own is under way.

    Where what was waiting goes on with the flow, what it leaves waiting is waited for as well.

    Args:
        api: reaches the page's window.
        recorder: of the page.
        journal: where the flow goes on.
        patience: after which it gives up, in seconds.
    """
    last = time.monotonic() + patience
    await api.within(patience, _rounds(api.window(recorder.page), recorder, journal, last))
    await api.within(patience, recorder.outcomes.look())


async def _rounds(window: Window, recorder: Recorder, journal: Journal, last: float) -> None:
    before, rounds, pending = -1, 0, True
    while before != (happened := _progress(journal)) or (pending and rounds < _ROUNDS):
        before, rounds = happened, rounds + 1
        pending = await _run_timers(window, recorder, last)
        if time.monotonic() > last:
            return


async def _run_timers(window: Window, recorder: Recorder, last: float) -> bool:
    """Return when the timers that are near have run, and all calls are answered: whether they set others."""
    with suppress(PlaywrightError):  # another document takes the place of this one
        await _calls_answered(window, recorder, last)
        pending: bool | None = await window.evaluate(_SETTLED, script.SETTLING)
        if pending is not None:
            await _calls_answered(window, recorder, last)
        await recorder.outcomes.look()
        return bool(pending)
    return False


async def _calls_answered(window: Window, recorder: Recorder, last: float) -> None:
    await window.evaluate(NEXT_FRAME)
    while recorder.busy() and time.monotonic() < last:
        await window.evaluate(NEXT_FRAME)


def _progress(journal: Journal) -> int:
    """Return how often the flow has gone on: what the service was asked, and what the user was told for good."""
    return sum(isinstance(event, _GOING_ON) for event in journal.entries())
