"""Collects a test for each scenario of --oauth-window-scenarios: a parametrised test of a module of the package."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from oauth_window_harness.errors import HarnessError
from oauth_window_harness.pytest.failures import uses_oauth_window
from oauth_window_harness.pytest.fixtures import scenarios
from oauth_window_harness.pytest.options import engines

#: The module of the tests, and its name in reports, which does not depend on where the package is installed.
TESTS = Path(__file__).with_name("scenario_tests.py")
MODULE = "oauth-window"

_FOLDER: pytest.StashKey[pytest.Directory] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Check that the files can be played, before tests are collected.

    Raises:
        UsageError: pytest's own; one of them cannot.
    """
    try:
        scenarios(config.getoption("--oauth-window-scenarios"))
        engines(config)
    except HarnessError as error:
        raise pytest.UsageError(f"--oauth-window-scenarios: {error}") from None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Keep the first folder that is collected of those on pytest's command line."""
    report = yield
    if isinstance(collector, pytest.Directory) and collector.session.isinitpath(collector.path):
        collector.config.stash.setdefault(_FOLDER, collector)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the scenarios' tests where they get the fixtures of the same conftest as the suite's own window tests."""
    beside = next(filter(uses_oauth_window, items), items[0] if items else None)
    folder = session.config.stash.get(_FOLDER, None)
    if beside is not None:
        folder = beside.getparent(pytest.Directory)  # type: ignore[type-abstract]
    module: pytest.Module = pytest.Module.from_parent(folder or session, path=TESTS, nodeid=MODULE)
    items.extend(session.genitems(module))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise the tests that use `oauth_window_scenario` with the scenarios, in each engine of --browser."""
    if "oauth_window_scenario" in metafunc.fixturenames:
        chosen = scenarios(metafunc.config.getoption("--oauth-window-scenarios"))
        named = engines(metafunc.config)
        plays = [(scenario, engine) for engine in named for scenario in chosen]
        ids = [f"{scenario.name}-{engine}" if len(named) > 1 else scenario.name for scenario, engine in plays]
        metafunc.parametrize(("oauth_window_scenario", "oauth_window_engine"), plays, ids=ids)
