"""A browser on a machine whose clock is wrong: the moments of its pages are those of this machine."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import async_playwright

from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.observed_context import ObservedContext

pytestmark = pytest.mark.browser

HOUR = 3600.0


async def moment_of_a_report(skew: float) -> float:
    """Return the moment of the first report of a page, in seconds, where the clock is said to be ahead."""
    moments: list[float] = []

    def listen(_: Mapping[str, Any], report: object) -> None:
        moments.append(json.loads(str(report))["at"] / 1000)

    async with async_playwright() as playwright:
        browser = await launch(playwright)
        observed = await ObservedContext.open(await browser.new_context(), blocked=False, skew=skew)
        observed.listener = listen
        await observed.page.goto("data:text/html,<p>A page</p>")
        await browser.close()
    return moments[0]


def test_the_moments_of_a_page_are_corrected_by_what_its_clock_is_ahead() -> None:
    before = time.time()
    assert before - 1.5 * HOUR < asyncio.run(moment_of_a_report(HOUR)) < time.time() - 0.5 * HOUR
    assert before - 0.5 * HOUR < asyncio.run(moment_of_a_report(0)) < time.time() + 0.5 * HOUR
