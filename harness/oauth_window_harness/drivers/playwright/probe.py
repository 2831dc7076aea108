"""Sees, before the first play, whether a browser elsewhere can be played in: its engine, its way to here, its clock."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from oauth_window_harness.drivers.endpoints import Endpoint
from oauth_window_harness.drivers.engines import ENGINES, Engine
from oauth_window_harness.errors import EndpointError, UsageError

#: How long the page of the probe may take to come, in seconds.
_COMING = 15.0

#: How often the far clock is asked; the answer that came soonest tells it best.
_ASKED = 5


@dataclass(frozen=True)
class ProbePage:
    """A page that only the gateway of this run leads to.

    Attributes:
        url: its address.
        gateway: the gateway.
        text: its text, which nobody can know beforehand.
    """

    url: str
    gateway: str
    text: str


async def probe(browser: PlaywrightBrowser, endpoint: Endpoint, engine: Engine, page: ProbePage) -> float:
    """Check that the browser can be played in, and return by how much its clock is ahead of this machine's, in seconds.

    Raises:
        UsageError: it is another engine's.
        EndpointError: it does not reach the gateway, or somebody else drives it.
    """
    try:
        context = await browser.new_context(proxy={"server": page.gateway}, ignore_https_errors=True)
        try:
            if endpoint.is_devtools:
                await _check_alone(browser, endpoint)
            window = await context.new_page()
            _check_engine(await window.evaluate("() => navigator.userAgent"), endpoint, engine)
            await window.goto(page.url, timeout=_COMING * 1000)
            text = await window.evaluate("() => document.body.innerText")
            seen = "" if page.text in text else f"another page answered in its place: {' '.join(text.split())[:100]}"
            skew = await _skew(window)
        finally:
            with suppress(PlaywrightError):
                await context.close()
    except PlaywrightError as error:
        seen, skew = error.message.splitlines()[0].removeprefix("Page.goto: "), 0.0
    if seen:
        raise _unreached_error(endpoint, page, seen)
    return skew


def _check_engine(agent: str, endpoint: Endpoint, engine: Engine) -> None:
    """Check by what a browser calls itself that it is of the engine as which it is driven.

    A Playwright server with one browser gives that one to everybody, whatever they ask for.
    """
    name = "firefox" if "Firefox/" in agent else "chromium" if "Chrome/" in agent else "webkit"
    if name != engine.name:
        raise UsageError(
            "the browser at the endpoint is another one",
            where=f"--endpoint {endpoint.name}",
            seen=f"{ENGINES[name].title}, which is to be driven as {engine.title}",
            todo=f"name --browser {name}, or an endpoint with {engine.title}",
        )


async def _check_alone(browser: PlaywrightBrowser, endpoint: Endpoint) -> None:
    """Check that nobody else has contexts in a browser: each client holds up the windows of all, and lets them go.

    A window that another client has let go may load before this one has told it to ignore errors of certificates.
    """
    session = await browser.new_browser_cdp_session()
    contexts = (await session.send("Target.getBrowserContexts"))["browserContextIds"]
    if len(contexts) > 1:
        raise EndpointError(
            "somebody else drives the browser at the endpoint",
            where=f"--endpoint {endpoint.name}",
            seen=f"{len(contexts) - 1} contexts that are not this run's",
            todo="wait until that is done, or start a browser for this run, as a Playwright server does for each",
        )


async def _skew(page: Page) -> float:
    """Return by how much the page's clock is ahead; 0 where that is less than it can be told to."""
    best, skew = float("inf"), 0.0
    for _ in range(_ASKED):
        before = time.time()
        there = await page.evaluate("() => performance.timeOrigin + performance.now()") / 1000
        after = time.time()
        if after - before < best:
            best, skew = after - before, there - (before + after) / 2
    return skew if abs(skew) > best / 2 else 0.0


def _unreached_error(endpoint: Endpoint, page: ProbePage, seen: str) -> EndpointError:
    if endpoint.is_devtools:
        todo = "a DevTools address has no tunnel to here: the browser has to be on this machine, or to share its "
        todo += (
            "loopback (`docker run --network host`, a container of the same pod); or start a Playwright server there, "
        )
        todo += "`playwright run-server`, and name its ws:// address"
    else:
        todo = "the server does not lead the browser to here as Playwright's expose_network asks it to: look whether "
        todo += "it or its service forbids that"
    return EndpointError(
        "the browser at the endpoint does not reach the gateway, which is on this machine's loopback",
        where=f"--endpoint {endpoint.name}, gateway {page.gateway}",
        seen=seen,
        todo=todo,
    )
