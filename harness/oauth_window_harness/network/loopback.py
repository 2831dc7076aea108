"""Servers on loopback, on pytest-httpserver: one function answers every request."""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, cast

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import DechunkedInput, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from oauth_window_harness.errors import PortTakenError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

LOOPBACK = "127.0.0.1"

#: The key of a request's environment with a function that ends the connection after some bytes, if the server has one.
CUT = "oauth_window.cut"

#: How long a server that is to stop may take to look whether it is, once it was woken, in seconds.
_WAKING = 0.005


class PatientContext(ssl.SSLContext):
    """A server context whose handshakes happen in the connection's own thread.

    By default a server socket does the handshake while it accepts, so that one browser that opens a connection in
    advance, and stays silent, blocks all others.
    """

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:  # noqa: D102
        options["do_handshake_on_connect"] = False
        return super().wrap_socket(*args, **options)


class _WholeChunks:
    """A connection whose end within a chunk is an error: werkzeug goes on reading nothing until the chunk is full."""

    def __init__(self, connection: io.BufferedIOBase) -> None:
        self._connection = connection

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes."""
        data = self._connection.read(size)
        if len(data) < size:
            raise OSError("the body ends within a chunk")
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line."""
        return self._connection.readline(-1 if size is None else size)


class _Handler(WSGIRequestHandler):
    """Sends without delay (TCP_NODELAY), and logs nothing to the user's terminal."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Register the connection, so that the server can close it."""
        super().setup()
        _connections_of(self.server).add(self.connection)

    def finish(self) -> None:
        """Remove the connection from the register."""
        _connections_of(self.server).discard(self.connection)
        super().finish()

    def make_environ(self) -> WSGIEnvironment:
        """Return the environment, in which a chunk that never comes ends the body instead of being waited for."""
        environ = super().make_environ()
        if isinstance(environ["wsgi.input"], DechunkedInput):
            environ["wsgi.input"] = DechunkedInput(cast("IO[bytes]", _WholeChunks(self.rfile)))
        return environ

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002
        """Read no further request from a connection that the client closed."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name for it
        """Log nothing: the journal is the log, and a browser that aborts a handshake is no error."""


class _KeepAliveHandler(_Handler):
    """Keeps a connection open for the next request.

    werkzeug never does, as an unread body would be parsed as the next request; here the body has been read. A browser
    must not use it: it repeats a request by itself if a connection that was kept open is reset.
    """

    def run_wsgi(self) -> None:
        """Answer one request, head and body in one write."""
        self.environ = self.make_environ()
        try:
            body, status, headers = run_wsgi_app(self.server.app, self.environ, buffered=True)
            lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
            self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + b"".join(body))
        except ConnectionError as error:
            self.connection_dropped(error)


def _connections_of(server: Any) -> set[socket.socket]:
    connections: set[socket.socket] = server.__dict__.setdefault("open_connections", set())
    return connections


def port_taken_error(port: int) -> PortTakenError:
    """Return the error for a port that another program uses."""
    return PortTakenError(
        f"port {port} cannot be used",
        where=f"{LOOPBACK}:{port}",
        seen="another program listens there",
        todo="end that program, or name another port (0 takes any that is free)",
    )


class LoopbackServer(HTTPServer):
    """An `HTTPServer` that calls one function with every request.

    Args:
        answer: returns the response; called in the connection's thread.
        port: the port to listen on; 0 is any free one.
        context: the TLS context; None serves plain HTTP.
        keep_alive: whether a connection serves more than one request.
        scheme: the scheme of the requests' addresses, if it is not the server's own; None if it is.
    """

    def __init__(
        self,
        answer: Callable[[Request], Response],
        *,
        port: int = 0,
        context: ssl.SSLContext | None = None,
        keep_alive: bool = False,
        scheme: str | None = None,
    ) -> None:
        super().__init__(LOOPBACK, port, context, threaded=True)
        self._handler = _KeepAliveHandler if keep_alive else _Handler
        self._keep_alive = keep_alive
        self._scheme = scheme
        self._answer = answer

    def application(self, request: Request) -> Response:
        """Answer a request, without pytest-httpserver's log, which would fill the memory of a long `serve`."""
        return self.dispatch(request)

    def dispatch(self, request: Request) -> Response:
        """Return the response of the function that answers."""
        if self._keep_alive:
            try:
                request.get_data()  # an unread body would be parsed as the connection's next request
            except (
                OSError,
                ClientDisconnected,
            ):  # its chunks or its length are wrong: where the next begins is unknown
                raise ConnectionAbortedError from None
        if self._scheme is not None:
            request.scheme = request.environ["wsgi.url_scheme"] = self._scheme
        return self._answer(request)

    def start(self) -> None:
        """Start to listen.

        Raises:
            PortTakenError: another program listens on the port.
        """
        try:
            super().start()
        except (OSError, SystemExit):
            # werkzeug ends the program if the port is in use.
            raise port_taken_error(self.port) from None

    def is_serving(self) -> bool:
        """Return whether its thread answers; one that has ended by itself leaves a port that takes connections."""
        return self.server_thread is not None and self.server_thread.is_alive()

    def stop(self) -> None:
        """Stop listening, and close all connections at once."""
        assert self.server_thread is not None
        open_now = _connections_of(self.server)
        waking = threading.Thread(target=_wake, args=(self.server_thread, self.port))
        waking.start()
        super().stop()
        waking.join()
        for connection in list(open_now):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def thread_target(self) -> None:
        """Serve until `stop` is called."""
        assert self.server is not None
        self.server.RequestHandlerClass = self._handler
        self.server.serve_forever()


def _wake(server: threading.Thread, port: int) -> None:
    """Connect to a server until it has ended: it looks whether it is to stop when a connection comes."""
    while server.is_alive():
        with contextlib.suppress(OSError):
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        server.join(_WAKING)
