"""Hands requests for the stub to it within this process, where no answer takes time: on a clock that is put forward.

A socket, a thread and two readers of HTTP would take most of the time that a scenario takes. What the stub sees of a
request, and the mock of an answer, is the same.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote

import httpx
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import CUT, LOOPBACK

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment


class DirectTransport(httpx.BaseTransport):
    """Calls one function with every request.

    Args:
        answer: returns the response; called in the caller's thread.
    """

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request.

        Raises:
            httpx.TransportError: the stub ends the connection, as the scenario says.
        """
        environ = _environ(request)
        body, status, headers = self._answer(Request(environ)).get_wsgi_response(environ)
        return httpx.Response(int(status.split()[0]), headers=list(headers), content=b"".join(body))


def _environ(request: httpx.Request) -> WSGIEnvironment:
    """Return a request as a server on loopback reads it (PEP 3333)."""
    url, body = request.url, request.read()
    path, _, query = url.raw_path.decode("ascii").partition("?")
    environ: WSGIEnvironment = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        CUT: _cut,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": url.raw_path.decode("ascii"),
        "RAW_URI": url.raw_path.decode("ascii"),
        "REMOTE_ADDR": LOOPBACK,
        "SERVER_NAME": LOOPBACK,
        "SERVER_PORT": str(url.port or 0),
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    for name, value in request.headers.multi_items():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def _cut(sent: bytes, *, reset: bool) -> NoReturn:
    """End the connection of a request, in the words of httpx for a connection that ends so.

    Raises:
        httpx.TransportError: always.
    """
    if reset:
        raise httpx.ReadError("[Errno 104] Connection reset by peer")
    head, _, body = sent.partition(b"\r\n\r\n")
    length = int(head.lower().rpartition(b"content-length:")[2].split(b"\r\n")[0])
    raise httpx.RemoteProtocolError(
        f"peer closed connection without sending complete message body (received {len(body)} bytes, expected {length})"
    )
