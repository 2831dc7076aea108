"""The fixtures that every suite can use: they read pytest's options and markers, and call the harness."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.errors import HarnessError, UsageError
from oauth_window_harness.pytest.failures import in_four_parts
from oauth_window_harness.pytest.keys import LONGEST_PATIENCE, SHORTEST_PATIENCE, WINDOW

if TYPE_CHECKING:
    from oauth_window_harness.pytest.suite import Suite
    from oauth_window_harness.pytest.window import OAuthWindow
    from oauth_window_harness.run.mock_browser import MockBrowser
    from oauth_window_harness.scenario.model import Scenario

#: The scenario of a test that names none.
DEFAULT = "account-200"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Check the project's file where any test needs it: what is wrong in it is told once, before the first test.

    Raises:
        UsageError: the file is invalid; pytest's own, which ends the session. Its workers tell of it with each test.
    """
    names = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    if any(name.startswith("oauth_window") for name in names) and not hasattr(session.config, "workerinput"):
        from oauth_window_harness.pytest.options import configuration  # noqa: PLC0415 - only where it is needed

        try:
            configuration(session.config)
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def oauth_window_suite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """Stub and gateway, shared by the tests of one process; and the app, where --oauth-window-app-command starts it."""
    from oauth_window_harness.pytest.connection import connect_endpoint  # noqa: PLC0415
    from oauth_window_harness.pytest.options import run_options  # noqa: PLC0415
    from oauth_window_harness.pytest.suite import Suite  # noqa: PLC0415 - slow to load, and not needed by every suite

    config = request.config
    marked = [marker for item in request.session.items for marker in item.iter_markers("oauth_window")]
    names = [str(name) for marker in marked for name in marker.args]
    with ExitStack() as stack:
        with in_four_parts():
            played = scenarios([DEFAULT, *config.getoption("--oauth-window-scenarios")])
            for name in names:
                with suppress(UsageError):  # reported by the test that names it
                    played += scenarios([name])
            options = run_options(config, tmp_path_factory)
            if options.driver != "mock" and (address := connect_endpoint(request)) is not None:
                options = replace(options, endpoint=(address,), headed=False)
            suite = stack.enter_context(Suite(options, played))
        yield suite


@pytest.fixture(scope="session")
def oauth_window_environment(oauth_window_suite: Suite) -> Mapping[str, str]:
    """The variables that lead an app's backend to the stub: HTTPS_PROXY, SSL_CERT_FILE, LEADCONNECTOR_BASE_URL, …."""
    return oauth_window_suite.environment


@pytest.fixture(scope="session")
def oauth_window_app(request: pytest.FixtureRequest) -> str | None:
    """The page on which scenario files are played: the option ``app``, else base_url; a conftest may override it."""
    from oauth_window_harness.pytest import options  # noqa: PLC0415 - not needed by every suite

    with in_four_parts():
        app = options.app(request.config)
    if app is None:
        try:
            app = request.getfixturevalue("base_url")
        except pytest.FixtureLookupError:
            return None
    return app or None


@pytest.fixture(scope="session")
def oauth_window_reference_app(oauth_window_suite: Suite) -> str:
    """The page of the bundled model app, for a test of a project that has not named its own page yet."""
    return oauth_window_suite.reference_app()


@pytest.fixture
def oauth_window(request: pytest.FixtureRequest, oauth_window_suite: Suite) -> OAuthWindow:
    """The OAuth window of this test: its account, its event, and the requests that followed."""
    with in_four_parts():
        if inspect.iscoroutinefunction(getattr(request, "function", None)):
            raise UsageError(
                "an async test cannot use this fixture",
                where=request.node.nodeid,
                todo="write the test without async: it is built on pytest-playwright's blocking `page`",
            )
        name, patience = _scenario_and_patience(request.node.get_closest_marker("oauth_window"))
        chosen = scenarios([name])
        if len(chosen) != 1:
            raise UsageError(
                "a test plays one scenario",
                where=f"@pytest.mark.oauth_window({name!r}) of {request.node.nodeid}",
                seen=f"{len(chosen)} of that name",
                todo="name one of them, or run them all with --oauth-window-scenarios",
            )
        window = oauth_window_suite.window(chosen[0], patience)
    request.node.stash[WINDOW] = window
    return window


@pytest.fixture
def oauth_window_mock(oauth_window_suite: Suite) -> Iterator[MockBrowser]:
    """The window without a browser, for tests of a backend: `connect()` plays it and returns its event."""
    with oauth_window_suite.mock() as browser:
        yield browser


def scenarios(names: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that these names, tags, files and folders stand for.

    Raises:
        UsageError: there is no scenario of a name, or a file is invalid.
    """
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - slow to load, and not needed by every suite

    chosen = catalog.select(names)
    catalog.check_fixtures(chosen, contracts())
    return chosen


def _scenario_and_patience(marker: pytest.Mark | None) -> tuple[str, float | None]:
    """Return the scenario and the patience, in seconds, that a marker names.

    Raises:
        UsageError: its arguments are invalid.
    """
    if marker is None:
        return DEFAULT, None
    unknown = set(marker.kwargs) - {"patience"}
    patience = marker.kwargs.get("patience")
    is_valid = patience is None or (
        isinstance(patience, int | float) and SHORTEST_PATIENCE <= patience <= LONGEST_PATIENCE
    )
    if len(marker.args) > 1 or unknown or not is_valid:
        raise UsageError(
            "the marker takes one scenario and a patience",
            where="@pytest.mark.oauth_window",
            seen=", ".join([*map(repr, marker.args), *(f"{name}={value!r}" for name, value in marker.kwargs.items())]),
            todo='write @pytest.mark.oauth_window("account-401", patience=10)',
        )
    return (str(marker.args[0]) if marker.args else DEFAULT), patience
