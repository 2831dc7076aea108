"""The control is found by what a person sees; where it is not, the error has selectors that can be pasted."""

from __future__ import annotations

import asyncio
import re
import shlex

import pytest
from playwright.async_api import async_playwright

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls
from oauth_window_harness.drivers.playwright.control_search import ControlSearch
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.errors import UsageError
from oauth_window_harness.redact import Redactor

pytestmark = pytest.mark.browser

OTHER = "<button>Connect Facebook</button>"
WANTED = "<button id=wanted>Connect Facebook</button>"
CARD = "<div class=card>{}<button{}>Connect</button></div>"

#: Pages, each with one element of the id ``wanted`` that a person would take.
FOUND = {
    "beside a picture": CARD.format("<img alt=Instagram src=data:,>", "")
    + CARD.format("<img alt=Facebook src=data:,>", " id=wanted")
    + CARD.format("<img alt=LinkedIn src=data:,>", ""),
    "beside an icon that only its class names": CARD.format("<i class='fab fa-instagram'></i>", "")
    + CARD.format("<i class='fab fa-facebook-f'></i>", " id=wanted"),
    "an icon with a title": "<a href=#>Save</a><button id=wanted><svg width=9><title>Facebook</title></svg></button>",
    "an icon with a label": "<button>Help</button><button id=wanted aria-label='Connect Facebook'><i></i></button>",
    "an element that looks like a button": "<div id=wanted style='cursor: pointer'>Connect Facebook</div>",
    "an element that takes the focus": "<div id=wanted tabindex=0>Connect Facebook</div><button>Help</button>",
    "an element with a handler": "<div id=wanted onclick='0'><b>Connect</b> <span>Facebook</span></div>",
    "a button before what looks like one": "<p style='cursor: pointer'>Facebook</p><button id=wanted>Connect</button>",
    "the one that is not in a drawer": "<nav style='position: fixed; left: 0; transform: translateX(-100%)'>"
    f"{OTHER}</nav>{WANTED}",
    "the one that is not in a closed sheet": f"<div style='position: fixed; top: 100%'>{OTHER}</div>{WANTED}",
    "the one that is not folded": f"<div style='height: 0; overflow: hidden'>{OTHER}</div>{WANTED}",
    "the one that is not transparent": f"<div style='opacity: 0; pointer-events: none'>{OTHER}</div>{WANTED}",
    "a transparent one over what can be seen": "<div style='position: relative'>Facebook<button id=wanted"
    " style='opacity: 0; position: absolute; inset: 0'>Connect Facebook</button></div>",
    "one that can be scrolled to": "<div style='height: 50px; overflow: auto'><p style='height: 900px'></p>"
    "<button id=wanted>Connect Facebook</button></div>",
}

LINKED = "<article><h2>{}</h2><p>Not linked yet</p><button{}>Link</button></article>"
FOUND |= {
    "in a card whose heading names Facebook": "<h1>Channels</h1>"
    + LINKED.format("Instagram", "") + LINKED.format("Facebook", " id=wanted") + LINKED.format("TikTok", ""),
    "in a card of divisions": "<h1>Channels</h1><div><div><div><h3><b>Facebook</b> pages</h3></div>"
    "<div><button>Settings</button><button id=wanted>Add</button><button disabled>Begin</button></div></div>"
    "<div><h3>X</h3><button>Add</button></div></div>",
    "in a fieldset": "<form><fieldset><legend>Facebook</legend><button type=button id=wanted>Link</button></fieldset>"
    "<fieldset><legend>X</legend><button type=button>Link</button></fieldset></form>",
}  # fmt: skip

#: Pages on which nobody knows what connects, though a heading names Facebook.
UNSURE = {
    "two buttons of one card": "<section><h2>Facebook</h2><button>Link</button><button>Begin</button></section>",
    "two cards": LINKED.format("Facebook", "") * 2,
    "a card with a field": "<section><h2>Facebook</h2><input><button>Go</button></section>",
    "a button beside several headings": "<section><h2>Facebook</h2><h2>X</h2><button>Go</button></section>",
    "the heading of the page": "<h1>Facebook</h1><button>Go</button>",
}

