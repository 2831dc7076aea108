"""Connects to a browser that was started elsewhere, by the protocol of its endpoint."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import Any

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserType, Playwright
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.endpoints import Endpoint
from oauth_window_harness.drivers.engines import Engine
from oauth_window_harness.errors import EndpointError

#: How long an endpoint may take to give a browser, in seconds: a server may first have to start it.
CONNECTING = 30.0

#: The hosts that the far browser reaches by way of this machine: the gateway is on its loopback.
_EXPOSED = "<loopback>"

#: What is told of an answer, in characters.
_LONGEST = 200


async def connect(
    playwright: Playwright,
    endpoint: Endpoint,
    engine: Engine,
    *,
    executable: str | None = None,
    seconds: float = CONNECTING,
) -> PlaywrightBrowser:
    """Return a browser of an endpoint.

    Args:
        playwright: the Playwright that is to drive it.
        endpoint: where it is.
        engine: the engine that it is to be.
        executable: the program on that machine that a Playwright server is to launch; it may refuse to.
        seconds: how long it may take.

    Raises:
        EndpointError: there is none, or none of Playwright's protocols is spoken there.
    """
    kind: BrowserType = getattr(playwright, engine.name)
    timeout = seconds * 1000
    try:
        if endpoint.is_devtools:
            return await kind.connect_over_cdp(endpoint.url, timeout=timeout)
        return await kind.connect(
            endpoint.url,
            expose_network=_EXPOSED,
            headers={"x-playwright-launch-options": json.dumps(_launch_options(engine, executable))},
            timeout=timeout,
        )
    except PlaywrightError as error:
        raise _connect_error(endpoint, engine, endpoint.without_key(error.message)) from None


def _launch_options(engine: Engine, executable: str | None) -> dict[str, Any]:
    """Return how a server is asked to launch its browser, in Playwright's words for JavaScript.

    A server that was not started with ``--unsafe`` takes none of these but the channel, and launches as it does.
    """
    options: dict[str, Any] = {"ignoreDefaultArgs": list(engine.ignored_arguments)}
    if "firefox_user_prefs" in engine.arguments:
        options["firefoxUserPrefs"] = engine.arguments["firefox_user_prefs"]
    if executable is not None:
        options |= {"executablePath": executable, **engine.stock}
    return options


def _connect_error(endpoint: Endpoint, engine: Engine, message: str) -> EndpointError:
    """Return the error for an endpoint that gives no browser, by what Playwright says of it."""
    own = version("playwright")
    server = re.search(r"server version: v([\d.]+)", message)
    status = re.search(r"(?:WebSocket error: \S+|Unexpected status) (\d{3})\b ?([A-Z][A-Za-z ]*)?", message)
    if server is not None:
        what, seen = "the Playwright server is of another version", f"{server[1]} there, {own} here"
        todo = f"start it with Playwright {own}, or install here the version that it has"
    elif "Executable doesn't exist" in message or "is not found at" in message or "Failed to launch" in message:
        what, seen = "the Playwright server has no such browser", _first_line(message)
        todo = f"run `npx playwright install {engine.name}` on its machine; or start it with --unsafe, and name by "
        todo += "--executable a program on its machine"
    elif status is not None:
        is_refused = status[1] in ("401", "403")
        what = "the endpoint lets nobody in" if is_refused else "the endpoint does not speak the protocol"
        seen = f"it answers {status[1]} {status[2] or ''}".rstrip()
        todo = "check the key in its address" if is_refused else _other_protocol(endpoint)
    elif "valid JSON" in message or "Cannot read" in message or "webSocketDebuggerUrl" in message:
        what, seen = "the endpoint does not speak the protocol", "an answer, and not that of a browser's DevTools"
        todo = _other_protocol(endpoint)
    else:
        what, seen = "no browser answers at the endpoint", _first_line(message)
        todo = "start it, and check the address: `playwright run-server --port PORT` gives ws://HOST:PORT/, a Chromium "
        todo += "with --remote-debugging-port=PORT gives http://HOST:PORT"
    return EndpointError(what, where=f"--endpoint {endpoint.name}", seen=seen, todo=todo)


def _other_protocol(endpoint: Endpoint) -> str:
    if endpoint.is_devtools:
        return (
            "name the address of a Chromium that was started with --remote-debugging-port; a Playwright server is ws://"
        )
    return (
        "name the whole address that a Playwright server prints when it starts; a browser's DevTools address is http://"
    )


def _first_line(message: str) -> str:
    """Return what Playwright's message says first, without the name of its method and its boxes."""
    line = re.sub(r"^[\w.]+\.\w+: ", "", message.strip().splitlines()[0] if message.strip() else "")
    return line.removeprefix("WebSocket error: ")[:_LONGEST]
