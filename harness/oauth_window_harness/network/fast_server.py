"""The server that `serve` listens with on its plain port, on waitress: one thread reads all sockets.

pytest-httpserver begins a thread for each request, which is most of what one costs; and here a client that sends its
request slowly holds up no thread at all.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from werkzeug import Request, Response

from oauth_window_harness.network.loopback import taken
from oauth_window_harness.network.waitress_server import WaitressServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: How long an answer that is ready may take to leave when the server ends, in seconds.
_FLUSH = 2
_POLL = 0.02


class PlainServer:
    """Hands every request to one function, as `LoopbackServer` does.

    Args:
        answer: gives the response; called in one of several threads.
        waits: tells of a path whether its answer may take its time, so that no other request is to wait for it.
        port: 0 for any.
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
        """Begin to listen.

        Raises:
            PortTakenError: another program listens there.
        """
        try:
            self._server = WaitressServer(self._application, self._waits, self.port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise taken(self.port) from None
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.run, name="plain server", daemon=True)
        self._thread.start()
        return self

    def is_running(self) -> bool:
        """Return whether it listens."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Listen no more, let answers that are ready leave, and end all connections."""
        assert self._thread is not None
        assert self._server is not None
        server = self._server
        flushed = threading.Event()
        server.in_its_thread(server.close_listening)
        server.in_its_thread(flushed.set)
        flushed.wait(_FLUSH)
        still = threading.Event()
        for _ in range(round(_FLUSH / _POLL)):
            if not server.is_writing():
                break
            still.wait(_POLL)
        server.in_its_thread(server.close_all)
        self._thread.join(_FLUSH)
        server.end_tasks(_FLUSH)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return self._answer(Request(environ))(environ, start_response)
