"""A service on HTTP, which is sent GET requests only; the time and the size of an answer are limited.

No error shows what was sent, which may be a secret.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from oauth_window_harness.contract.fixture import ExchangeResponse
from oauth_window_harness.contract.shape import read_json
from oauth_window_harness.errors import UpstreamError, UsageError

#: How long one exchange may take, from its first byte to its last, in seconds.
PATIENCE = 20.0
#: The most bytes of a body that are read: five times the account GET of a user with a thousand pages.
MAX_BODY = 1_000_000

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750 §2.1


class Upstream:
    """A client of the service.

    Args:
        url: the service's origin: ``https`` unless it is on loopback, because a token is not sent in the clear.
        patience: how long one exchange may take, in seconds.

    Raises:
        UsageError: a token must not be sent to the address.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.origin = _origin(url)
        self._patience = patience
        self._http = httpx.AsyncClient(
            base_url=self.origin,
            follow_redirects=False,  # a token is sent to the user's address only
            timeout=patience,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def get(
        self, path: str, *, headers: Mapping[str, str], query: Mapping[str, str] | None = None
    ) -> ExchangeResponse:
        """Make a GET request, and return the response: headers by lower-case name, and the body as JSON or as text.

        Raises:
            UpstreamError: no answer came, or it did not end in time.
        """
        body = bytearray()
        seen = "nothing"
        try:
            async with (
                asyncio.timeout(self._patience),
                self._http.stream("GET", path, headers=headers, params=query or {}) as response,
            ):
                seen = f"status {response.status_code}, and then no end"
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY:
                        raise self._error(f"the answer is longer than {MAX_BODY:,} bytes", seen=seen)
        except (TimeoutError, httpx.TimeoutException):
            raise self._error(f"the service did not answer within {self._patience:g} s", seen=seen) from None
        except httpx.ConnectError as error:
            raise self._error("the service cannot be reached", seen=_reason(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The text of such an error may quote what was sent; its type does not.
            raise self._error("the service does not speak HTTP as it should", seen=type(error).__name__) from None
        return _response(response, bytes(body))

    def _error(self, what: str, *, seen: str) -> UpstreamError:
        return UpstreamError(
            what,
            where=f"--upstream {self.origin}",
            seen=seen,
            todo="check that this is the service's address, and that it can be reached from here",
        )


def bearer(token: str) -> str:
    """Return the ``Authorization`` of a token (RFC 6750 §2.1).

    Raises:
        UsageError: the token cannot be sent. The error does not show it.
    """
    if not _TOKEN.fullmatch(token):
        raise UsageError(
            "the token holds characters that no bearer token has",
            seen=f"{len(token)} characters",
            todo="check that the variable holds the token alone: no quotes, no line break, no 'Bearer'",
        )
    return f"Bearer {token}"


def _origin(url: str) -> str:
    todo = "name the service's origin, such as https://services.leadconnectorhq.com"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError(
            "the address is not the origin of a service", where="--upstream", seen=_without_secrets(url), todo=todo
        )
    if "@" in parts.netloc:
        raise UsageError("the address holds a name or a password", where="--upstream", todo=todo)
    if parts.scheme == "http" and not _is_loopback(host):
        raise UsageError(
            "a token is not sent in the clear",
            where="--upstream",
            seen=_without_secrets(url),
            todo="name an https address",
        )
    authority = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{authority}" + (f":{port}" if port is not None else "")


def _without_secrets(url: str) -> str:
    """Return an address without the parts that may hold a credential."""
    return re.sub(r"//[^/@]*@", "//…@", url.partition("?")[0].partition("#")[0])


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _response(response: httpx.Response, body: bytes) -> ExchangeResponse:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not body:
        return ExchangeResponse(status=response.status_code, headers=headers)
    text = body.decode("utf-8", "replace")
    try:
        return ExchangeResponse(status=response.status_code, headers=headers, body=read_json(text))
    except ValueError:
        return ExchangeResponse(status=response.status_code, headers=headers, text=text)


def _reason(error: httpx.ConnectError) -> str:
    """Return why a connection failed, in the words of the system, which know nothing of the request."""
    return str(error) or "the connection was refused"
