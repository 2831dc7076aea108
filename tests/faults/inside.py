"""The command with a fault in its own process: ``python -m tests.faults.inside FAULT run …``."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.__main__ import main
from oauth_window_harness.drivers.playwright.driver import PlaywrightDriver
from oauth_window_harness.drivers.playwright.recorder import Recorder
from oauth_window_harness.run.playing import Playing
from oauth_window_harness.stub.world import World
from tests.processes import descendants, is_browser, is_playwright

#: The play, from 1, that the fault hits: the one before it is to be judged, and so is the one after it.
HIT = 2

Fault = Callable[[], None]


def _kill(which: Callable[[int], bool]) -> None:
    for pid in [pid for pid in descendants(os.getpid()) if which(pid)]:
        os.kill(pid, signal.SIGKILL)


# --- the browser ------------------------------------------------------------------------------------------------------


def _at_context(when: str, numbers: Callable[[int], bool]) -> Fault:
    """Kill the browser before, while or after a context is made."""

    def install() -> None:
        make, count = PlaywrightDriver._context, 0

        async def wrapped(self: PlaywrightDriver, *args: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            hit = numbers(count)
            if hit and when == "before":
                _kill(is_browser)
            making = asyncio.ensure_future(make(self, *args, **named))
            if hit and when == "while":
                await asyncio.sleep(0)
                _kill(is_browser)
            context = await making
            if hit and when == "after":
                _kill(is_browser)
            return context

        PlaywrightDriver._context = wrapped  # type: ignore[method-assign]

    return install


async def _crash(page: Any) -> None:
    with suppress(PlaywrightError):  # whoever crashes does not answer
        session = await page.context.new_cdp_session(page)
        await session.send("Page.crash")


def _at_popup(doing: Callable[[Recorder, Any], Any]) -> Fault:
    """Do something when a window of the hit play has opened."""

    def install() -> None:
        hear, count = Recorder._on_page, 0

        def wrapped(self: Recorder, page: Any) -> None:
            nonlocal count
            hear(self, page)
            count += 1
            if count == HIT:
                done = doing(self, page)
                if asyncio.iscoroutine(done):
                    self.crashing = asyncio.ensure_future(done)  # type: ignore[attr-defined]

        Recorder._on_page = wrapped  # type: ignore[method-assign]

    return install


# --- the harness's own servers ----------------------------------------------------------------------------------------


def _at_play(doing: Callable[[Playing], None]) -> Fault:
    """Do something when the hit play begins, after its page was loaded."""

    def install() -> None:
        begin, count = Playing.begin, 0

        async def wrapped(self: Playing) -> None:
            nonlocal count
            count += 1
            await begin(self)
            if count == HIT:
                doing(self)

        Playing.begin = wrapped  # type: ignore[method-assign]

    return install


WORLDS: list[World] = []


def _with_world(doing: Callable[[World], None]) -> Fault:
    def install() -> None:
        enter = World.__enter__

        def wrapped(self: World) -> World:
            WORLDS.append(self)
            return enter(self)

        World.__enter__ = wrapped  # type: ignore[method-assign, assignment]
        _at_play(lambda _: doing(WORLDS[0]))()

    return install


def _end_stub(world: World) -> None:
    """End the thread of the stub, whose socket goes on to take connections."""
    server: Any = world._tls.server
    server._BaseServer__shutdown_request = True
    socket.create_connection(("127.0.0.1", world._tls.port)).close()


def _end_gateway(world: World) -> None:
    world.gateway._loop.call_soon_threadsafe(world.gateway._loop.stop)


# --- the rest ---------------------------------------------------------------------------------------------------------


def _report() -> Path:
    return Path("oauth-window-report")


def _jump(seconds: float) -> Fault:
    """Set the clock in the hit play; the browser's own is not set, so it is set back before the next one."""

    def install() -> None:
        real, begin, ahead = time.time, World.begin, 0.0

        def jump(*_: object) -> None:
            nonlocal ahead
            ahead = seconds

        def begin_right(self: World, *args: Any, **named: Any) -> Any:
            nonlocal ahead
            ahead = 0.0
            return begin(self, *args, **named)

        time.time = lambda: real() + ahead
        World.begin = begin_right  # type: ignore[method-assign]
        _at_popup(jump)()

    return install


def _folder_becomes_file() -> None:
    shutil.rmtree(_report())
    _report().write_text("taken")


FAULTS: dict[str, Fault] = {
    "none": lambda: None,
    "browser-before": _at_context("before", lambda n: n == HIT),
    "browser-while": _at_context("while", lambda n: n == HIT),
    "browser-after": _at_context("after", lambda n: n == HIT),
    "browser-first": _at_context("after", lambda n: n == 1),
    "browser-always": _at_context("after", lambda n: True),
    "playwright": _at_popup(lambda *_: _kill(is_playwright)),
    "browser-in-play": _at_popup(lambda *_: _kill(is_browser)),
    "popup-crashed": _at_popup(lambda _, page: _crash(page)),
    "page-crashed": _at_popup(lambda recorder, _: _crash(recorder.page)),
    "stub": _with_world(_end_stub),
    "gateway": _with_world(_end_gateway),
    "folder-gone": _at_play(lambda _: shutil.rmtree(_report())),
    "folder-file": _at_play(lambda _: _folder_becomes_file()),
    "clock-ahead": _jump(3600),
    "clock-back": _jump(-3600),
}

if __name__ == "__main__":
    FAULTS[sys.argv.pop(1)]()
    main()
