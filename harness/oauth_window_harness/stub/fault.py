"""Network faults: an answer that never comes, or that ends in the middle."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from typing import NoReturn

from werkzeug import Request, Response

from oauth_window_harness.network.loopback import CUT
from oauth_window_harness.scenario.model import NetworkFault


def cause(fault: NetworkFault, request: Request, response: Response) -> NoReturn:
    """End the connection of a request without an answer, or after half of one.

    Raises:
        ConnectionAbortedError: always, so that the server sends nothing more.
    """
    half = _half(response) if fault == "truncated" else b""
    if CUT in request.environ:
        request.environ[CUT](half, reset=fault == "reset")
    connection: socket.socket = request.environ["werkzeug.socket"]
    with contextlib.suppress(OSError):
        if fault == "truncated":
            connection.sendall(half)
            connection.shutdown(socket.SHUT_WR)
        else:
            # Closing with a linger time of zero resets (RFC 9293 §3.10.7.4).
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The server's own streams hold the socket open; only closing its descriptor ends the connection.
        os.close(connection.detach())
    raise ConnectionAbortedError


def _half(response: Response) -> bytes:
    body = response.get_data()
    headers = "".join(f"{name}: {value}\r\n" for name, value in response.headers.to_wsgi_list())
    return f"HTTP/1.1 {response.status}\r\n{headers}\r\n".encode("latin-1") + body[: len(body) // 2]
