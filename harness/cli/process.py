"""What a command takes from its process: the token from the environment, and the signals that end it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from harness.errors import UsageError

T = TypeVar("T")


def token_from(variable: str) -> str:
    """Give the token that an environment variable holds.

    Raises:
        UsageError: it holds none.
    """
    found = os.environ.get(variable)
    if not found:
        raise UsageError(
            "the variable that should hold the token is empty",
            where=f"--token-env {variable}",
            todo=f"export {variable}=…",
        )
    return found


def interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; Ctrl-C and SIGTERM both cancel in order, so that all that was started is ended."""

    async def guarded() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
