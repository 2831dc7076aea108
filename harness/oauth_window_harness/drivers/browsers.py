"""Finds the browser to drive: the one that the user named, Playwright's own build, or one from PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.errors import BrowserMissingError

#: The environment variable that names the browser.
VARIABLE = "OAUTH_WINDOW_BROWSER"

#: The programs that PATH is searched for, in this order: a flow takes half as long in the headless shell.
ON_PATH = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")

#: The same for a browser with a window, which the headless shell cannot show.
HEADED_ON_PATH = tuple(name for name in ON_PATH if name != "chromium-headless-shell")

#: The option with which Chromium trusts a key; see `network.certificates.Authority.fingerprint`.
TRUST_FLAG = "--ignore-certificate-errors-spki-list={}"

#: A default argument of Playwright's that allows every popup; it is left out, as users' browsers block popups.
NO_BLOCKING_FLAG = "--disable-popup-blocking"


def executable_of(executable: str | None) -> Path | None:
    """Return the browser that the user named, by option or by `VARIABLE`, or None if by neither.

    Raises:
        BrowserMissingError: no such program exists.
    """
    program = executable or os.environ.get(VARIABLE)
    if not program:
        return None
    found = program_of(program)
    if found is None:
        raise BrowserMissingError(
            "the browser that was named is not there",
            where="--executable" if executable else f"the environment variable {VARIABLE}",
            seen=program,
            todo="name the path of a browser's program, or leave it out: `oauth-window doctor` lists what is here",
        )
    return found


def first_on_path(*, headed: bool) -> Path | None:
    """Return the first program of `ON_PATH` on PATH, or None if there is none."""
    names = HEADED_ON_PATH if headed else ON_PATH
    return next((found for name in names if (found := program_of(name))), None)


def own_build_at(executable: str) -> Path | None:
    """Return the path of Playwright's own build, or None if it is not installed."""
    path = Path(executable)
    return path if path.exists() else None


def program_of(program: str) -> Path | None:
    """Return the path of a program, which is given by name or path, or None if there is no such one."""
    found = shutil.which(program)
    return Path(found) if found else None


def executable_from_environment() -> Path | None:
    """Return the browser that `VARIABLE` names, whether or not it exists, or None if it names none."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def launch_arguments(
    given: Mapping[str, Any], *, own_build: str, executable: str | None, fingerprint: str
) -> dict[str, Any]:
    """Return launch arguments with which Chromium is found, blocks popups as a user's does, and trusts the stub.

    Args:
        given: the arguments so far; a program that they name is kept.
        own_build: the path at which Playwright's own build would be.
        executable: the program that the user named, or None.
        fingerprint: the fingerprint of the stub's key.

    Raises:
        BrowserMissingError: there is no browser.
    """
    program = executable_of(executable)
    if program is None and not (given.get("executable_path") or given.get("channel") or own_build_at(own_build)):
        program = first_on_path(headed=given.get("headless") is False)
        if program is None:
            raise missing_browser_error()
    arguments = dict(given)
    if program is not None:
        arguments["executable_path"] = str(program)
    arguments["args"] = [*given.get("args", ()), TRUST_FLAG.format(fingerprint)]
    ignored = given.get("ignore_default_args") or []
    if ignored is not True:
        arguments["ignore_default_args"] = [*ignored, NO_BLOCKING_FLAG]
    return arguments


def missing_browser_error(seen: str = "") -> BrowserMissingError:
    """Return the error for a machine without a browser."""
    return BrowserMissingError(
        "no browser to drive",
        where="Playwright's own build, and " + ", ".join(ON_PATH) + " on PATH",
        seen=seen,
        todo="run `playwright install chromium`, or install your system's package (Debian, Ubuntu: chromium), "
        f"or name one by --executable or {VARIABLE}",
    )
