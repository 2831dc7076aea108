"""All uses of private parts of Playwright's blocking API, for what it has no public call for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from greenlet import greenlet
from playwright.sync_api import BrowserContext, Page


def wait(context: BrowserContext, awaitable: Coroutine[Any, Any, bool]) -> bool:
    """Run a coroutine on Playwright's event loop, as each of its blocking calls does, and return its result.

    Events are dispatched only meanwhile, and no public call waits for a condition over a journal.
    """
    __tracebackhide__ = True
    result: bool = context._sync(awaitable)  # noqa: SLF001
    return result


def in_own_greenlet(listener: Callable[..., None]) -> Callable[..., None]:
    """Return a listener of a binding that may call the blocking API."""
    # Up to Playwright 1.64, the listener of a binding, unlike that of an event, is called in the fiber that dispatches
    # all that comes: a call that waits there would wait for ever.

    def call(*arguments: Any) -> None:
        greenlet(partial(listener, *arguments)).switch()

    return call


def listens_elsewhere(context: BrowserContext, page: Page | None) -> bool:
    """Return whether the test listens to dialogs too; only the private event emitters know it."""
    on_page = page._impl_obj.listeners("dialog") if page is not None else []  # noqa: SLF001
    return len(on_page) + len(context._impl_obj.listeners("dialog")) > 1  # noqa: SLF001
