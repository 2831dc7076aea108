"""Browsers that are started elsewhere, as `--endpoint` names them: Playwright servers, and browsers with DevTools."""

from __future__ import annotations

import functools
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import CHROMIUM, FIREFOX, Engine

_RUN_SERVER = ("run-server", "--unsafe", "--host", "127.0.0.1", "--port", "0")


@dataclass(frozen=True)
class Elsewhere:
    """A program that listens for those who drive a browser.

    Attributes:
        address: what `--endpoint` names it by.
        process: the program, in a process group of its own.
    """

    address: str
    process: subprocess.Popen[str]

    def end(self) -> None:
        """End the program and all that it has started, as a machine does that is switched off."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@functools.cache
def chromium() -> str:
    """Return the program of the Chromium that the tests drive."""
    return _program(CHROMIUM)


@functools.cache
def firefox() -> str:
    """Return the program of the Firefox that the tests drive."""
    return _program(FIREFOX)


def _program(engine: Engine) -> str:
    with sync_playwright() as playwright:
        own = browsers.own_build_at(getattr(playwright, engine.name).executable_path)
    found = browsers.executable_of(None, engine) or own or browsers.first_on_path(engine, headed=False)
    assert found is not None
    return str(found)


@contextmanager
def playwright_server(command: Sequence[str] = _RUN_SERVER) -> Iterator[Elsewhere]:
    """Run one of Playwright's servers on loopback, by default one that launches what its clients name."""
    with _running([*compute_driver_executable(), *command], r"(ws://\S+)") as elsewhere:
        yield elsewhere


@contextmanager
def devtools_browser(folder: Path, *further: str) -> Iterator[Elsewhere]:
    """Run a Chromium with a DevTools address on loopback, a profile in a folder, and further options."""
    options = ["--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}", *further]
    with _running([chromium(), *options], r"DevTools listening on ws://([^/]+)/") as elsewhere:
        yield Elsewhere(f"http://{elsewhere.address}", elsewhere.process)


@contextmanager
def _running(line: Sequence[str], listening: str) -> Iterator[Elsewhere]:
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        address = next(found[1] for text in process.stdout if (found := re.search(listening, text)))
        yield Elsewhere(address, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
