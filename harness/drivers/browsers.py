"""Finds the browser to drive: what was named, Playwright's own build, or one from PATH."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from harness.errors import BrowserMissingError

#: The environment's way to name the browser.
VARIABLE = "OAUTH_WINDOW_BROWSER"

#: What PATH is searched for, in this order: one flow takes half as long in the headless shell as in the whole browser.
ON_PATH = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")

#: What makes the whole difference between the headless shell and the browser with a window.
HEADED_ON_PATH = tuple(name for name in ON_PATH if name != "chromium-headless-shell")


def named(executable: str | None) -> Path | None:
    """Give the browser that the user named, by option or by `VARIABLE`; None where neither does.

    Raises:
        BrowserMissingError: there is no such program.
    """
    program = executable or os.environ.get(VARIABLE)
    if not program:
        return None
    found = find(program)
    if found is None:
        raise BrowserMissingError(
            "the browser that was named is not there",
            where="--executable" if executable else f"the environment variable {VARIABLE}",
            seen=program,
            todo="name the path of a browser's program, or leave it out: `oauth-window doctor` lists what is here",
        )
    return found


def on_path(*, headed: bool) -> Path | None:
    """Give the first Chromium on PATH, or None."""
    names = HEADED_ON_PATH if headed else ON_PATH
    return next((found for name in names if (found := find(name))), None)


def own(executable: str) -> Path | None:
    """Give Playwright's own build, where it is installed."""
    path = Path(executable)
    return path if path.exists() else None


def find(program: str) -> Path | None:
    """Give the path of a program by name or path, or None."""
    found = shutil.which(program)
    return Path(found) if found else None


def wanted() -> Path | None:
    """Give the browser that `VARIABLE` names, whether it is there or not; None where it names none."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def missing(seen: str = "") -> BrowserMissingError:
    """Give the error of a machine without a browser."""
    return BrowserMissingError(
        "no browser to drive",
        where="Playwright's own build, and " + ", ".join(ON_PATH) + " on PATH",
        seen=seen,
        todo="run `playwright install chromium`, or install your system's package (Debian, Ubuntu: chromium), "
        f"or name one by --executable or {VARIABLE}",
    )
