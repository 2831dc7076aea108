"""The engines that can be driven, in one table: their programs, how they are launched, and how they trust the stub.

What is different from engine to engine stands here, or is read off what the browser does; `docs/engines.md` has the
table in words. Nothing else in the harness asks which engine it drives.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oauth_window_harness.errors import UsageError

#: How the addresses of the pages begin with which browsers say that an address did not load.
ERROR_PAGES = ("chrome-error:", "about:neterror", "about:certerror")

#: What stands for every engine that is here.
ALL = "all"


@dataclass(frozen=True)
class Engine:
    """One row of the table.

    Attributes:
        name: its name in the option ``--browser``, which is Playwright's.
        title: its name in a sentence.
        variable: the environment variable that names its program.
        on_path: the programs that PATH is searched for, in this order.
        headed_on_path: the same for a browser with a window.
        package: what can be installed instead of Playwright's own build.
        arguments: arguments of its launch.
        stock: further arguments for a program that is not Playwright's own build.
        own_files: the files beside a program that show that it is Playwright's own build all the same.
        fingerprint_flag: the argument with which it trusts a key by its fingerprint; None if it has none, and errors of
            certificates are ignored in its contexts.
        ignored_arguments: the default arguments of Playwright's that are left out.
        has_sandbox: whether a launch says that it has a sandbox.
        plays_per_core: how many plays at once keep a core busy.
        is_proven: whether the tests of this project run it.
    """

    name: str
    title: str
    variable: str
    on_path: Sequence[str] = ()
    headed_on_path: Sequence[str] = ()
    package: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    stock: Mapping[str, Any] = field(default_factory=dict)
    own_files: Sequence[str] = ()
    fingerprint_flag: str | None = None
    ignored_arguments: Sequence[str] = ()
    has_sandbox: bool = False
    plays_per_core: int = 1
    is_proven: bool = True


CHROMIUM = Engine(
    "chromium",
    "Chromium",
    "OAUTH_WINDOW_BROWSER",
    # A flow takes half as long in the headless shell, which cannot show a window.
    on_path=("chromium-headless-shell", "chromium", "google-chrome", "chrome"),
    headed_on_path=("chromium", "google-chrome", "chrome"),
    package="chromium",
    fingerprint_flag="--ignore-certificate-errors-spki-list={}",
    # It allows every popup, and users' browsers block them.
    ignored_arguments=("--disable-popup-blocking",),
    has_sandbox=True,
    # It waits for half of the time. In Firefox each context is a whole window, with its bars, which one process draws.
    plays_per_core=2,
)

FIREFOX = Engine(
    "firefox",
    "Firefox",
    "OAUTH_WINDOW_FIREFOX",
    on_path=("firefox-esr", "firefox"),
    headed_on_path=("firefox-esr", "firefox"),
    package="firefox-esr",
    # Under automation it allows every popup, and users' browsers block them. Its clock stands still for a millisecond
    # each, and what the page does would seem to come before the answer that it did it upon.
    arguments={"firefox_user_prefs": {"dom.disable_open_during_load": True, "privacy.reduceTimerPrecision": False}},
    # Playwright's own build has a protocol of its own; every other Firefox is driven by WebDriver BiDi.
    stock={"channel": "moz-firefox"},
    own_files=("playwright.cfg",),
)

WEBKIT = Engine("webkit", "WebKit", "OAUTH_WINDOW_WEBKIT", own_files=("pw_run.sh",), is_proven=False)

ENGINES: Mapping[str, Engine] = {engine.name: engine for engine in (CHROMIUM, FIREFOX, WEBKIT)}


def engine_named(name: str, where: str = "--browser") -> Engine:
    """Return an engine by its name.

    Raises:
        UsageError: no engine has that name.
    """
    if name in ENGINES:
        return ENGINES[name]
    raise unknown_engine_error(name, where)


def check_name(name: str, where: str = "--browser") -> None:
    """Check that a name is that of an engine, or stands for all of them.

    Raises:
        UsageError: it does not.
    """
    if name != ALL and name not in ENGINES:
        raise unknown_engine_error(name, where)


def unknown_engine_error(name: str, where: str) -> UsageError:
    """Return the error for a name that no engine has, with the nearest one."""
    names = [*ENGINES, ALL]
    near = difflib.get_close_matches(name.lower(), [*names, *_OTHER_NAMES], n=1)
    nearest = _OTHER_NAMES.get(near[0], near[0]) if near else ""
    todo = f"name {', '.join(names[:-1])} or {names[-1]}"
    return UsageError(
        "there is no such browser",
        where=where,
        seen=name,
        todo=f"did you mean {nearest}? Or {todo}" if nearest else todo,
    )


#: What browsers are called, by the engine that they have.
_OTHER_NAMES: Mapping[str, str] = {
    "chrome": "chromium",
    "google-chrome": "chromium",
    "edge": "chromium",
    "msedge": "chromium",
    "firefox-esr": "firefox",
    "gecko": "firefox",
    "mozilla": "firefox",
    "safari": "webkit",
}
