"""waitress as `fast_server` needs it: the listening socket, its connections, and how requests are read and answered.

waitress documents `serve` and little else. All that is used of its inside is here, and its version is bounded for that.
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

#: A body is kept up to this length, in bytes; what is longer is counted, and refused by whoever reads it.
_KEPT = 2 * 1024 * 1024
#: How many requests are answered at once; an answer that is delayed takes one for as long.
_THREADS = 256
_CONNECTIONS = 1_000


class _Body(OverflowableBuffer):
    """Keeps the beginning of a body, and knows how long all of it is."""

    length = 0

    def append(self, data: bytes) -> None:
        """Take some more of the body."""
        if self.length < _KEPT:
            super().append(data)
        self.length += len(data)

    def __len__(self) -> int:
        return self.length


class _Parser(HTTPRequestParser):
    """Reads a request, its body into a buffer of bounded length."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Body(_KEPT)


class _Task(WSGITask):
    """Answers one request."""

    def service(self) -> None:
        """Answer, head and body in one piece."""
        channel = cast("_Connection", self.channel)
        channel.hold()
        try:
            super().service()
        finally:
            channel.release()

    def get_environment(self) -> WSGIEnvironment:
        """Return the environment, with what ends the connection as a fault of the network does."""
        first = self.environ is None
        environ = super().get_environment()
        if first:
            environ[CUT] = self._cut
            if "HTTP_SEC_FETCH_MODE" in environ:
                # A browser repeats by itself a request for which a connection that was kept is reset.
                self.set_close_on_finish()
        return environ

    def _cut(self, sent: bytes, *, reset: bool) -> None:
        channel: Any = self.channel
        if sent:
            channel.socket.send(sent)
        if reset:
            # Closing with a linger time of zero resets (RFC 9293 §3.10.7.4).
            channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The thread of the sockets closes it.
        channel.will_close = True
        raise ClientDisconnected


class _ErrorTask(ErrorTask):
    """Answers what was no request with a problem document (RFC 9457)."""

    def execute(self) -> None:
        """Send the document."""
        error = cast("Any", self.request).error
        status = HTTPStatus(error.code)
        told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": error.body}
        body = json.dumps(told).encode()
        self.status = f"{status.value} {status.phrase}"
        self.response_headers = [("Content-Type", "application/problem+json")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Connection(HTTPChannel):
    """One connection."""

    _held: list[bytes] | None = None
    task_class = _Task
    error_task_class = _ErrorTask
    parser_class = _Parser

    def handle_read(self) -> None:
        """Read what has come, and answer it if it is a request."""
        super().handle_read()
        cast("Any", self.server).task_dispatcher.answer()

    def write_soon(self, data: Any) -> int:
        """Send a piece of an answer, or hold it back while others are to follow."""
        if self._held is None:
            return super().write_soon(data)
        self._held.append(data)
        return len(data)

    def hold(self) -> None:
        """Hold back what is written from now on."""
        self._held = []

    def release(self) -> None:
        """Send what was held back, in one piece: to send a head by itself costs as much as all the rest of it."""
        held, self._held = self._held, None
        if held:
            super().write_soon(b"".join(held))


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
        """Return whether the caller is the thread of the sockets."""
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


class WaitressServer(TcpWSGIServer):
    """The listening socket, and what all connections share.

    Args:
        application: answers.
        waits: tells of a path whether its answer may take its time.
        port: 0 for any.

    Raises:
        OSError: it cannot listen there.
    """

    task_dispatcher: _Dispatcher
    channel_class = _Connection
    # What its stubs have otherwise, or not at all.
    effective_port: int
    trigger: Any
    active_channels: Any

    def __init__(self, application: WSGIApplication, waits: Callable[[str], bool], port: int) -> None:
        # waitress tells of queues and of clients that have gone; the journal is the log.
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
        """Where it listens."""
        return self.effective_port

    def pull_trigger(self) -> None:
        """Wake the thread of the sockets, unless it is the one that calls."""
        if not self.task_dispatcher.is_at_home():
            super().pull_trigger()

    def in_its_thread(self, what: Callable[[], object]) -> None:
        """Let the thread of the sockets do something."""
        self.trigger.pull_trigger(what)

    def close_listening(self) -> None:
        """Take no more connections; called by the thread of the sockets."""
        dispatcher.close(self)

    def is_writing(self) -> bool:
        """Return whether an answer that is ready has not left yet."""
        return any(channel.total_outbufs_len for channel in list(self.active_channels.values()))

    def close_all(self) -> None:
        """End all connections, and with them `run`; called by the thread of the sockets."""
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.trigger.close()

    def end_tasks(self, timeout: int) -> None:
        """End the threads that answer."""
        self.task_dispatcher.shutdown(timeout=timeout)
