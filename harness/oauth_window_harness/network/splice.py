"""Carries bytes between two connections, both ways, until both have ended."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

CHUNK = 65536

#: The head of a request that opens a WebSocket (RFC 6455 §4.1). Browsers send it through a tunnel, also without TLS.
_WEB_SOCKET = re.compile(rb"GET [^\r\n]+\r\n(?:[^\r\n]+\r\n)*?upgrade: *websocket\r\n", re.IGNORECASE)


def is_web_socket(beginning: bytes) -> bool:
    """Return whether a connection that begins so is a WebSocket, which is open without waiting for an answer."""
    return _WEB_SOCKET.match(beginning) is not None


async def splice(near: Stream, far: Stream, opens: Callable[[bytes], None]) -> None:
    """Carry what comes of each stream to the other; ``opens`` is called with what comes first of the near one."""
    async with asyncio.TaskGroup() as both:
        both.create_task(_pump(near[0], far[1], opens))
        both.create_task(_pump(far[0], near[1]))


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opens: Callable[[bytes], None] | None = None
) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            if opens is not None:
                opens(data)
                opens = None
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()
