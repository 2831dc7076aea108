"""What is laid over pytest-playwright's fixtures, for tests that ask for the OAuth window and for no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from oauth_window_harness.pytest.telling import asks, in_four_parts

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, BrowserType

    from oauth_window_harness.pytest.suite import Suite
    from oauth_window_harness.pytest.window import OAuthWindow


@pytest.fixture(scope="session")
def browser_type_launch_args(
    request: pytest.FixtureRequest, browser_type_launch_args: Mapping[str, Any]
) -> Mapping[str, Any]:
    """pytest-playwright's, with a Chromium that blocks popups and trusts the stub where any test has to do with it."""
    if not any(asks(item) for item in request.session.items):
        return browser_type_launch_args
    engine: BrowserType = request.getfixturevalue("browser_type")
    if engine.name != "chromium":
        return browser_type_launch_args
    suite: Suite = request.getfixturevalue("oauth_window_suite")
    with in_four_parts():
        return suite.launch_arguments(browser_type_launch_args, engine.executable_path)


@pytest.fixture
def new_context(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]
) -> Callable[..., BrowserContext]:
    """pytest-playwright's, with contexts that go through the gateway and are followed, where the test asks for it."""
    if not asks(request.node):
        return new_context
    suite: Suite = request.getfixturevalue("oauth_window_suite")
    window: OAuthWindow = request.getfixturevalue("oauth_window")
    fixed: dict[str, Any] = dict(request.getfixturevalue("browser_context_args"))
    for marker in request.node.iter_markers("browser_context_args"):
        fixed = {**fixed, **marker.kwargs}

    def opened(**asked: Any) -> BrowserContext:
        with in_four_parts():
            arguments = suite.context_arguments({**fixed, **asked})
        # pytest-playwright adds those that are fixed, and refuses to be given one twice.
        context = new_context(**{name: value for name, value in arguments.items() if name not in fixed})
        window.borrow(context, arguments)
        return context

    return opened
