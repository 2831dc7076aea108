"""Ports that a program under test must be told before it starts, as the command line names its address."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from oauth_window_harness.network.loopback import LOOPBACK


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yield a port that is given to nobody else while the block runs, and that a server can yet listen on.

    A socket is bound to it and never listens, so a connection to it is refused until the server is there. Linux gives
    a bound port to nobody who asks for any, and to somebody who names it where both sockets have SO_REUSEADDR, as those
    of Python's and Node's servers have, and neither listens yet (socket(7)). Other systems refuse the second socket:
    there the port is let go, and is as safe as a port can be that nobody holds.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((LOOPBACK, 0))
        port: int = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        yield port
