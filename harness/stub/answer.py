"""What one endpoint of the stub gives: the response, and what the journal should say of the request."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Request, Response

from harness import contract
from harness.scenario import Fault
from harness.stub.play import Play
from harness.stub.replay import replay
from harness.templates import render


@dataclass(frozen=True)
class Addresses:
    """Where LeadConnector and Facebook are for whoever asks: production, or the stub's plain URL."""

    leadconnector: str
    facebook: str

    @classmethod
    def of(cls, request: Request) -> Addresses:
        """Give the addresses in the terms in which the request was made."""
        name, _, port = request.host.partition(":")
        root = request.root_path  # what stands before the service's own paths, where a test has a prefix of its own
        if name in contract.PRODUCTION_HOSTS:
            return cls(f"https://{contract.LEADCONNECTOR}{root}", f"https://{contract.FACEBOOK}{root}")
        plain = "127.0.0.1" if name == contract.LOCAL_FACEBOOK else name
        return cls(f"http://{plain}:{port}{root}", f"http://{contract.LOCAL_FACEBOOK}:{port}{root}")


@dataclass(frozen=True)
class Answer:
    """A response, and what the journal says of it; see `harness.events.RequestSeen`."""

    endpoint: str
    response: Response
    name: str = ""
    problems: tuple[str, ...] = ()
    account: str | None = None
    location: str | None = None
    fault: Fault | None = None
    listed: int | None = None


def recorded(play: Play, name: str, request: Request, **values: str) -> Response:
    """Give the response of a contract fixture, filled with what the request says of itself."""
    exchange = play.fixtures.exchange(name)
    return replay(
        exchange.response,
        {
            "path": request.path,
            "method": request.method,
            "version": request.headers.get("Version", ""),
            **values,
        },
    )


def page(template: str, status: int = 200, **values: object) -> Response:
    """Give one of the stub's HTML pages."""
    html = render("harness.stub", template, **values)
    return Response(html, status, content_type="text/html; charset=utf-8")
