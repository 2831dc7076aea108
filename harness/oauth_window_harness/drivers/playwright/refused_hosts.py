"""Says of a control that is not there which refused hosts would have brought it: those of frames and of scripts."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.checks.page_calls import hosts_of, place_of, unique
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.events import RequestRefused
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import ScriptFailed

_SOURCES = "() => [...document.querySelectorAll('iframe, frame')].map((frame) => frame.src)"


async def with_refused_hosts(error: UsageError, api: Api, page: Any, journal: Journal) -> UsageError:
    """Return an error about a control, with the hosts that the gateway refused to the page's frames and scripts.

    Args:
        error: the error.
        api: gives access to the page.
        page: the page under test.
        journal: shows what the gateway refused.
    """
    refused = unique(event.host for event in journal.of(RequestRefused) if event.sent_by == "page")
    if not refused:
        return error
    frames = await _frame_places(api, page)
    scripts = {place_of(event.url) for event in journal.of(ScriptFailed)}
    places = [place for place in refused if place in frames | scripts]
    if not places and any(frame.url.startswith("chrome-error:") for frame in page.frames):
        places = refused  # the frame was led on to one of them
    if not places:
        return error
    lines = [f"the gateway refused {place}, from where the page has a frame or a script" for place in places]
    options = " ".join(f"--allow {host}" for host in hosts_of(places))
    return UsageError(
        error.what,
        where=error.where,
        seen="; ".join(filter(None, [error.seen, *lines])),
        todo=f"let what the page needs through with {options}; or {error.todo}",
    )


async def _frame_places(api: Api, page: Any) -> set[str]:
    found: set[str] = set()
    for frame in page.frames:
        with suppress(PlaywrightError):  # it has gone, or shows an error page
            found |= {place_of(url) for url in await api.window(page, frame).evaluate(_SOURCES)}
    return found
