"""How an interrupted command cancels its work in order, so that it leaves no program running."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end and return its result; Ctrl-C and SIGTERM cancel it, so that what it started is ended.

    A second signal ends this process and the app that it started at once, and waits for nothing.

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

    numbers = (signal.SIGINT, signal.SIGTERM)
    received: list[int] = []

    async def with_signals() -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None

        def on_signal(number: int, _frame: object) -> None:
            received.append(number)
            if len(received) > 1:
                _end_now()
            if not loop.is_closed():
                loop.call_soon_threadsafe(task.cancel)

        # Not by the event loop, which is not asked while one step of it takes long; and not for its time alone.
        for number in numbers:
            signal.signal(number, on_signal)
        return await work

    before = {number: signal.getsignal(number) for number in numbers}
    try:
        return asyncio.run(with_signals())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number, handler in before.items() if not received else ():
            signal.signal(number, handler)


def _end_now() -> None:
    """End this process without a word of Python's; browsers end with it, as their driver does."""
    import os  # noqa: PLC0415 - `--help` waits for none of this

    from oauth_window_harness.errors import ExitCode  # noqa: PLC0415
    from oauth_window_harness.run.app_process import kill_all  # noqa: PLC0415
    from oauth_window_harness.run.footage_folders import delete_all  # noqa: PLC0415

    kill_all()
    delete_all()
    os.write(2, b"ended at once, without a whole report\n")
    os._exit(ExitCode.INTERRUPTED)
