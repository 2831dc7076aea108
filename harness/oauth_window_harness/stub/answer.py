"""The answer of one endpoint of the stub: the response, and what the journal records about the request."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from werkzeug import Request, Response

from oauth_window_harness.contract import rules
from oauth_window_harness.scenario.model import NetworkFault
from oauth_window_harness.stub.replay import replay
from oauth_window_harness.stub.session import Session
from oauth_window_harness.templates import render


@dataclass(frozen=True)
class Addresses:
    """The addresses of LeadConnector and Facebook as the client names them: production, or the stub's plain URL."""

    leadconnector: str
    facebook: str

    @classmethod
    def of(cls, request: Request) -> Addresses:
        """Return the addresses in the form that the request itself uses."""
        name, _, port = request.host.partition(":")
        root = request.root_path  # a test may put a prefix before the service's own paths
        if name in rules.PRODUCTION_HOSTS:
            return cls.production(root)
        plain = "127.0.0.1" if name == rules.LOCAL_FACEBOOK else name
        return cls(f"http://{plain}:{port}{root}", f"http://{rules.LOCAL_FACEBOOK}:{port}{root}")

    @classmethod
    def production(cls, root: str = "") -> Addresses:
        """Return the addresses of the live service, with a prefix of all their paths."""
        return cls(f"https://{rules.LEADCONNECTOR}{root}", f"https://{rules.FACEBOOK}{root}")


@dataclass(frozen=True)
class Answer:
    """A response, and what the journal records about it; see `journal.events.RequestSeen`."""

    endpoint: str
    response: Response
    name: str = ""
    problems: tuple[str, ...] = ()
    account: str | None = None
    location: str | None = None
    fault: NetworkFault | None = None
    listed: int | None = None
    nearest: str = ""


def recorded_response(session: Session, name: str, request: Request, **values: str) -> Response:
    """Return the response of a contract fixture, its placeholders filled in from the request."""
    exchange = session.fixtures.exchange(name)
    return replay(
        exchange.response,
        {
            "path": request.path,
            "method": request.method,
            "version": request.headers.get("Version", ""),
            **values,
        },
    )


def page(template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """Return one of the stub's HTML pages."""
    html = render("oauth_window_harness.stub", template, **values)
    return Response(html, status, content_type="text/html; charset=utf-8")
