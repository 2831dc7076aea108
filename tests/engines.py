"""Whether this machine can drive a Firefox, for the tests that do; where it cannot, they are skipped, and say why."""

from __future__ import annotations

import functools
from importlib.metadata import version

import pytest
from playwright.sync_api import sync_playwright

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import FIREFOX

#: The first version of Playwright that no stock Firefox understands.
_TOO_NEW = (1, 65)


@functools.cache
def missing_firefox() -> str | None:
    """Return what is missing to drive a Firefox; None where nothing is."""
    with sync_playwright() as playwright:
        if browsers.own_build_at(playwright.firefox.executable_path):
            return None
    if browsers.executable_of(None, FIREFOX) is None and browsers.first_on_path(FIREFOX, headed=False) is None:
        return "no Firefox: install firefox-esr, or run `playwright install firefox`"
    playwright_version = version("playwright")
    if tuple(map(int, playwright_version.split(".")[:2])) >= _TOO_NEW:
        return f"Playwright {playwright_version} cannot drive a stock Firefox"
    return None


def need_firefox() -> None:
    """Skip the test where no Firefox can be driven."""
    if (missing := missing_firefox()) is not None:
        pytest.skip(missing)
