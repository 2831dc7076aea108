"""How an interrupted command cancels its work in order, so that it leaves no program running."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end and return its result; Ctrl-C and SIGTERM cancel it, so that what it started is ended.

    Raises:
        KeyboardInterrupt: it was cancelled.
    """
    try:
        return _run(work)
    finally:
        work.close()  # it may not have begun when Ctrl-C came


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio  # noqa: PLC0415 - `--help` waits for none of this
    import signal  # noqa: PLC0415

    async def with_sigterm() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(with_sigterm())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
