"""The control is clicked as a user would: what lies over it is waited for, or sent away."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from oauth_window_harness.drivers.playwright.async_calls import AsyncWindow
from oauth_window_harness.drivers.playwright.connect_control import click_control, hindrance
from oauth_window_harness.drivers.playwright.driver import launch

pytestmark = pytest.mark.browser

_COVER = "position: fixed; inset: 0; background: white"
_BUTTON = "<button id=connect onclick='document.title = `clicked`'>Connect Facebook</button>"
_OK = "<button onclick='this.parentElement.remove()'>OK</button>"

CLICKED = {
    "nothing lies over it": "",
    "a modal dialog, which Escape closes": "<dialog id=told>The window was closed.</dialog>"
    "<script>told.showModal()</script>",
    "a layer with one button": f"<div style='{_COVER}'>The window was closed. {_OK}</div>",
    "a layer that goes by itself": f"<div id=layer style='{_COVER}'>…</div>"
    "<script>setTimeout(() => layer.remove(), 300)</script>",
    "a modal dialog that holds it": "<dialog id=around></dialog>"
    "<script>around.append(connect); around.showModal()</script>",
}


async def clicked(html: str, patience: float) -> str:
    """Click the control of a page, and give what the page says of it."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            await page.set_content(f"<title>not clicked</title>{_BUTTON}{html}")
            await click_control(AsyncWindow(page), "#connect", patience)
            return await page.title()
        finally:
            await browser.close()


@pytest.mark.parametrize("cover", CLICKED)
def test_what_lies_over_the_control_is_sent_away(cover: str) -> None:
    assert asyncio.run(clicked(CLICKED[cover], 5.0)) == "clicked"


def test_what_its_reader_could_answer_in_two_ways_stays_and_is_named() -> None:
    choice = f"<div id=choice style='{_COVER}'>Try again? {_OK}{_OK}</div>"
    with pytest.raises(PlaywrightError) as raised:
        asyncio.run(clicked(choice, 1.5))
    assert 'id="choice"' in hindrance(raised.value)
