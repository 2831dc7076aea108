"""waitress as `fast_server` needs it: the listening socket, its connections, and how requests are read and answered.

waitress documents `serve` and little else. Only this module uses its internals, for which its version is bounded.
"""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from waitress.buffers import OverflowableBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.wasyncore import dispatcher

from oauth_window_harness.network.loopback import CUT, LOOPBACK

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

#: A body is stored up to this length, in bytes; the rest is only counted, and the reader refuses the request.
_LONGEST = 2 * 1024 * 1024
#: How many requests are answered at the same time; a delayed answer occupies one thread as long.
_THREADS = 256
_CONNECTIONS = 1_000


class _Body(OverflowableBuffer):
    """Stores the beginning of a body, and counts its whole length in bytes."""

    length = 0

    def append(self, data: bytes) -> None:
        """Add the next part of the body."""
        if self.length < _LONGEST:
            super().append(data)
        self.length += len(data)

    def __len__(self) -> int:
        return self.length


class _Parser(HTTPRequestParser):
    """Parses a request, with its body in a buffer of bounded length."""

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Body(_LONGEST)


class _Task(WSGITask):
    """Answers one request."""

    def service(self) -> None:
        """Answer the request, head and body in one write."""
        channel = cast("_Connection", self.channel)
        channel.hold()
        try:
            super().service()
        finally:
            channel.release()

    def get_environment(self) -> WSGIEnvironment:
        """Return the environment, with the function that ends the connection as a network fault does."""
        first = self.environ is None
        environ = super().get_environment()
        if first:
            environ[CUT] = self._cut
            if "HTTP_SEC_FETCH_MODE" in environ:
                # A browser repeats a request by itself if a connection that was kept open is reset.
                self.set_close_on_finish()
        return environ

    def _cut(self, sent: bytes, *, reset: bool) -> None:
        channel: Any = self.channel
        if sent:
            channel.socket.send(sent)
        if reset:
            # Closing with a linger time of zero resets (RFC 9293 §3.10.7.4).
            channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The socket thread closes the connection.
        channel.will_close = True
        raise ClientDisconnected


class _ErrorTask(ErrorTask):
    """Answers an invalid request with a problem document (RFC 9457)."""

    def execute(self) -> None:
        """Send the document."""
        error = cast("Any", self.request).error
        status = HTTPStatus(error.code)
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": error.body}
        body = json.dumps(problem).encode()
        self.status = f"{status.value} {status.phrase}"
        self.response_headers = [("Content-Type", "application/problem+json")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Connection(HTTPChannel):
    """One connection."""

    _buffer: list[bytes] | None = None
    task_class = _Task
    error_task_class = _ErrorTask
    parser_class = _Parser

    def handle_read(self) -> None:
        """Read the data that has arrived, and answer the requests in it."""
        super().handle_read()
        cast("Any", self.server).task_dispatcher.answer()

    def write_soon(self, data: Any) -> int:
        """Send a part of an answer, or buffer it while `hold` is in force."""
        if self._buffer is None:
            return super().write_soon(data)
        self._buffer.append(data)
        return len(data)

    def hold(self) -> None:
        """Buffer what is written from now on."""
        self._buffer = []

    def release(self) -> None:
        """Send what was buffered in one write: a write for the head alone costs as much as the rest of a request."""
        parts, self._buffer = self._buffer, None
        if parts:
            super().write_soon(b"".join(parts))


class _Dispatcher(ThreadedTaskDispatcher):
    """Makes the socket thread itself answer what takes no time, and the other threads the rest.

    To hand a request to another thread and back costs as much as to answer it.
    """

    def __init__(self, waits: Callable[[str], bool]) -> None:
        super().__init__()
        self.set_thread_count(_THREADS)
        self._socket_thread = 0
        self._waits = waits
        self._immediate_tasks: deque[Any] = deque()

    def is_socket_thread(self) -> bool:
        """Return whether the caller runs in the socket thread."""
        return threading.get_ident() == self._socket_thread

    def add_task(self, task: Any) -> None:
        """Accept a connection that has a request to answer."""
        request = task.requests[0]
        if not self.is_socket_thread() or request.error or self._waits(request.path):
            super().add_task(task)
        else:
            self._immediate_tasks.append(task)

    def answer(self) -> None:
        """Answer the accepted requests; called in the socket thread."""
        self._socket_thread = threading.get_ident()
        while self._immediate_tasks:
            self._immediate_tasks.popleft().service()


class WaitressServer(TcpWSGIServer):
    """The listening socket, and what all connections share.

    Args:
        application: answers the requests.
        waits: returns whether the answer to a path may be delayed.
        port: the port to listen on; 0 is any free one.

    Raises:
        OSError: it cannot listen on the port.
    """

    task_dispatcher: _Dispatcher
    channel_class = _Connection
    # Its type stubs declare these otherwise, or not at all.
    effective_port: int
    trigger: Any
    active_channels: Any

    def __init__(self, application: WSGIApplication, waits: Callable[[str], bool], port: int) -> None:
        # waitress logs long queues and lost clients; here the journal is the log.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        tasks = _Dispatcher(waits)
        try:
            super().__init__(
                application,
                dispatcher=tasks,
                listen=f"{LOOPBACK}:{port}",
                connection_limit=_CONNECTIONS,
                asyncore_use_poll=True,
                ident="",
                max_request_body_size=2**40,
                log_socket_errors=False,
            )
        except OSError:
            tasks.shutdown(timeout=0)
            raise

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self.effective_port

    def pull_trigger(self) -> None:
        """Wake the socket thread, unless the caller runs in it."""
        if not self.task_dispatcher.is_socket_thread():
            super().pull_trigger()

    def call_in_thread(self, what: Callable[[], object]) -> None:
        """Call a function in the socket thread, without waiting for it."""
        self.trigger.pull_trigger(what)

    def close_listening(self) -> None:
        """Accept no more connections; called in the socket thread."""
        dispatcher.close(self)

    def is_writing(self) -> bool:
        """Return whether an answer that is ready has not been sent yet."""
        return any(channel.total_outbufs_len for channel in list(self.active_channels.values()))

    def close_all(self) -> None:
        """Close all connections, which ends `run`; called in the socket thread."""
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.trigger.close()

    def end_tasks(self, timeout: int) -> None:
        """End the threads that answer, waiting for them up to ``timeout`` seconds."""
        self.task_dispatcher.shutdown(timeout=timeout)
