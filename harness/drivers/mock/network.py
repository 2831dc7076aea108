"""Carries the requests of the mock's windows: the home of httpx among the drivers.

The production names lead to the stub's plain port, the app's own address to where it is, and all else nowhere: as with
the gateway, nothing leaves the machine. Connections are kept, for all windows of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from harness.gateway import Routes

#: Gives the routes as they are now: what is let through may change while a driver runs.
Lookup = Callable[[], Routes]

_PORTS = {"http": 80, "https": 443}


class RefusedError(httpx.TransportError):
    """A host that is none of the harness' and that nobody let through."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is refused")
        self.host = host


class ByName(httpx.BaseTransport):
    """Reaches every name where the routes say; the request keeps the name that it was made for.

    Args:
        lookup: gives the routes; those of the stub lead to a port without TLS.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        # No certificates are needed for what never speaks TLS, and reading them takes longer than a whole scenario.
        self._plain = httpx.HTTPTransport(verify=False, limits=httpx.Limits(keepalive_expiry=None))
        self._tls: httpx.HTTPTransport | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request.

        Raises:
            RefusedError: its host leads nowhere.
        """
        url = request.url
        port = url.port or _PORTS[url.scheme]
        routes = self._lookup()
        goal = routes.find(url.host, port, tls=url.scheme == "https")
        if goal is None:
            raise RefusedError(f"{url.host}:{port}")
        plain = url.host in routes.stub or url.scheme == "http"
        carried = httpx.Request(
            request.method,
            url.copy_with(scheme="http" if plain else "https", host=goal[0], port=goal[1]),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return (self._plain if plain else self._over_tls()).handle_request(carried)

    def close(self) -> None:
        """Close all connections."""
        self._plain.close()
        if self._tls is not None:
            self._tls.close()

    def _over_tls(self) -> httpx.HTTPTransport:
        if self._tls is None:
            # An app on TLS has a development certificate of its own.
            self._tls = httpx.HTTPTransport(verify=False)
        return self._tls


class Shared(httpx.BaseTransport):
    """A transport that several clients use, so that none of them closes it."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request."""
        return self._transport.handle_request(request)


@dataclass(frozen=True)
class Answer:
    """What came back: a response, or why there is none.

    Attributes:
        url: the address that was asked.
        status: None where there is no response, or it ended in its middle.
        error: why.
        refused: the ``host:port`` that nothing let through.
    """

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    error: str = ""
    refused: str | None = None

    @property
    def redirect(self) -> str | None:
        """Where it sends on, or None; the fragment stays where the new address has none (RFC 9110 §10.2.2)."""
        location = self.headers.get("location")
        if self.status not in (301, 302, 303, 307, 308) or location is None:
            return None
        goal = httpx.URL(self.url).join(location)
        fragment = httpx.URL(self.url).fragment
        return str(goal.copy_with(fragment=fragment) if fragment and not goal.fragment else goal)


class Profile:
    """A browser profile: one cookie jar (RFC 6265), and nothing else that outlives a page.

    Args:
        transport: carries the requests.
        patience: how long an answer may take, in seconds.
    """

    def __init__(self, transport: httpx.BaseTransport, patience: float) -> None:
        # A client of its own for each profile, as cheap as its cookie jar; the connections are everybody's.
        self._http = httpx.Client(transport=Shared(transport), trust_env=False, timeout=patience, headers=_HEADERS)

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        form: tuple[tuple[str, str], ...] | None = None,
        json: object = None,
    ) -> Answer:
        """Make one request, and follow no redirect: whoever asks must see each hop."""
        data = dict(form) if form is not None else None
        try:
            # What has no body must not be asked for with one: httpx sends `null` as JSON where it is given.
            body = {"data": data} if json is None else {"json": json}
            response = self._http.request(method, url, headers=headers, **body)
        except RefusedError as error:
            return Answer(url, error=str(error), refused=error.host)
        except httpx.HTTPError as error:
            return Answer(url, error=str(error) or type(error).__name__)
        return Answer(url, response.status_code, response.headers, response.text)

    def close(self) -> None:
        """Forget the cookies."""
        self._http.close()


_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; oauth-window mock browser)",
    "Accept-Language": "en-US,en;q=0.9",
}
