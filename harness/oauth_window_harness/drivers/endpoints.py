"""Browsers that were started elsewhere: where each is, and which protocol it is driven by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from oauth_window_harness.errors import UsageError

#: The addresses of this machine.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

#: The path of DevTools' own web socket: an address with it is a browser's, whatever its scheme.
_DEVTOOLS_PATH = "/devtools/browser/"

_TODO = "name ws://HOST:PORT/ of a Playwright server, or http://HOST:PORT of a browser's DevTools"


@dataclass(frozen=True)
class Endpoint:
    """The address of a browser that somebody else started.

    Attributes:
        url: the address as it was given, which may hold a key.
        is_devtools: whether it is a browser's own DevTools address; if not, it is a Playwright server's.
    """

    url: str
    is_devtools: bool

    @property
    def name(self) -> str:
        """The address for people: without what lets a client in, which may stand in each of its other parts."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"

    @property
    def place(self) -> tuple[str, int | None, str]:
        """What tells the browser of a DevTools address from others."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        return "localhost" if host in _LOOPBACK else host, parts.port, parts.path.rstrip("/")

    def without_key(self, text: str) -> str:
        """Return a text that may quote the address, with its name in place of the address."""
        parts = urlsplit(self.url)
        for quoted in (self.url, self.url.rstrip("/"), parts.query, parts.path.strip("/")):
            text = text.replace(quoted, self.name if "://" in quoted else "…") if quoted else text
        return text


def endpoints_of(urls: Sequence[str], where: str = "--endpoint") -> tuple[Endpoint, ...]:
    """Return the endpoints at these addresses.

    Raises:
        UsageError: an address is not one of an endpoint.
    """
    endpoints = tuple(_endpoint(url, where) for url in urls)
    shared = [one for one in endpoints if one.is_devtools and sum(one.place == other.place for other in endpoints) > 1]
    if shared:
        # Each would hold up the other's windows, and let them go before what they need is there.
        raise UsageError(
            "a DevTools address can be driven once at a time",
            where=where,
            seen=f"{shared[0].name}, {len(shared)} times",
            todo="name each browser once; --jobs says how many plays are played in it at once",
        )
    return endpoints


def _endpoint(url: str, where: str) -> Endpoint:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("ws", "wss", "http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise UsageError("the address of an endpoint cannot be used", where=where, seen=url, todo=_TODO)
    return Endpoint(url, parts.scheme in ("http", "https") or _DEVTOOLS_PATH in parts.path)
