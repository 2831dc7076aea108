"""Prepares the context of the next play while the current one comes to its end.

A context and its page take about as long to make as a page takes to load. They know nothing of a play: what an earlier
play does cannot reach them. They are made when no verdict depends on time any more: earlier, a page that gives up when
it reads that its window has closed does so more often before the event has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.playwright.observed_context import ObservedContext
from oauth_window_harness.errors import CannotJudgeError


class Spare:
    """At most one context that waits for its play.

    Args:
        make: makes a context; an error of the one that was made in advance is left to the play that makes its own.
    """

    def __init__(self, make: Callable[[], Awaitable[ObservedContext]]) -> None:
        self._make = make
        self._task: asyncio.Future[ObservedContext] | None = None

    def prepare(self) -> None:
        """Begin to make a context, unless there is one."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._make())

    async def take(self) -> ObservedContext:
        """Return the context that was prepared, or else a new one."""
        task, self._task = self._task, None
        if task is not None:
            with suppress(PlaywrightError, CannotJudgeError):
                observed = await task
                if not observed.page.is_closed():
                    return observed
        return await self._make()

    async def drop(self) -> None:
        """End the preparation; the context closes with its browser."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
