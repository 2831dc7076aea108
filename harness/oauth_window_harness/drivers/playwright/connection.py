"""Ends the work in a browser as soon as the browser has ended.

A call of Playwright's to a browser that ends meanwhile mostly raises an error, and sometimes never answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import BrowserGoneError

#: What is told of each play that a browser took with it when it ended.
BROWSER_GONE = "the browser ended while it was played; what follows is played in another one"


@asynccontextmanager
async def while_connected(browser: Browser) -> AsyncIterator[None]:
    """Do the work inside for as long as the browser is there.

    Raises:
        BrowserGoneError: the browser has ended, or ends meanwhile.
    """
    task, ended = asyncio.current_task(), False
    assert task is not None
    cancelling = task.cancelling()

    def on_end(_: object) -> None:
        nonlocal ended
        ended = True
        task.cancel()

    if not browser.is_connected():
        raise BrowserGoneError(BROWSER_GONE)
    browser.on("disconnected", on_end)
    try:
        yield
    except asyncio.CancelledError:
        if not ended or task.uncancel() > cancelling:  # as asyncio.timeout tells its own from another's
            raise
        raise BrowserGoneError(BROWSER_GONE) from None
    except PlaywrightError:
        if browser.is_connected():
            raise
        raise BrowserGoneError(BROWSER_GONE) from None
    finally:
        browser.remove_listener("disconnected", on_end)
