"""Servers on loopback, on pytest-httpserver: every request goes to one function."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from oauth_window_harness.errors import PortTakenError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

LOOPBACK = "127.0.0.1"

#: In a request's environment, where its server has one: a function that ends the connection after some bytes.
CUT = "oauth_window.cut"

#: How soon a stopping server notices, in seconds; pytest-httpserver's own is half a second.
_POLL = 0.02


class PatientContext(ssl.SSLContext):
    """A server context whose handshakes happen in the connection's own thread.

    A listening socket that is wrapped the usual way shakes hands while it accepts, so that one browser that opens a
    connection in advance and stays silent holds up all the others.
    """

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:  # noqa: D102
        options["do_handshake_on_connect"] = False
        return super().wrap_socket(*args, **options)


class _Handler(WSGIRequestHandler):
    """Sends at once, and writes nothing to the user's terminal."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Let the server know of the connection, so that it can end it."""
        super().setup()
        _open_connections(self.server).add(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        _open_connections(self.server).discard(self.connection)
        super().finish()

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002
        """Read no more from a connection that has gone."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name for it
        """Nothing: the journal is the log, and a browser that breaks off a handshake is no error."""


class _KeepingHandler(_Handler):
    """Keeps a connection open for the next request.

    werkzeug never does, for a body that nobody read would be taken for the next request; here it has been read. A
    browser is not to use it: it repeats by itself a request for which a kept connection was reset.
    """

    def run_wsgi(self) -> None:
        """Answer one request, whole and at once."""
        self.environ = self.make_environ()
        try:
            body, status, headers = run_wsgi_app(self.server.app, self.environ, buffered=True)
            lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
            self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + b"".join(body))
        except ConnectionError as error:
            self.connection_dropped(error)


def _open_connections(server: Any) -> set[socket.socket]:
    found: set[socket.socket] = server.__dict__.setdefault("open_connections", set())
    return found


def taken(port: int) -> PortTakenError:
    """Return the error of a port that another program has."""
    return PortTakenError(
        f"port {port} cannot be used",
        where=f"{LOOPBACK}:{port}",
        seen="another program listens there",
        todo="end that program, or name another port (0 takes any that is free)",
    )


class LoopbackServer(HTTPServer):
    """An `HTTPServer` that hands every request to one function.

    Args:
        answer: gives the response; called in the connection's thread.
        port: 0 for any.
        context: for TLS, or None.
        keeps: whether a connection serves more than one request.
        scheme: of the addresses that are asked for, where another program ends the TLS; None: the server's own.
    """

    def __init__(
        self,
        answer: Callable[[Request], Response],
        *,
        port: int = 0,
        context: ssl.SSLContext | None = None,
        keeps: bool = False,
        scheme: str | None = None,
    ) -> None:
        super().__init__(LOOPBACK, port, context, threaded=True)
        self._handler = _KeepingHandler if keeps else _Handler
        self._keeps = keeps
        self._scheme = scheme
        self._answer = answer

    def application(self, request: Request) -> Response:
        """Answer a request. pytest-httpserver's own log is not kept: a long `serve` would fill the memory with it."""
        return self.dispatch(request)

    def dispatch(self, request: Request) -> Response:
        """Hand the request to the function that answers."""
        if self._keeps:
            request.get_data()  # what is left unread would be taken for the connection's next request
        if self._scheme is not None:
            request.scheme = request.environ["wsgi.url_scheme"] = self._scheme
        return self._answer(request)

    def start(self) -> None:
        """Begin to listen.

        Raises:
            PortTakenError: another program listens there.
        """
        try:
            super().start()
        except (OSError, SystemExit):
            # werkzeug ends the program where a port is taken.
            raise taken(self.port) from None

    def stop(self) -> None:
        """Listen no more, and end all connections, whatever they are doing."""
        open_now = _open_connections(self.server)
        super().stop()
        for connection in list(open_now):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def thread_target(self) -> None:
        """Serve until stopped."""
        assert self.server is not None
        self.server.RequestHandlerClass = self._handler
        self.server.serve_forever(poll_interval=_POLL)
