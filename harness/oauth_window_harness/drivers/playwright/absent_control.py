"""Says of a control that is not there what might have brought it: a refused host, or a frame that did not load."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.checks.page_calls import hosts_of, place_of, unique
from oauth_window_harness.drivers.engines import ERROR_PAGES
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.events import RequestRefused
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import ScriptFailed

_SOURCES = "() => [...document.querySelectorAll('iframe, frame')].map((frame) => frame.src)"


async def explained(error: UsageError, api: Api, recorder: Recorder, journal: Journal) -> UsageError:
    """Return an error about a control, with the frames that have not loaded, and the hosts that were refused.

    Args:
        error: the error.
        api: gives access to the page.
        recorder: the recorder of the page.
        journal: shows what the gateway refused.
    """
    refused = await _refused(api, recorder.page, journal)
    lines = [f"the gateway refused {place}, from where the page has a frame or a script" for place in refused]
    lines += [f"a frame of the page: {unloaded.line()}" for unloaded in recorder.unloaded_frames()]
    options = " ".join(f"--allow {host}" for host in hosts_of(refused))
    advice = [f"let what the page needs through with {options}; or "] if refused else []
    return UsageError(
        error.what,
        where=error.where,
        seen="; ".join(filter(None, [error.seen, *lines])),
        todo="".join([*advice, error.todo]),
    )


async def _refused(api: Api, page: Any, journal: Journal) -> list[str]:
    """Return each ``host:port`` that was refused to a frame or a script of the page."""
    refused = unique(event.host for event in journal.of(RequestRefused) if event.sent_by == "page")
    wanted = {place_of(event.url) for event in journal.of(ScriptFailed)}
    for frame in page.frames if refused else ():
        with suppress(PlaywrightError):  # it has gone, or shows an error page
            wanted |= {place_of(url) for url in await api.window(page, frame).evaluate(_SOURCES)}
    found = [place for place in refused if place in wanted]
    if not found and any(frame.url.startswith(ERROR_PAGES) for frame in page.frames):
        return refused  # a frame was led on to one of them
    return found
