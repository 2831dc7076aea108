"""The server that `serve` listens with on its plain port, on waitress: one thread reads all sockets.

pytest-httpserver begins a thread for each request, which is most of what one costs; and here a client that sends its
request slowly holds up no thread at all.
"""

from __future__ import annotations

import errno
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import dispatcher
from werkzeug import Request, Response

from oauth_window_harness.network.fast_connection import Connection
from oauth_window_harness.network.loopback import LOOPBACK, taken

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: How many requests are answered at once; an answer that is delayed takes one for as long.
_THREADS = 256
_CONNECTIONS = 1_000
#: How long an answer that is ready may take to leave when the server ends, in seconds.
_FLUSH = 2.0
_POLL = 0.02


class _Dispatcher(ThreadedTaskDispatcher):
    """Lets the thread of the sockets answer by itself what takes no time, and hands the rest to the others.

    To hand a request over and back costs as much as to answer it.
    """

    def __init__(self, waits: Callable[[str], bool]) -> None:
        super().__init__()
        self.set_thread_count(_THREADS)
        self._sockets = 0
        self._waits = waits
        self._at_once: deque[Any] = deque()

    def is_at_home(self) -> bool:
        """Tell whether the caller is the thread of the sockets."""
        return threading.get_ident() == self._sockets

    def add_task(self, task: Any) -> None:
        """Take a channel that has a request to be answered."""
        request = task.requests[0]
        if not self.is_at_home() or request.error or self._waits(request.path):
            super().add_task(task)
        else:
            self._at_once.append(task)

    def answer(self) -> None:
        """Answer what was taken; called by the thread of the sockets."""
        self._sockets = threading.get_ident()
        while self._at_once:
            self._at_once.popleft().service()


class _Server(TcpWSGIServer):
    """The listening socket, and what all connections share."""

    task_dispatcher: _Dispatcher
    channel_class = Connection

    def pull_trigger(self) -> None:
        """Wake the thread of the sockets, unless it is the one that calls."""
        if not self.task_dispatcher.is_at_home():
            super().pull_trigger()


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
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to listen.

        Raises:
            PortTakenError: another program listens there.
        """
        # waitress tells of queues and of clients that have gone; the journal is the log.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        tasks = _Dispatcher(self._waits)
        try:
            self._server = _Server(
                self._application,
                dispatcher=tasks,
                listen=f"{LOOPBACK}:{self.port}",
                connection_limit=_CONNECTIONS,
                asyncore_use_poll=True,
                ident="",
                max_request_body_size=2**40,
                log_socket_errors=False,
            )
        except OSError as error:
            tasks.shutdown(timeout=0)
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise taken(self.port) from None
        self.port = self._server.effective_port
        self._thread = threading.Thread(target=self._server.run, name="plain server", daemon=True)
        self._thread.start()
        return self

    def is_running(self) -> bool:
        """Tell whether it listens."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Listen no more, let answers that are ready leave, and end all connections."""
        assert self._thread is not None
        flushed = threading.Event()
        self._in_its_thread(lambda: dispatcher.close(self._server))
        self._in_its_thread(flushed.set)
        flushed.wait(_FLUSH)
        still = threading.Event()
        for _ in range(round(_FLUSH / _POLL)):
            if not any(channel.total_outbufs_len for channel in list(self._server.active_channels.values())):
                break
            still.wait(_POLL)
        self._in_its_thread(self._close)
        self._thread.join(_FLUSH)
        self._server.task_dispatcher.shutdown(timeout=_FLUSH)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return self._answer(Request(environ))(environ, start_response)

    def _close(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.trigger.close()

    def _in_its_thread(self, what: Callable[[], object]) -> None:
        self._server.trigger.pull_trigger(what)
