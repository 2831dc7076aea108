"""Finds the browser to drive: what was named, Playwright's own build, or one from PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.errors import BrowserMissingError

#: The environment's way to name the browser.
VARIABLE = "OAUTH_WINDOW_BROWSER"

#: What PATH is searched for, in this order: one flow takes half as long in the headless shell as in the whole browser.
ON_PATH = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")

#: What makes the whole difference between the headless shell and the browser with a window.
HEADED_ON_PATH = tuple(name for name in ON_PATH if name != "chromium-headless-shell")

#: By which Chromium trusts a key; see `network.certificates.Authority.fingerprint`.
TRUSTING = "--ignore-certificate-errors-spki-list={}"

#: Playwright lets every popup through; a user's browser does not.
BLOCKING_OFF = "--disable-popup-blocking"


def named(executable: str | None) -> Path | None:
    """Return the browser that the user named, by option or by `VARIABLE`; None where neither does.

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
    """Return the first Chromium on PATH, or None."""
    names = HEADED_ON_PATH if headed else ON_PATH
    return next((found for name in names if (found := find(name))), None)


def own(executable: str) -> Path | None:
    """Return Playwright's own build, where it is installed."""
    path = Path(executable)
    return path if path.exists() else None


def find(program: str) -> Path | None:
    """Return the path of a program by name or path, or None."""
    found = shutil.which(program)
    return Path(found) if found else None


def wanted() -> Path | None:
    """Return the browser that `VARIABLE` names, whether it is there or not; None where it names none."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def launch_arguments(
    given: Mapping[str, Any], *, own_build: str, executable: str | None, fingerprint: str
) -> dict[str, Any]:
    """Return a launch's arguments, so that a Chromium is found, blocks popups as a user's does, and trusts the stub.

    Args:
        given: the arguments so far; what they say of the program stands.
        own_build: where Playwright's own build would be.
        executable: the program that the user named.
        fingerprint: of the stub's key.

    Raises:
        BrowserMissingError: there is no browser.
    """
    program = named(executable)
    if program is None and not (given.get("executable_path") or given.get("channel") or own(own_build)):
        program = on_path(headed=given.get("headless") is False)
        if program is None:
            raise missing()
    arguments = dict(given)
    if program is not None:
        arguments["executable_path"] = str(program)
    arguments["args"] = [*given.get("args", ()), TRUSTING.format(fingerprint)]
    ignored = given.get("ignore_default_args") or []
    if ignored is not True:
        arguments["ignore_default_args"] = [*ignored, BLOCKING_OFF]
    return arguments


def missing(seen: str = "") -> BrowserMissingError:
    """Return the error of a machine without a browser."""
    return BrowserMissingError(
        "no browser to drive",
        where="Playwright's own build, and " + ", ".join(ON_PATH) + " on PATH",
        seen=seen,
        todo="run `playwright install chromium`, or install your system's package (Debian, Ubuntu: chromium), "
        f"or name one by --executable or {VARIABLE}",
    )
