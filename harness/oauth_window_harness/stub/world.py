"""The world that a scenario is played in: stub and gateway on loopback, for as long as the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug import Request, Response

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import FixtureSet, contracts
from oauth_window_harness.contract.rules import Accepted
from oauth_window_harness.journal.clock import Clock
from oauth_window_harness.journal.events import RequestRefused, SentBy
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.certificates import Authority
from oauth_window_harness.network.gateway import Gateway, Routes
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario import intrusion
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.app import Stub

if TYPE_CHECKING:
    from oauth_window_harness.network.fast_server import PlainServer


class World:
    """Stub and gateway, started together and ended together.

    Args:
        scenarios: what will be played, the first of it at once; `begin` changes it.
        accepted: what the stub accepts.
        passed: ``host:port`` pairs or hosts that the gateway lets through, the app's own among them.
        strict: whether start demands its documented headers of browser navigations as well.
        bound: whether an account GET must name the location of the connection; off where tests share one world.
        latency: how long the account GET takes at least, in seconds.
        fixtures: what the stub replays; the bundled ones, where nothing is named.
        clock: makes the clock of each play.
        port: of the stub's plain address; 0 for any.
        gateway_port: of a gateway that the page and its server share, 0 for any; None gives each a gateway of its own,
            by which the journal tells them apart.
        plain: makes the server of the plain port.

    Attributes:
        stub: answers what is asked.
        answer: what answers on its ports, until it is entered: the stub, or something that stands before it.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        *,
        accepted: Accepted = rules.ANYTHING,
        passed: Iterable[str] = (),
        strict: bool = False,
        bound: bool = True,
        latency: float = 0,
        fixtures: FixtureSet | None = None,
        clock: Callable[[], Clock] = Clock,
        port: int = 0,
        gateway_port: int | None = None,
        plain: Callable[..., LoopbackServer | PlainServer] = LoopbackServer,
    ) -> None:
        self.fixtures = fixtures or contracts()
        intruders = {host for scenario in scenarios for host in intrusion.hosts(scenario)}
        self._hosts = (*rules.PRODUCTION_HOSTS, *sorted(intruders - set(rules.PRODUCTION_HOSTS)))
        self.authority = Authority(self._hosts)
        self._accepted = accepted
        self._passed = frozenset(passed)
        self._strict = strict
        self._bound = bound
        self._latency = latency
        self._clock = clock
        self._offloaded: LoopbackServer | None = None
        self._ports = (port, gateway_port)
        self._plain_server = plain
        self.play = self.new_play(scenarios[0])
        self.stub = Stub(self.play, self._sender_of)
        self.answer: Callable[[Request], Response] = self.stub

    def __enter__(self) -> Self:
        port, gateway_port = self._ports
        self.gateway = Gateway(Routes({}), self._on_refused)
        self._plain = self._plain_server(self.answer, port=port)
        self._tls = LoopbackServer(self.answer, context=self.authority.server_context())
        try:
            self._plain.start()
            self._tls.start()
            ports = (self._tls.port, self._plain.port)
            self.gateway.routes = Routes(dict.fromkeys(self._hosts, ports), self._passed)
            if gateway_port is None:
                self._page_port = self.gateway.listen("page")
                self._server_port = self.gateway.listen("server")
            else:
                self._page_port = self._server_port = self.gateway.listen(None, gateway_port)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def stub_url(self) -> str:
        """The stub's plain address, without a slash at its end."""
        return f"http://{LOOPBACK}:{self._plain.port}"

    @property
    def gateway_url(self) -> str:
        """The proxy that the page's browser uses."""
        return f"http://{LOOPBACK}:{self._page_port}"

    @property
    def server_gateway_url(self) -> str:
        """The proxy that the app's backend uses, so that the journal can tell the two apart."""
        return f"http://{LOOPBACK}:{self._server_port}"

    @property
    def offloaded_routes(self) -> Routes:
        """Where each name leads for who leaves the TLS out: the stub answers as if another program had ended it."""
        if self._offloaded is None:
            self._offloaded = LoopbackServer(self.answer, keeps=True, scheme="https")
            self._offloaded.start()
        ports = (self._offloaded.port, self._plain.port)
        # Where no certificate is needed, an intruder may have a name that nobody announced.
        names = {*self._hosts, *intrusion.hosts(self.play.scenario)}
        return Routes(dict.fromkeys(names, ports), self._passed)

    def begin(self, scenario: Scenario) -> Play:
        """Begin to play a scenario, with a journal of its own."""
        self.play.ended.set()
        self.play = self.stub.play = self.new_play(scenario)
        return self.play

    def let_pass(self, *hosts: str) -> None:
        """Let ``host:port`` pairs through the gateway as well."""
        self._passed |= set(hosts)
        self.gateway.routes = Routes(self.gateway.routes.stub, self._passed)

    def environment(self, certificate: Path) -> dict[str, str]:
        """Give what a backend's environment needs, so that the production address in its code reaches the stub.

        Args:
            certificate: a file that holds the authority's certificate; see `Authority.write`.
        """
        pem = str(certificate)
        proxies = {"HTTPS_PROXY": self.server_gateway_url, "NO_PROXY": "localhost,127.0.0.1,::1"}
        return {
            **proxies,
            # Many clients read the lower-case names first, and the caller's shell may have them.
            **{name.lower(): value for name, value in proxies.items()},
            "SSL_CERT_FILE": pem,
            "REQUESTS_CA_BUNDLE": pem,
            "NODE_EXTRA_CA_CERTS": pem,
            "NODE_USE_ENV_PROXY": "1",
            "LEADCONNECTOR_BASE_URL": self.stub_url,
        }

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that the gateway carries to the stub."""
        return self._hosts

    def new_play(self, scenario: Scenario, journal: Journal | None = None) -> Play:
        """Give a play of a scenario, with a journal of its own unless one is given; it is not under way yet."""
        secrets = [self._accepted.token] if self._accepted.token else []
        return Play(
            scenario,
            self.fixtures,
            Journal(clock=self._clock()) if journal is None else journal,
            Redactor(secrets),
            accepted=self._accepted,
            strict=self._strict,
            bound=self._bound,
            latency=self._latency,
        )

    def _sender_of(self, address: tuple[str, int]) -> SentBy | None:
        return self.gateway.sender_of(address)

    def _on_refused(self, host: str, sender: SentBy) -> None:
        play = self.play
        play.journal.add(RequestRefused(at=play.clock.now(), host=play.redactor.text(host), sent_by=sender))

    def _end(self) -> None:
        self.play.ended.set()
        for server in (self._plain, self._tls, self._offloaded):
            if server is not None and server.is_running():
                server.stop()
        self.gateway.close()
