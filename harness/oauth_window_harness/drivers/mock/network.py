"""Sends the requests of the mock's windows: the only user of httpx among the drivers.

The production names are routed to the stub's plain port, the app's address to the app, and every other request is
refused: as with the gateway, nothing leaves the machine. All windows of a run share the open connections.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from json import dumps
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from werkzeug import Request, Response

from oauth_window_harness.drivers.mock.direct import DirectTransport
from oauth_window_harness.network.gateway import Routes

#: Returns the current routes: the allowed hosts may change while a driver runs.
RouteLookup = Callable[[], Routes]

_PORTS = {"http": 80, "https": 443}
#: The statuses of redirects (Fetch Standard §2.2.3).
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)


class HostRefusedError(httpx.TransportError):
    """The request's host has no route: it is neither a production name nor allowed."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is refused")
        self.host = host


class RoutedTransport(httpx.BaseTransport):
    """Connects to the address that the routes give for a name; the request keeps its original name.

    Args:
        lookup: returns the routes; those of the stub must lead to a port without TLS.
        answer: answers the requests to the stub, within this process; None sends them to the address of their route.
    """

    def __init__(self, lookup: RouteLookup, answer: Callable[[Request], Response] | None = None) -> None:
        self._lookup = lookup
        self._stub = DirectTransport(answer) if answer is not None else None
        # Plain HTTP needs no certificates, and loading them would take longer than a whole scenario.
        self._plain = httpx.HTTPTransport(verify=False, limits=httpx.Limits(keepalive_expiry=None))
        self._tls: httpx.HTTPTransport | None = None
        self._addresses: dict[tuple[str, str, int], httpx.URL] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its response.

        Raises:
            HostRefusedError: its host has no route.
        """
        url = request.url
        port = url.port or _PORTS[url.scheme]
        routes = self._lookup()
        goal = routes.find(url.host, port, tls=url.scheme == "https")
        if goal is None:
            raise HostRefusedError(f"{url.host}:{port}")
        if self._stub is not None and goal[1] in routes.stub.get(url.host, ()):
            return self._stub.handle_request(request)
        plain = url.host in routes.stub or url.scheme == "http"
        # Cheaper than a second request object: the same request, sent to another address.
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


class SharedTransport(httpx.BaseTransport):
    """A transport that a client may close without closing it for others."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its response."""
        return self._transport.handle_request(request)


@dataclass(frozen=True)
class TextBody:
    """A request's body that is not JSON."""

    text: str
    content_type: str


@dataclass(frozen=True)
class HttpAnswer:
    """The response to a request, or the reason why there is none.

    Attributes:
        url: the address of the request.
        status: None if there is no response, or an incomplete one.
        error: why there is no response.
        refused_host: the ``host:port`` that has no route, if that is why.
    """

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    error: str = ""
    refused_host: str | None = None

    @cached_property
    def text(self) -> str:
        """The content, decoded as UTF-8, which is the only encoding that the harness serves."""
        return self.content.decode("utf-8", "replace")

    @cached_property
    def redirect(self) -> str | None:
        """The address it redirects to, or None; it inherits the fragment if it has none (RFC 9110 §10.2.2)."""
        location = self.headers.get("location")
        if self.status not in _REDIRECTS or location is None:
            return None
        goal, fragment = urljoin(self.url, location), urlsplit(self.url).fragment
        return f"{goal}#{fragment}" if fragment and "#" not in goal else goal


class Profile:
    """A browser profile: one cookie jar (RFC 6265), the only state that outlives a page.

    Args:
        transport: sends the requests.
        patience: how long an answer may take, in seconds.
    """

    def __init__(self, transport: httpx.BaseTransport, patience: float) -> None:
        # No httpx.Client: it takes longer for a request than the stub takes for its answer.
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
        """Make one request, and follow no redirect: the caller has to see each hop.

        Args:
            method: the method of the request.
            url: the address of the request.
            headers: in addition to those that every request has.
            form: the entry list of a form to submit, or None.
            json: the data to send as JSON, or a text to send as it is; None sends none.
        """
        content, kind = _body(form, json)
        sent_headers = {**_HEADERS, **(headers or {}), **({"Content-Type": kind} if kind else {})}
        request = httpx.Request(method, url, headers=sent_headers, content=content, extensions=self._extensions)
        if self._cookies.jar:
            self._cookies.set_cookie_header(request)
        try:
            response = self._transport.handle_request(request)
            try:
                content = response.read()
            finally:
                response.close()
        except HostRefusedError as error:
            return HttpAnswer(url, error=str(error), refused_host=error.host)
        except httpx.HTTPError as error:
            return HttpAnswer(url, error=str(error) or type(error).__name__)
        response.request = request
        if "set-cookie" in response.headers:
            self._cookies.extract_cookies(response)
        return HttpAnswer(url, response.status_code, response.headers, content)


def body_text(body: object) -> str:
    """Return a request's body as text; an empty one if there is none."""
    return body.text if isinstance(body, TextBody) else "" if body is None else dumps(body)


def _body(form: Sequence[tuple[str, str]] | None, json: object) -> tuple[bytes | None, str]:
    """Return the body and its media type; None and an empty string if there is neither a form nor JSON."""
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    if isinstance(json, TextBody):
        return json.text.encode(), json.content_type
    if json is not None:
        return dumps(json, ensure_ascii=False).encode(), "application/json"
    return None, ""


_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; oauth-window mock browser)",
    "Accept-Language": "en-US,en;q=0.9",
}
