"""Keeps asyncio's tests apart from Playwright's blocking API, where a suite has both.

Between its calls Playwright leaves its own event loop marked as the one that runs in the thread, so that every later
``asyncio.run`` in the same process fails (microsoft/playwright-pytest#167). While an async test runs, the mark is off.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Set an async test up without the mark."""
    with _without_mark(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Run an async test without the mark."""
    with _without_mark(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Tear an async test down without the mark; what the session shares, such as Playwright, has it back."""
    with _without_mark(item) as loop:
        if loop is not None:
            item.session.addfinalizer(lambda: _mark(loop))
        return (yield)


@contextmanager
def _without_mark(item: pytest.Item) -> Iterator[asyncio.AbstractEventLoop | None]:
    # asyncio documents both functions for authors of event loops; Playwright calls them as such.
    loop = asyncio._get_running_loop() if _is_async(item) else None  # noqa: SLF001
    if loop is None:
        yield None
        return
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        yield loop
    finally:
        _mark(loop)


def _mark(loop: asyncio.AbstractEventLoop) -> None:
    # The loop runs until Playwright is stopped.
    asyncio._set_running_loop(loop if loop.is_running() else None)  # noqa: SLF001


def _is_async(item: pytest.Item) -> bool:
    return inspect.iscoroutinefunction(getattr(item, "function", None))