#: Pages whose control is hidden, and the step that shows it, where the page's HTML says so.
HIDDEN = {
    "in a drawer": (
        "<button id=menu aria-controls=drawer aria-expanded=false>☰</button>"
        "<nav id=drawer style='position: fixed; left: -300px'><button id=go>Connect Facebook</button></nav>",
        "--before '#menu'",
    ),
    "in what is folded": (
        "<details><summary id=more>More</summary><button id=go>Connect Facebook</button></details>", "--before '#more'",
    ),
    "nobody knows how": ("<button>Menu</button><button id=go hidden>Connect Facebook</button>", "--before SELECTOR"),
}  # fmt: skip

#: A page whose controls name nobody; two are alike.
UNNAMED = (
    "<header><button id=help>Help</button></header><main><section><h2>Blog</h2><button>Add</button></section>"
    "<section><h2>Channels</h2><button>Add</button></section><button aria-label='Link a channel'><svg></svg></button>"
    "<button><i class='fa fa-facebook'></i></button></main>"
)


async def looked_up(html: str) -> str:
    """Return the id of the control of a page."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            await page.set_content(html)
            control = await search(page).find()
            return str(await page.locator(control.selector).get_attribute("id"))
        finally:
            await browser.close()


async def refused(html: str) -> tuple[UsageError, dict[str, int]]:
    """Return the error for a page, and how many elements each selector matches that it lists."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            await page.set_content(html)
            with pytest.raises(UsageError) as raised:
                await search(page).find()
            listed = re.findall(r"(?:^|; |controls: )('[^']+'|[^ '<]+): <", f"{raised.value.seen}; {raised.value.todo}")
            selectors = [shlex.split(one)[0] for one in listed]
            return raised.value, {one: await page.locator(one).count() for one in selectors}
        finally:
            await browser.close()


def search(page: object) -> ControlSearch:
    """Return the search for the control of a page, with little patience."""
    return ControlSearch(AsyncCalls(), page, Target("about:blank", None, None, None, 0.2), Redactor())


@pytest.mark.parametrize("name", FOUND)
def test_the_control_is_the_one_that_a_person_sees(name: str) -> None:
    assert asyncio.run(looked_up(FOUND[name])) == "wanted"


@pytest.mark.parametrize("name", HIDDEN)
def test_a_control_that_is_hidden_is_told_with_what_shows_it(name: str) -> None:
    html, step = HIDDEN[name]
    error, _ = asyncio.run(refused(html))
    assert error.what == "the control that names Facebook is hidden"
    assert error.seen.startswith("'#go': <button")
    assert step in f"{error.seen} {error.todo}"


@pytest.mark.parametrize("name", UNSURE)
def test_no_button_is_pressed_for_a_heading_where_nobody_knows_which_it_is(name: str) -> None:
    error, counts = asyncio.run(refused(UNSURE[name]))
    assert error.what in ("several controls may open the window", "no visible control names Facebook")
    assert set(counts.values()) == {1}


def test_controls_that_name_nobody_are_listed_the_nearest_first_with_selectors_that_match_them_alone() -> None:
    error, counts = asyncio.run(refused(UNNAMED))
    assert error.what == "no visible control names Facebook"
    first, second, *_, last = counts
    assert (first, second) == ("body > main:nth-child(2) > button:nth-child(4)", 'button[aria-label="Link a channel"]')
    assert last == "#help"
    assert len(counts) == 5
    assert set(counts.values()) == {1}
    assert "beside 'Blog" in error.todo
    assert "beside 'Channels" in error.todo


def test_several_controls_are_listed_with_what_tells_them_apart() -> None:
    rows = "".join(f"<li><span>{name} on Facebook</span><button>Connect</button></li>" for name in ("Acme", "Emca"))
    error, counts = asyncio.run(refused(f"<ul>{rows}</ul>"))
    assert error.what == "several controls may open the window"
    assert list(counts.values()) == [1, 1]
    assert "beside 'Acme on Facebook" in error.seen
    assert "beside 'Emca on Facebook" in error.seen
