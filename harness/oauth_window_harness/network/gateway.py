"""The gateway: a loopback proxy that routes the production names to the stub and refuses everything else.

A page keeps ``https://services.leadconnectorhq.com`` in its code, and no request leaves the machine. Playwright's
``context.route`` cannot do this (it does not see the request after a redirect); a proxy of the browser's context can:
CONNECT (RFC 9110 §9.3.6) is spliced to the stub, which ends the TLS itself, so that redirects, popups, openers and
COOP are as in production, in every engine.

No proxy library fits: the maintained ones run as separate programs, or fork. h11 parses the requests.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

import h11

from oauth_window_harness.contract.rules import PORTS
from oauth_window_harness.errors import PortTakenError, ServerEndedError
from oauth_window_harness.journal.events import SentBy
from oauth_window_harness.network.loopback import LOOPBACK
from oauth_window_harness.network.proxy_requests import (
    agent_of,
    destination,
    in_origin_form,
    refusal,
    refusal_of_no_proxy_request,
)
from oauth_window_harness.network.splice import CHUNK, is_web_socket, splice

#: How long a client may take to send the head of its request, in seconds.
_HEAD_PATIENCE = 30.0

T = TypeVar("T")
Address = tuple[str, int]


@dataclass(frozen=True)
class Client:
    """Who uses a proxy.

    Attributes:
        sent_by: the page, or its server; None if both do.
        slot: in which of the plays at once; None if it serves all of them.
    """

    sent_by: SentBy | None
    slot: int | None = None


#: Called with ``host:port``, and with the client, of whom it is known at least whether it is the page.
RefusalListener = Callable[[str, Client], None]


@dataclass(frozen=True)
class Routes:
    """The address that each name is routed to.

    Attributes:
        stub: for each name that the stub plays, on the ports of the service alone, its TLS port and its plain port.
        allowed: ``host:port``, or a host alone for any port, that the gateway connects to as they are.
    """

    stub: Mapping[str, tuple[int, int]]
    allowed: frozenset[str] = frozenset()

    def find(self, host: str, port: int, *, tls: bool) -> Address | None:
        """Return the address to connect to, or None if the name is refused."""
        if host in self.stub and port in PORTS:
            return (LOOPBACK, self.stub[host][0 if tls else 1])
        if f"{host}:{port}" in self.allowed or host in self.allowed:
            return (host.strip("[]"), port)
        return None


class Gateway:
    """Proxies on loopback, in one `thread` with an event loop of its own; nothing is carried once it has ended.

    Args:
        routes: may be replaced while the gateway runs.
        on_refused: called with ``host:port`` and the client of every request that is refused.
        on_unreachable: likewise, of every request to a host where nothing answers.
    """

    def __init__(
        self, routes: Routes, on_refused: RefusalListener, on_unreachable: RefusalListener = lambda *_: None
    ) -> None:
        self.routes = routes
        self._on_refused, self._on_unreachable = on_refused, on_unreachable
        self._clients: dict[Address, Client] = {}
        self._asking: Counter[int | None] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self.thread = threading.Thread(target=self._serve, name="gateway", daemon=True)
        self.thread.start()

    def listen(self, client: Client, port: int = 0) -> int:
        """Start another proxy, and return its port.

        Args:
            client: who uses this proxy.
            port: the port to listen on; 0 is any free one.

        Raises:
            PortTakenError: another program listens on the port.
        """

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                await self._carry(reader, writer, client)
            except (OSError, TimeoutError, ValueError, h11.RemoteProtocolError):
                pass  # the client has gone, or does not speak HTTP
            except asyncio.CancelledError:
                writer.transport.abort()  # nobody reads any more what is still to be sent
            finally:
                self._tasks.discard(task)
                writer.close()

        async def begin() -> int:
            try:
                server = await asyncio.start_server(serve, LOOPBACK, port)
            except OSError as error:
                raise PortTakenError(
                    f"port {port} cannot be used",
                    where=f"{LOOPBACK}:{port}",
                    seen=error.strerror or str(error),
                    todo="end the program that listens there, or name another port (0 takes any that is free)",
                ) from None
            self._servers.append(server)
            address: Address = server.sockets[0].getsockname()
            return address[1]

        return self._run(begin())

    def client_of(self, address: Address) -> Client | None:
        """Return who sent the request that reached the stub from this address; None if it did not come through here."""
        return self._clients.get(address)

    def asking_slots(self) -> frozenset[int | None]:
        """Return the slots whose page waits for an answer of another host than the stub, such as the app's server.

        A TLS connection that is kept open counts as well, for nobody sees when its answer ends: where several slots
        have one, a request is of any of them. A plain connection ends with its answer; a WebSocket waits for none.
        """
        return frozenset(slot for slot, count in self._asking.copy().items() if count)

    def close(self) -> None:
        """Close all proxies and their connections, and end the thread."""
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._loop.stop)
        self.thread.join()

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
        finally:  # whatever ended it: nobody is to wait for a proxy that carries nothing
            self._loop.run_until_complete(self._end())
            self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except RuntimeError:
            work.close()
            raise ServerEndedError("the gateway has ended") from None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: Client) -> None:
        connection = h11.Connection(h11.SERVER)
        async with asyncio.timeout(_HEAD_PATIENCE):
            request = await _head(connection, reader)
        if request is None:
            return
        tls = request.method == b"CONNECT"
        host, port = destination(request.target.decode("ascii"), tls=tls)
        if not host:
            writer.write(refusal_of_no_proxy_request(request))
            await writer.drain()
            return
        address = self.routes.find(host, port, tls=tls)
        if address is None:
            self._on_refused(f"{host}:{port}", _known(client, request))
            await _refuse(writer, HTTPStatus.FORBIDDEN, f"refuses {host}:{port}; --allow {host} lets it through")
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*address)
        except OSError as error:
            self._on_unreachable(f"{host}:{port}", _known(client, request))
            await _refuse(writer, HTTPStatus.BAD_GATEWAY, f"cannot reach {host}:{port}: {error.strerror or error}")
            return
        near: Address = far_writer.get_extra_info("sockname")[:2]  # IPv6 adds two fields that the stub does not see
        self._clients[near] = client
        is_asking = client.sent_by == "page" and host not in self.routes.stub
        self._asking[client.slot] += is_asking

        def opens(beginning: bytes) -> None:
            nonlocal is_asking
            if is_asking and is_web_socket(beginning):
                is_asking = False
                self._asking[client.slot] -= 1

        try:
            if tls:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                far_writer.write(in_origin_form(request))
            far_writer.write(connection.trailing_data[0])
            await splice((reader, writer), (far_reader, far_writer), opens)
        finally:
            self._clients.pop(near, None)
            self._asking[client.slot] -= is_asking
            far_writer.transport.abort()


def _known(client: Client, request: h11.Request) -> Client:
    """Return the client; who uses a proxy that page and server share is recognized by the request's headers."""
    return client if client.sent_by is not None else replace(client, sent_by=agent_of(request))


async def _head(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:
            return None
        connection.receive_data(await reader.read(CHUNK))


async def _refuse(writer: asyncio.StreamWriter, status: HTTPStatus, text: str) -> None:
    writer.write(refusal(status, f"oauth-window's gateway {text}\n"))
    await writer.drain()
