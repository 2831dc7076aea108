"""Makes a test of each scenario that --oauth-window-scenarios names: parametrised ones, of a module of the package."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from oauth_window_harness.errors import HarnessError
from oauth_window_harness.pytest.fixtures import scenarios
from oauth_window_harness.pytest.telling import asks

#: The tests, and how their module is called wherever the package is installed.
TESTS = Path(__file__).with_name("scenario_tests.py")
MODULE = "oauth-window"

_FOLDER: pytest.StashKey[pytest.Directory] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Check that the files can be played, before anything is collected."""
    try:
        scenarios(config.getoption("--oauth-window-scenarios"))
    except HarnessError as error:
        raise pytest.UsageError(f"--oauth-window-scenarios: {error}") from None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Remember the folder that is collected first of those that pytest was asked for."""
    report = yield
    if isinstance(collector, pytest.Directory) and collector.session.isinitpath(collector.path):
        collector.config.stash.setdefault(_FOLDER, collector)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the scenarios' tests, where they see the fixtures of the conftest that the suite's own window tests see."""
    beside = next(filter(asks, items), items[0] if items else None)
    folder = session.config.stash.get(_FOLDER, None)
    if beside is not None:
        folder = beside.getparent(pytest.Directory)  # type: ignore[type-abstract]
    module: pytest.Module = pytest.Module.from_parent(folder or session, path=TESTS, nodeid=MODULE)
    items.extend(session.genitems(module))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Return each scenario to the tests that ask for `oauth_window_scenario`."""
    if "oauth_window_scenario" in metafunc.fixturenames:
        chosen = scenarios(metafunc.config.getoption("--oauth-window-scenarios"))
        metafunc.parametrize("oauth_window_scenario", chosen, ids=[scenario.name for scenario in chosen])
