"""A service that is asked over HTTP: by GET alone, for no longer and no more than a sane answer takes.

No error tells what was sent: it may be a secret.
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

#: How long one exchange may take from its first byte to its last, in seconds.
PATIENCE = 20.0
#: How much of a body is read, in bytes: the account GET of a user with a thousand pages is a fifth of that.
LONGEST = 1_000_000

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750 §2.1


class Upstream:
    """The service that is asked.

    Args:
        url: its origin, ``https`` unless it is on loopback: a token does not travel in the clear.
        patience: how long one exchange may take, in seconds.

    Raises:
        UsageError: the address is none that a token may be sent to.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.origin = _origin(url)
        self._patience = patience
        self._http = httpx.AsyncClient(
            base_url=self.origin,
            follow_redirects=False,  # a token goes where the user sent it, and no further
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
        """Ask, and give the answer: its headers by lower-case name, its body as JSON where it is JSON.

        Raises:
            UpstreamError: there is no answer, or none that comes to its end in time.
        """
        read = bytearray()
        seen = "nothing"
        try:
            async with (
                asyncio.timeout(self._patience),
                self._http.stream("GET", path, headers=headers, params=query or {}) as response,
            ):
                seen = f"status {response.status_code}, and then no end"
                async for part in response.aiter_bytes():
                    read += part
                    if len(read) > LONGEST:
                        raise self._fault(f"the answer is longer than {LONGEST:,} bytes", seen=seen)
        except (TimeoutError, httpx.TimeoutException):
            raise self._fault(f"the service did not answer within {self._patience:g} s", seen=seen) from None
        except httpx.ConnectError as error:
            raise self._fault("the service cannot be reached", seen=_reason(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The text of such an error may quote what was sent; its kind does not.
            raise self._fault("the service does not speak HTTP as it should", seen=type(error).__name__) from None
        return _response(response, bytes(read))

    def _fault(self, what: str, *, seen: str) -> UpstreamError:
        return UpstreamError(
            what,
            where=f"--upstream {self.origin}",
            seen=seen,
            todo="see that this is the service's address, and that it can be reached from here",
        )


def bearer(token: str) -> str:
    """Return the ``Authorization`` of a token (RFC 6750 §2.1).

    Raises:
        UsageError: it is none that can be sent. The error does not show it.
    """
    if not _TOKEN.fullmatch(token):
        raise UsageError(
            "the token holds characters that no bearer token has",
            seen=f"{len(token)} characters",
            todo="see that the variable holds the token alone: no quotes, no line break, no 'Bearer'",
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
        raise UsageError("the address is no origin of a service", where="--upstream", seen=_shown(url), todo=todo)
    if "@" in parts.netloc:
        raise UsageError("the address holds a name or a password", where="--upstream", todo=todo)
    if parts.scheme == "http" and not _is_loopback(host):
        raise UsageError(
            "a token is not sent in the clear", where="--upstream", seen=_shown(url), todo="name an https address"
        )
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{port}" if port is not None else "")


def _shown(url: str) -> str:
    """Return an address without what may be a credential in it."""
    return re.sub(r"//[^/@]*@", "//…@", url.partition("?")[0].partition("#")[0])


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _response(response: httpx.Response, read: bytes) -> ExchangeResponse:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not read:
        return ExchangeResponse(status=response.status_code, headers=headers)
    text = read.decode("utf-8", "replace")
    try:
        return ExchangeResponse(status=response.status_code, headers=headers, body=read_json(text))
    except ValueError:
        return ExchangeResponse(status=response.status_code, headers=headers, text=text)


def _reason(error: httpx.ConnectError) -> str:
    """Return why a connection could not be made: the cause's own words, which know nothing of the request."""
    return str(error) or "the connection was refused"
