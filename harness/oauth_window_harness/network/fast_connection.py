"""One connection of `plain_server`: how its requests are read, and how they are answered."""

from __future__ import annotations

import json
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from waitress.buffers import OverflowableBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask

from oauth_window_harness.network.loopback import CUT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: A body is kept up to this length, in bytes; what is longer is counted, and refused by whoever reads it.
_KEPT = 2 * 1024 * 1024


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
        channel = cast("Connection", self.channel)
        channel.hold()
        try:
            super().service()
        finally:
            channel.release()

    def get_environment(self) -> WSGIEnvironment:
        """Give the environment, with what ends the connection as a fault of the network does."""
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


class Connection(HTTPChannel):
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
