"""Carries the requests of the mock's windows: the home of httpx among the drivers.

The production names lead to the stub's plain port, the app's own address to where it is, and all else nowhere: as with
the gateway, nothing leaves the machine. Connections are kept, for all windows of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from json import dumps
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from oauth_window_harness.network.gateway import Routes

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
        self._addresses: dict[tuple[str, str, int], httpx.URL] = {}

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
        # In the place of a second request: what is carried is the same, to another address.
        request.extensions = {**request.extensions, "target": url.raw_path}
        request.url = self._address("http" if plain else "https", *goal)
        try:
            return (self._plain if plain else self._over_tls()).handle_request(request)
        finally:
            request.url = url

    def close(self) -> None:
        """Close all connections."""
        self._plain.close()
        if self._tls is not None:
            self._tls.close()

    def _address(self, scheme: str, host: str, port: int) -> httpx.URL:
        found = self._addresses.get((scheme, host, port))
        if found is None:
            found = self._addresses[scheme, host, port] = httpx.URL(scheme=scheme, host=host, port=port)
        return found

    def _over_tls(self) -> httpx.HTTPTransport:
        if self._tls is None:
            # An app on TLS has a development certificate of its own.
            self._tls = httpx.HTTPTransport(verify=False)
        return self._tls


class Shared(httpx.BaseTransport):
    """A transport that a client may close without closing it for others."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request."""
        return self._transport.handle_request(request)


@dataclass(frozen=True)
class HttpAnswer:
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
    content: bytes = b""
    error: str = ""
    refused: str | None = None

    @cached_property
    def text(self) -> str:
        """What it says, as UTF-8: of what the harness serves nothing is anything else."""
        return self.content.decode("utf-8", "replace")

    @cached_property
    def redirect(self) -> str | None:
        """Where it sends on, or None; the fragment stays where the new address has none (RFC 9110 §10.2.2)."""
        location = self.headers.get("location")
        if self.status not in (301, 302, 303, 307, 308) or location is None:
            return None
        goal, fragment = urljoin(self.url, location), urlsplit(self.url).fragment
        return f"{goal}#{fragment}" if fragment and "#" not in goal else goal


class Profile:
    """A browser profile: one cookie jar (RFC 6265), and nothing else that outlives a page.

    Args:
        transport: carries the requests.
        patience: how long an answer may take, in seconds.
    """

    def __init__(self, transport: httpx.BaseTransport, patience: float) -> None:
        # Not by an httpx.Client, which takes longer over a request than the stub over its answer.
        self._transport = transport
        self._cookies = httpx.Cookies()
        self._extensions = {"timeout": httpx.Timeout(patience).as_dict()}

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Sequence[tuple[str, str]] | None = None,
        json: object = None,
    ) -> HttpAnswer:
        """Make one request, and follow no redirect: whoever asks must see each hop.

        Args:
            method: of the request.
            url: what is asked for.
            headers: beside those that every request has.
            form: the entry list of a form that is sent.
            json: what is sent as JSON.
        """
        content, kind = _body(form, json)
        told = {**_HEADERS, **(headers or {}), **({"Content-Type": kind} if kind else {})}
        request = httpx.Request(method, url, headers=told, content=content, extensions=self._extensions)
        if self._cookies.jar:
            self._cookies.set_cookie_header(request)
        try:
            response = self._transport.handle_request(request)
            try:
                content = response.read()
            finally:
                response.close()
        except RefusedError as error:
            return HttpAnswer(url, error=str(error), refused=error.host)
        except httpx.HTTPError as error:
            return HttpAnswer(url, error=str(error) or type(error).__name__)
        response.request = request
        if "set-cookie" in response.headers:
            self._cookies.extract_cookies(response)
        return HttpAnswer(url, response.status_code, response.headers, content)


def _body(form: Sequence[tuple[str, str]] | None, json: object) -> tuple[bytes | None, str]:
    """Return what is sent, and its type; nothing where neither a form nor JSON is."""
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    if json is not None:
        return dumps(json, ensure_ascii=False).encode(), "application/json"
    return None, ""


_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; oauth-window mock browser)",
    "Accept-Language": "en-US,en;q=0.9",
}
