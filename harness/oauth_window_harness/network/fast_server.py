"""The server of `serve`'s plain port, on waitress: one thread reads all sockets.

pytest-httpserver starts a thread for each request, which takes most of the time that a request costs. Here a client
that sends its request slowly blocks no thread.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from werkzeug import Request, Response

from oauth_window_harness.network.loopback import port_taken_error
from oauth_window_harness.network.waitress_server import WaitressServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: How long an answer that is ready may take to be sent when the server stops, in seconds.
_FLUSH = 2
_POLL = 0.02


class PlainServer:
    """Calls one function with every request, as `LoopbackServer` does.

    Args:
        answer: returns the response; called in one of several threads.
        waits: returns whether the answer to a path may be delayed, so that other requests must not wait for it.
        port: the port to listen on; 0 is any free one.
    """

    def __init__(
        self, answer: Callable[[Request], Response], waits: Callable[[str], bool] = lambda _path: True, *, port: int = 0
    ) -> None:
        self._answer = answer
        self._waits = waits
        self.port = port
        self._server: WaitressServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Start to listen.

        Raises:
            PortTakenError: another program listens on the port.
        """
        try:
            self._server = WaitressServer(self._application, self._waits, self.port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise port_taken_error(self.port) from None
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.run, name="plain server", daemon=True)
        self._thread.start()
        return self

    def is_running(self) -> bool:
        """Return whether the server listens."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Stop listening, send the answers that are ready, and close all connections."""
        assert self._thread is not None
        assert self._server is not None
        server = self._server
        flushed = threading.Event()
        server.call_in_thread(server.close_listening)
        server.call_in_thread(flushed.set)
        flushed.wait(_FLUSH)
        still = threading.Event()
        for _ in range(round(_FLUSH / _POLL)):
            if not server.is_writing():
                break
            still.wait(_POLL)
        server.call_in_thread(server.close_all)
        self._thread.join(_FLUSH)
        server.end_tasks(_FLUSH)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return self._answer(Request(environ))(environ, start_response)
