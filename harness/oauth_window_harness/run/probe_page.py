"""The page by which a browser elsewhere is probed: it is on this machine's loopback, behind the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug import Request, Response

from oauth_window_harness.drivers.playwright.probe import ProbePage
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.stub.world import World


@contextmanager
def probe_page(world: World) -> Iterator[ProbePage]:
    """Serve a page that a browser reaches by way of the world's gateway alone, as far as it is not on this machine."""
    text = secrets.token_hex(16)

    def answer(_: Request) -> Response:
        return Response(text)

    with LoopbackServer(answer) as server:
        address = f"{LOOPBACK}:{server.port}"
        world.let_pass(address)
        yield ProbePage(f"http://{address}/", world.page_gateway_url(0), text)
