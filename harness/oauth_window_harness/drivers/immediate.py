"""Runs coroutines that never suspend, so that one implementation serves callers with and without an event loop."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, also while an event loop runs.

    Those of the mock's windows and of Playwright's blocking API never suspend: they wait inside their own calls.

    Returns:
        What the coroutine returns.
    """
    __tracebackhide__ = True
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("a coroutine that was to be run at once waits for an event loop")
