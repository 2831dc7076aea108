"""Ports for programs that must know their port before they start, as where the command line has their address."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from oauth_window_harness.network.loopback import LOOPBACK


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yield a port that no other program gets while the block runs, and on which a server can still listen.

    A socket is bound to it and never listens, so connections are refused until the server has started. Linux assigns a
    bound port to no socket that asks for any free port, but binds a second socket that names it if both have
    SO_REUSEADDR, as those of Python's and Node's servers have, and neither listens yet (socket(7)). Other systems
    refuse the second socket; there the port is released at once, and another program might take it.
    """
    with socket.socket() as reservation:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind((LOOPBACK, 0))
        port: int = reservation.getsockname()[1]
        if sys.platform != "linux":
            reservation.close()
        yield port
