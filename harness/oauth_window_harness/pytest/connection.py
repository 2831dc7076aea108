"""The browser elsewhere that pytest-playwright connects to, as a suite's fixture ``connect_options`` names it."""

from __future__ import annotations

import pytest

from oauth_window_harness.errors import UsageError


def connect_endpoint(request: pytest.FixtureRequest) -> str | None:
    """Return the address of the Playwright server that a suite connects to, or None if its browser is launched here.

    Raises:
        UsageError: the browser there could not reach the gateway, which is on this machine's loopback.
    """
    try:
        options = request.getfixturevalue("connect_options")
    except pytest.FixtureLookupError:  # no pytest-playwright
        return None
    if not options:
        return None
    if not options.get("expose_network"):
        raise UsageError(
            "the browser at the endpoint cannot reach the gateway, which is on this machine's loopback",
            where="the fixture connect_options",
            seen="no expose_network",
            todo='add "expose_network": "<loopback>" to what it returns',
        )
    address: str | None = options.get("endpoint") or options.get("ws_endpoint")
    return address
