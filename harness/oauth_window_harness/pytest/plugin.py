"""The pytest plugin: options, the marker, and where its fixtures are found.

pytest loads this module in every run of every project that has the package installed, so it imports nothing but
pytest and the table of options; what a test needs is loaded by the fixture that the test asks for.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator
from typing import Any

import pytest

from oauth_window_harness.pytest.keys import LEAST, MOST, SECTION, WINDOW
from oauth_window_harness.run.options import OPTIONS as RUN
from oauth_window_harness.run.options import RunOptions

_MARKER = "oauth_window(name, *, patience=SECONDS): the scenario, a bundled one or a file, that the test's window plays"

#: The plugin that gives ``page``.
_PLAYWRIGHT = "playwright"

#: Each option without its prefix, what it takes, and its help; all but the first are a run's.
OPTIONS = (
    ("scenarios", "DIR", "run the scenario files of this folder as tests; also one file; may be given again"),
    *((name.replace("_", "-"), row.metavar or "", row.in_pytest) for name, row in RUN.items() if row.in_pytest),
)
_REPEATED = {"scenarios", *(name for name, row in RUN.items() if row.repeated)}


def seconds(text: str) -> float:
    """Read a patience.

    Raises:
        ArgumentTypeError: it is none, or out of bounds.
    """
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not LEAST <= given <= MOST:
        raise ArgumentTypeError(f"{text!r} is none of {LEAST:g} to {MOST:g} seconds")
    return given


def host(text: str) -> str:
    """Read a host that the gateway lets through.

    Raises:
        ArgumentTypeError: it cannot be meant.
    """
    from oauth_window_harness.errors import UsageError  # noqa: PLC0415 - only where the option is given
    from oauth_window_harness.network.hosts import allowed_host  # noqa: PLC0415

    try:
        return allowed_host(text, "--oauth-window-allow")
    except UsageError as error:
        raise ArgumentTypeError(str(error)) from None


_TYPES: dict[str, Callable[[str], object]] = {"patience": seconds, "allow": host}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; all begin with ``--oauth-window-``."""
    group = parser.getgroup("oauth-window", "HighLevel's OAuth window")
    for name, metavar, told in OPTIONS:
        group.addoption(
            f"--oauth-window-{name}",
            action="append" if name in _REPEATED else "store",
            type=_TYPES.get(name, str),
            default=_default(name),
            metavar=metavar,
            choices=metavar.split("|") if "|" in metavar else None,
            help=told,
        )


def _default(name: str) -> Any:
    if name in _REPEATED:
        return []
    # Where no folder is named, nothing is left.
    return None if name == "output" else getattr(RunOptions, name.replace("-", "_"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, find the fixtures, and take scenario files for tests."""
    from oauth_window_harness.pytest import fixtures  # noqa: PLC0415 - not before pytest itself is ready

    config.addinivalue_line("markers", _MARKER)
    # After every plugin's own, so that these stand before pytest-playwright's and behind those of a conftest.
    config.pluginmanager.register(fixtures, "oauth-window-fixtures")
    if config.pluginmanager.hasplugin(_PLAYWRIGHT):
        from oauth_window_harness.pytest import asyncio, browser  # noqa: PLC0415 - only where there is one

        config.pluginmanager.register(browser, "oauth-window-browser")
        config.pluginmanager.register(asyncio, "oauth-window-async")
    if config.getoption("--oauth-window-scenarios"):
        from oauth_window_harness.pytest import scenarios  # noqa: PLC0415 - only where there are some

        config.pluginmanager.register(scenarios, "oauth-window-scenarios")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the whole board below a failure."""
    report = yield
    window = item.stash.get(WINDOW, None)
    if window is not None and call.when == "call" and report.failed:
        from oauth_window_harness.pytest.telling import board_of  # noqa: PLC0415 - only where a test failed

        report.sections.append((SECTION, board_of(window)))
    return report
