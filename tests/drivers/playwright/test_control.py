"""The control is clicked as a user would: what lies over it is waited for, or sent away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, async_playwright

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls, AsyncWindow
from oauth_window_harness.drivers.playwright.connect_control import click_control, hindrance
from oauth_window_harness.drivers.playwright.control_search import ControlSearch
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.outcomes import OutcomeWatch
from oauth_window_harness.errors import CannotJudgeError, HarnessError, UsageError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor

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


async def crash(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    with suppress(PlaywrightError):  # whoever crashes does not answer
        await session.send("Page.crash")


async def close(page: Page) -> None:
    await page.close()


async def stay(_page: Page) -> None:
    pass


async def told(selector: str, fate: Callable[[Page], Awaitable[None]]) -> HarnessError:
    """Look for a control that is not there, or cannot be, in a page that meets its fate meanwhile."""
    target = Target("about:blank", selector, None, None, 5.0)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            await page.set_content(_BUTTON)
            with pytest.raises(HarnessError) as raised:
                search = ControlSearch(AsyncCalls(), page, target, Redactor())
                await asyncio.gather(search.find(), fate(page))
            return raised.value
        finally:
            await browser.close()


@pytest.mark.parametrize(("fate", "what"), [(crash, "crashed"), (close, "has gone")])
def test_a_page_that_does_not_stay_is_told_as_that_and_not_as_wrong_use(
    fate: Callable[[Page], Awaitable[None]], what: str
) -> None:
    """Also where the selector itself speaks of selectors, as Playwright's log quotes it."""
    error = asyncio.run(told("#the-selector", fate))
    assert isinstance(error, CannotJudgeError)
    assert error.what == f"the page under test {what}"
    assert error.where == "about:blank"
    assert "crashed" in error.seen or "closed" in error.seen


@pytest.mark.parametrize("selector", ["p[", "foo=bar", "p:foo", "//[", "text=/(/", "role=button[foo=bar]"])
def test_what_is_no_selector_is_wrong_use(selector: str) -> None:
    error = asyncio.run(told(selector, stay))
    assert isinstance(error, UsageError)
    assert error.what == "the selector cannot be used"
    assert repr(selector) in error.where


def test_the_selector_of_an_outcome_is_judged_alike() -> None:
    async def check(selector: str) -> None:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            try:
                target = Target("about:blank", "#connect", selector, None, 5.0)
                watch = OutcomeWatch(AsyncCalls(), Journal(), target, "--", Redactor())
                watch.begin(AsyncWindow(await browser.new_page()))
                await watch.check()
            finally:
                await browser.close()

    with pytest.raises(UsageError) as raised:
        asyncio.run(check("//["))
    assert raised.value.where == "--connected '//['"
