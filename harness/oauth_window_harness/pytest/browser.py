"""The fixtures of pytest-playwright, extended for tests that use the OAuth window, and unchanged for all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from oauth_window_harness.pytest.connection import connect_endpoint
from oauth_window_harness.pytest.failures import in_four_parts, uses_oauth_window

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, BrowserType

    from oauth_window_harness.pytest.suite import Suite
    from oauth_window_harness.pytest.window import OAuthWindow


@pytest.fixture(scope="session")
def browser_type_launch_args(
    request: pytest.FixtureRequest, browser_type_launch_args: Mapping[str, Any]
) -> Mapping[str, Any]:
    """pytest-playwright's; where any test uses the window, the browser blocks unwanted popups and trusts the stub.

    A browser elsewhere is launched by the server of pytest-playwright's `connect_options`.
    """
    if not any(uses_oauth_window(item) for item in request.session.items):
        return browser_type_launch_args
    with in_four_parts():
        if connect_endpoint(request) is not None:
            return browser_type_launch_args
    engine: BrowserType = request.getfixturevalue("browser_type")
    suite: Suite = request.getfixturevalue("oauth_window_suite")
    with in_four_parts():
        return suite.launch_arguments(browser_type_launch_args, engine.executable_path, engine.name)


@pytest.fixture
def new_context(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]
) -> Callable[..., BrowserContext]:
    """pytest-playwright's; where the test uses the window, contexts go through the gateway and are observed."""
    if not uses_oauth_window(request.node):
        return new_context
    suite: Suite = request.getfixturevalue("oauth_window_suite")
    window: OAuthWindow = request.getfixturevalue("oauth_window")
    fixed: dict[str, Any] = dict(request.getfixturevalue("browser_context_args"))
    for marker in request.node.iter_markers("browser_context_args"):
        fixed = {**fixed, **marker.kwargs}

    def make_context(**arguments: Any) -> BrowserContext:
        with in_four_parts():
            arguments = suite.context_arguments({**fixed, **arguments})
        # pytest-playwright adds the fixed arguments itself, and raises where one is passed twice.
        context = new_context(**{name: value for name, value in arguments.items() if name not in fixed})
        window.borrow(context, arguments)
        return context

    return make_context
