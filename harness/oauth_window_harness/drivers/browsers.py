"""Finds the browser to drive: the one that the user named, Playwright's own build, or one from PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.drivers.engines import CHROMIUM, ENGINES, Engine
from oauth_window_harness.errors import BrowserMissingError

#: The environment variable that names the browser of the default engine.
VARIABLE = CHROMIUM.variable


def executable_of(executable: str | None, engine: Engine = CHROMIUM) -> Path | None:
    """Return the browser that the user named, by option or by the engine's variable, or None if by neither.

    Raises:
        BrowserMissingError: no such program exists.
    """
    program = executable or os.environ.get(engine.variable)
    if not program:
        return None
    found = program_of(program)
    if found is None:
        raise BrowserMissingError(
            "the browser that was named is not there",
            where="--executable" if executable else f"the environment variable {engine.variable}",
            seen=program,
            todo="name the path of a browser's program, or leave it out: `oauth-window doctor` lists what is here",
        )
    return found


def first_on_path(engine: Engine = CHROMIUM, *, headed: bool) -> Path | None:
    """Return the first of an engine's programs on PATH, or None if there is none."""
    names = engine.headed_on_path if headed else engine.on_path
    return next((found for name in names if (found := program_of(name))), None)


def own_build_at(executable: str) -> Path | None:
    """Return the path of Playwright's own build, or None if it is not installed."""
    path = Path(executable)
    return path if path.exists() else None


def program_of(program: str) -> Path | None:
    """Return the path of a program, which is given by name or path, or None if there is no such one."""
    found = shutil.which(program)
    return Path(found) if found else None


def executable_from_environment(engine: Engine) -> Path | None:
    """Return the browser that an engine's variable names, whether or not it exists, or None if it names none."""
    name = os.environ.get(engine.variable)
    return Path(name) if name else None


def is_own_build(program: Path, engine: Engine) -> bool:
    """Return whether a program that was named is a build of Playwright's, by what stands beside it."""
    folder = program.resolve().parent
    return any((folder / name).exists() for name in engine.own_files)


def is_here(engine: Engine, own_build: str, *, headed: bool) -> bool:
    """Return whether there is a browser of an engine, for which no program was named on the command line.

    Raises:
        BrowserMissingError: the engine's variable names a program that does not exist.
    """
    named = executable_of(None, engine)
    return named is not None or bool(own_build_at(own_build)) or first_on_path(engine, headed=headed) is not None


def launch_arguments(
    given: Mapping[str, Any],
    *,
    own_build: str,
    executable: str | None,
    fingerprint: str,
    engine: Engine = CHROMIUM,
) -> dict[str, Any]:
    """Return launch arguments with which a browser is found, blocks popups as a user's does, and trusts the stub.

    Args:
        given: the arguments so far; what they say is kept, also the program that they name.
        own_build: the path at which Playwright's own build would be.
        executable: the program that the user named, or None.
        fingerprint: the fingerprint of the stub's key; empty if none is to be trusted.
        engine: the engine of the browser.

    Raises:
        BrowserMissingError: there is no browser.
    """
    arguments = dict(given)
    program = executable_of(executable, engine)
    if program is None and not (given.get("executable_path") or given.get("channel") or own_build_at(own_build)):
        program = first_on_path(engine, headed=given.get("headless") is False)
        if program is None:
            raise missing_browser_error(engine)
    if program is not None:
        arguments["executable_path"] = str(program)
    launched = str(arguments.get("executable_path") or "")
    is_stock = launched not in ("", own_build) and not is_own_build(Path(launched), engine)
    stock = engine.stock if is_stock else {}
    for name, value in {**engine.arguments, **stock}.items():
        before = arguments.get(name)
        arguments[name] = {**value, **(before or {})} if isinstance(value, Mapping) else before or value
    if engine.fingerprint_flag is not None:
        arguments["args"] = [*given.get("args", ()), engine.fingerprint_flag.format(fingerprint)]
    ignored = given.get("ignore_default_args") or []
    if engine.ignored_arguments and ignored is not True:
        arguments["ignore_default_args"] = [*ignored, *engine.ignored_arguments]
    return arguments


def missing_browser_error(engine: Engine = CHROMIUM, seen: str = "") -> BrowserMissingError:
    """Return the error for a machine without a browser of this engine."""
    searched = f", and {', '.join(engine.on_path)} on PATH" if engine.on_path else ""
    package = f"install your system's package (Debian, Ubuntu: {engine.package}), or " if engine.package else ""
    what = "no browser to drive" if engine is CHROMIUM else f"{engine.title} is not here"
    return BrowserMissingError(
        what,
        where=f"Playwright's own build{searched}",
        seen=seen,
        todo=f"run `playwright install {engine.name}`, or {package}name one by --executable or {engine.variable}",
    )


def other_engine_of(program: Path, engine: Engine) -> Engine | None:
    """Return the engine whose program this seems to be by its name, if that is another than the one wanted."""
    name = program.name.lower()
    if any(name.startswith(one) for one in (engine.name, *engine.on_path)):
        return None
    others = [other for other in ENGINES.values() if other is not engine]
    return next((other for other in others if any(name.startswith(one) for one in (other.name, *other.on_path))), None)
