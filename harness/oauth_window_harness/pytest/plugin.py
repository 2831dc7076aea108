"""The pytest plugin: its options, its marker, and the registration of its fixtures.

pytest loads this module in every run of every project that has the package installed, so it imports nothing but
pytest and the table of options; everything else is loaded by the fixtures that need it.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator

import pytest

from oauth_window_harness.pytest.keys import LONGEST_PATIENCE, SECTION, SHORTEST_PATIENCE, WINDOW
from oauth_window_harness.run.options import OPTIONS as RUN

_MARKER = "oauth_window(name, *, patience=SECONDS): the scenario, a bundled one or a file, that the test's window plays"

#: The name under which pytest-playwright, the plugin with ``page``, is registered.
_PLAYWRIGHT = "playwright"

#: Each option as its name without the prefix, its metavar and its help; all but the first are those of a run.
OPTIONS = (
    ("scenarios", "DIR", "run the scenario files of this folder as tests; also one file; may be given again"),
    *((name.replace("_", "-"), row.metavar or "", row.in_pytest) for name, row in RUN.items() if row.in_pytest),
)
_REPEATED = {"scenarios", *(name for name, row in RUN.items() if row.repeated)}


def seconds(text: str) -> float:
    """Return a patience in seconds.

    Raises:
        ArgumentTypeError: the text is no number, or out of bounds.
    """
    try:
        patience = float(text)
    except ValueError:
        patience = 0.0
    if not SHORTEST_PATIENCE <= patience <= LONGEST_PATIENCE:
        raise ArgumentTypeError(f"{text!r} is not between {SHORTEST_PATIENCE:g} and {LONGEST_PATIENCE:g} seconds")
    return patience


def host(text: str) -> str:
    """Return a host that the gateway lets through.

    Raises:
        ArgumentTypeError: the text names no host.
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
    for name, metavar, text in OPTIONS:
        if not metavar:
            group.addoption(f"--oauth-window-{name}", action="store_true", default=None, help=text)
            continue
        group.addoption(
            f"--oauth-window-{name}",
            action="append" if name in _REPEATED else "store",
            type=_TYPES.get(name, str),
            default=[] if name in _REPEATED else None,  # so that a value of the project's file can stand below it
            metavar=metavar,
            choices=metavar.split("|") if "|" in metavar else None,
            help=text,
        )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and register the fixtures and, where the option is given, the tests of scenario files."""
    from oauth_window_harness.pytest import fixtures  # noqa: PLC0415 - not while pytest is still starting

    config.addinivalue_line("markers", _MARKER)
    # Registered last of all plugins: these override pytest-playwright's fixtures, and a conftest overrides these.
    config.pluginmanager.register(fixtures, "oauth-window-fixtures")
    if config.pluginmanager.hasplugin(_PLAYWRIGHT):
        from oauth_window_harness.pytest import asyncio, browser  # noqa: PLC0415 - both need pytest-playwright

        config.pluginmanager.register(browser, "oauth-window-browser")
        config.pluginmanager.register(asyncio, "oauth-window-async")
    if config.getoption("--oauth-window-scenarios"):
        from oauth_window_harness.pytest import scenarios  # noqa: PLC0415 - only with the option

        config.pluginmanager.register(scenarios, "oauth-window-scenarios")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the whole board to the report of a failed test."""
    report = yield
    window = item.stash.get(WINDOW, None)
    if window is not None and call.when == "call" and report.failed:
        from oauth_window_harness.pytest.failures import board_of  # noqa: PLC0415 - only where a test failed

        report.sections.append((SECTION, board_of(window)))
    return report
