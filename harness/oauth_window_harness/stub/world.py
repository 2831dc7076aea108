"""The world that scenarios are played in: stub and gateway on loopback, for as long as a run lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug import Request, Response

from oauth_window_harness.contract.rules import PRODUCTION_HOSTS
from oauth_window_harness.errors import ServerEndedError
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.events import RequestRefused
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import HostUnreachable, RequestUnattributed
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.thinning import Thinning
from oauth_window_harness.network.certificates import Authority
from oauth_window_harness.network.gateway import Client, Gateway, Routes
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.scenario import intrusion
from oauth_window_harness.scenario.model import Expect, Scenario
from oauth_window_harness.stub.app import Stub
from oauth_window_harness.stub.session import Session, StubRules

if TYPE_CHECKING:
    from oauth_window_harness.network.fast_server import PlainServer


#: The scenario by which the stub answers while nothing is played: everything succeeds, as in the contract.
_IDLE = Scenario(name="idle", title="Nothing is played.", expect=Expect(outcome="connected", follow_up=True))


class World:
    """Stub and gateway, which start and stop together.

    Nothing is played until `begin` is called. Earlier requests are answered, but stand in no journal.

    Args:
        scenarios: the scenarios that may be played; the gateway carries the hosts of their intruders.
        rules: the rules by which the stub answers.
        passed: hosts or ``host:port`` pairs that the gateway lets through, the app's own among them.
        clock: makes a clock for each play.
        port: the port of the stub's plain address; 0 for any.
        gateway_port: the port of a gateway that the page and its server share, 0 for any; None for a gateway each, by
            which the journal tells the two apart.
        plain: makes the server of the stub's plain port.

    Attributes:
        rules: the rules by which the stub answers.
        hosts: the hosts that the gateway carries to the stub.
        redactor: the redactor of all plays, which knows the accepted token, and every token that a request has sent.
        stub: the stub, which answers the requests.
        answer: the application that the world's servers serve: the stub, or one that stands before it. It is read when
            the world is entered.

    Example:
        with World() as world, MockBrowser(world) as browser:
            world.authority.write(Path("ca.pem"))
            start_backend(world.environment(Path("ca.pem")))
            event = browser.connect()
    """

    def __init__(
        self,
        scenarios: Iterable[Scenario] = (),
        rules: StubRules | None = None,
        *,
        passed: Iterable[str] = (),
        clock: Callable[[], Clock] = Clock,
        port: int = 0,
        gateway_port: int | None = None,
        plain: Callable[..., LoopbackServer | PlainServer] = LoopbackServer,
    ) -> None:
        self.rules = rules or StubRules()
        self.redactor = self.rules.redactor()
        intruders = {host for scenario in scenarios for host in intrusion.intruder_hosts(scenario)}
        self.hosts = (*PRODUCTION_HOSTS, *sorted(intruders - set(PRODUCTION_HOSTS)))
        self.authority = Authority(self.hosts)
        self._passed = frozenset(passed)
        self._clock = clock
        self._offload_server: LoopbackServer | None = None
        self._ports = (port, gateway_port)
        self._plain_server = plain
        self._play_count = 0
        self._running: list[Callable[[], bool]] = []
        self._page_ports: dict[int, int] = {}
        self._server_ports: dict[int | None, int] = {}
        self.stub = Stub(self.session(_IDLE, Journal(keep=0)), self._client_of, self._asking_slots)
        self.answer: Callable[[Request], Response] = self.stub

    def __enter__(self) -> Self:
        port, gateway_port = self._ports
        self.gateway = Gateway(Routes({}), self._on_refused, self._on_unreachable)
        self._plain = self._plain_server(self.answer, port=port)
        self._tls = LoopbackServer(self.answer, context=self.authority.server_context())
        try:
            self._plain.start()
            self._tls.start()
            servers = [one for one in (self._plain, self._tls) if isinstance(one, LoopbackServer)]
            self._running = [self.gateway.thread.is_alive, *(one.is_serving for one in servers)]
            ports = (self._tls.port, self._plain.port)
            self.gateway.routes = Routes(dict.fromkeys(self.hosts, ports), self._passed)
            if gateway_port is None:
                self._page_ports[0] = self.gateway.listen(Client("page", 0))
                self._server_ports[None] = self.gateway.listen(Client("server"))
            else:
                self._page_ports[0] = self._server_ports[None] = self.gateway.listen(Client(None), gateway_port)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def check(self) -> None:
        """Check that stub and gateway still answer: what came of a play without them is no fault of the page's.

        Raises:
            ServerEndedError: one of them has ended by itself.
        """
        if not all(is_running() for is_running in self._running):
            raise ServerEndedError("the stub or the gateway has ended")

    @property
    def stub_url(self) -> str:
        """The stub's plain address, without a slash at its end."""
        return f"http://{LOOPBACK}:{self._plain.port}"

    @property
    def gateway_url(self) -> str:
        """The proxy that the page's browser uses, where one play is played at a time."""
        return self.page_gateway_url(0)

    def page_gateway_url(self, slot: int) -> str:
        """Return the proxy that the browser uses for the page of one of the plays at once."""
        if slot not in self._page_ports:
            self._page_ports[slot] = self.gateway.listen(Client("page", slot))
        return f"http://{LOOPBACK}:{self._page_ports[slot]}"

    @property
    def server_gateway_url(self) -> str:
        """The proxy that the app's backend uses; by it the journal tells the backend from the page."""
        return self.slot_gateway_url(None)

    def slot_gateway_url(self, slot: int | None) -> str:
        """Return the proxy of a backend that serves one of the plays at once alone; None is one that serves all."""
        if slot not in self._server_ports:
            self._server_ports[slot] = self.gateway.listen(Client("server", slot))
        return f"http://{LOOPBACK}:{self._server_ports[slot]}"

    @property
    def offloaded_routes(self) -> Routes:
        """Where each host leads for a client without TLS; the stub answers as if another program had ended the TLS."""
        if self._offload_server is None:
            self._offload_server = LoopbackServer(self.answer, keep_alive=True, scheme="https")
            self._offload_server.start()
        ports = (self._offload_server.port, self._plain.port)
        # No certificate is needed here, so an intruder may have a host that was not announced to the world.
        names = {*self.hosts}.union(*(intrusion.intruder_hosts(one.scenario) for one in self.stub.plays.all))
        return Routes(dict.fromkeys(names, ports), self._passed)

    def begin(self, scenario: Scenario, *, own_accounts: bool = False, slot: int = 0, form: str | None = None) -> Play:
        """Begin a play of a scenario, with a journal of its own, and end the play before it in its slot.

        Args:
            scenario: the scenario to play.
            own_accounts: whether its events name accounts that no earlier play named, so that a late request of an
                earlier play can be told from one of this play; False where a test relies on the fixtures' accounts.
            slot: which of the plays at once it is.
            form: the event fixture whose form the page heeds; see `Play`.
        """
        session = self.session(scenario, number=self._play_count if own_accounts else 0, slot=slot, form=form)
        self._play_count += 1
        self.stub.plays.begin(session)
        return session.play

    def end(self, slot: int) -> None:
        """End the play of a slot: what still comes of it belongs to no other play."""
        self.stub.plays.end(slot)

    def let_pass(self, *hosts: str) -> None:
        """Add hosts or ``host:port`` pairs that the gateway lets through."""
        self._passed |= set(hosts)
        self.gateway.routes = Routes(self.gateway.routes.stub, self._passed)

    def environment(self, certificate: Path) -> dict[str, str]:
        """Return the environment variables by which the production address in a backend's code reaches the stub.

        Args:
            certificate: the file of the authority's certificate; see `Authority.write`.
        """
        pem = str(certificate)
        proxies = {"HTTPS_PROXY": self.server_gateway_url, "NO_PROXY": "localhost,127.0.0.1,::1"}
        return {
            **proxies,
            # Many clients read the lower-case names first, and the caller's shell may have set them.
            **{name.lower(): value for name, value in proxies.items()},
            "SSL_CERT_FILE": pem,
            "REQUESTS_CA_BUNDLE": pem,
            "NODE_EXTRA_CA_CERTS": pem,
            "NODE_USE_ENV_PROXY": "1",
            "LEADCONNECTOR_BASE_URL": self.stub_url,
        }

    def session(self, scenario: Scenario, journal: Journal | None = None, **of_play: Any) -> Session:
        """Return the stub's side of a new play, which does not begin yet; by default it has a journal of its own.

        Args:
            scenario: the scenario to play.
            journal: the journal of the play.
            of_play: further attributes of `Play`.
        """
        if journal is None:
            journal = Journal(clock=self._clock(), thinning=Thinning(), redactor=self.redactor)
        return Session(Play(scenario, self.rules.fixtures, journal, self.redactor, **of_play), self.rules)

    def _client_of(self, address: tuple[str, int]) -> Client | None:
        return self.gateway.client_of(address)

    def _asking_slots(self) -> frozenset[int | None]:
        return self.gateway.asking_slots()

    def _on_refused(self, host: str, client: Client) -> None:
        self._add(RequestRefused, host, client)

    def _on_unreachable(self, host: str, client: Client) -> None:
        self._add(HostUnreachable, host, client)

    def _add(self, kind: type[RequestRefused | HostUnreachable], host: str, client: Client) -> None:
        """Write down what happened at the gateway, in the journal of each play that may have caused it."""
        assert client.sent_by is not None
        sessions = self.stub.plays.of_slot(client.slot)
        for session in sessions:
            play = session.play
            play.journal.add(kind(at=play.clock.now(), host=play.redactor.text(host), sent_by=client.sent_by))
            if len(sessions) > 1:
                play.journal.add(RequestUnattributed(at=play.clock.now()))

    def _end(self) -> None:
        self.stub.plays.end()
        for server in (self._plain, self._tls, self._offload_server):
            if server is not None and server.is_running():
                server.stop()
        self.gateway.close()
