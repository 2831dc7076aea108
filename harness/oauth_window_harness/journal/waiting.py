"""Wait for a condition over the journal; never for time to pass."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.journal import Journal


async def until(journal: Journal, holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition over the journal holds.

    The condition is checked now and after every event, from whichever thread the event comes.

    Args:
        journal: the journal whose events may make the condition hold.
        holds: the condition; called in this thread.
        seconds: the time after which it gives up.

    Returns:
        Whether the condition held in time.
    """
    loop = asyncio.get_running_loop()
    happened = asyncio.Event()

    def wake(_event: Event) -> None:
        loop.call_soon_threadsafe(happened.set)

    end = journal.listen(wake)
    try:
        async with asyncio.timeout(seconds):
            while not holds():
                await happened.wait()
                happened.clear()
    except TimeoutError:
        return holds()
    finally:
        end()
    return True


def until_blocking(journal: Journal, holds: Callable[[], bool], seconds: float) -> bool:
    """Wait as `until` does, without an event loop: the events must come from other threads."""
    happened = threading.Event()
    end = journal.listen(lambda _event: happened.set())
    last = time.monotonic() + seconds
    try:
        while not holds():
            if not happened.wait(max(0.0, last - time.monotonic())):
                return holds()
            happened.clear()
    finally:
        end()
    return True
