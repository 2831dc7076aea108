"""The pytest plugin: options, the marker, and where its fixtures are found.

pytest loads this module in every run of every project that has the package installed, so it imports nothing but
pytest and the table of options; what a test needs is loaded by the fixture that the test asks for.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from oauth_window_harness.run.options import OPTIONS as RUN
from oauth_window_harness.run.options import RunOptions

if TYPE_CHECKING:
    from oauth_window_harness.pytest.window import OAuthWindow

#: The window of a test, for what its failure tells.
WINDOW: pytest.StashKey[OAuthWindow] = pytest.StashKey()

#: The heading of the section that a failed test gets.
SECTION = "OAuth window"

_MARKER = "oauth_window(name, *, patience=SECONDS): the scenario, a bundled one or a file, that the test's window plays"

#: The plugin that gives ``page``.
_PLAYWRIGHT = "playwright"

#: Each option without its prefix, what it takes, and its help; all but the first are a run's.
OPTIONS = (
    ("scenarios", "DIR", "run the scenario files of this folder as tests; also one file; may be given again"),
    *((name.replace("_", "-"), row.metavar or "", row.in_pytest) for name, row in RUN.items() if row.in_pytest),
)
_REPEATED = {"scenarios", *(name for name, row in RUN.items() if row.repeated)}

#: The bounds of a patience, in seconds; those of `oauth-window run`.
LEAST, MOST = RUN["patience"].bounds or (0.0, float("inf"))


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; all begin with ``--oauth-window-``."""
    group = parser.getgroup("oauth-window", "HighLevel's OAuth window")
    for name, metavar, told in OPTIONS:
        group.addoption(
            f"--oauth-window-{name}",
            action="append" if name in _REPEATED else "store",
            type=seconds if name == "patience" else str,
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
        from oauth_window_harness.pytest.fixtures import told  # noqa: PLC0415 - loaded already

        report.sections.append((SECTION, told(window)))
    return report
