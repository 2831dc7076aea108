"""What Playwright's blocking API can do, and has no public call for; all that is borrowed from its inside is here."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from playwright.sync_api import BrowserContext, Page


def wait(context: BrowserContext, awaitable: Coroutine[Any, Any, bool]) -> bool:
    """Run something on Playwright's own loop, as each of its blocking calls does: only inside one do events arrive.

    No public call waits for what a journal will show; this is what they all are made of.
    """
    __tracebackhide__ = True
    held: bool = context._sync(awaitable)  # noqa: SLF001
    return held


def listens_elsewhere(context: BrowserContext, page: Page | None) -> bool:
    """Return whether the test listens to dialogs; the emitters below the API know, and nothing public does."""
    on_page = page._impl_obj.listeners("dialog") if page is not None else []  # noqa: SLF001
    return len(on_page) + len(context._impl_obj.listeners("dialog")) > 1  # noqa: SLF001
