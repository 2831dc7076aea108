"""The hosts that a user allows: how they may be written, and the form in which the gateway compares them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from oauth_window_harness.errors import UsageError

#: The hosts that a page may reach beside the service: those on this machine, where an app and its API have a port each.
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

#: The schemes that a page uses for its own hosts.
_SCHEME = re.compile(r"(?i)^(?:https?|wss?)://")
_PORT = re.compile(r"[0-9]{1,5}")
_PORTS = range(1, 65536)

#: A label of a host's name; with underscores, which some names have against the rules.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST = 253

#: Characters that IDNA 2003, in Python, and IDNA 2008, in browsers, encode differently (UTS 46 §2.3): ß, ς, joiners.
_DEVIATIONS = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")


def name_of(authority: str) -> str:
    """Return the host of ``host`` or ``host:port``, in lower case and without the dot of the root."""
    return _split(authority.strip().lower())[0].removesuffix(".")


def is_loopback(authority: str) -> bool:
    """Return whether ``host`` or ``host:port`` is this machine by a name that no name server can give to another."""
    name = name_of(authority)
    return name in LOOPBACK_NAMES or name.endswith(".localhost")


def allowed_hosts(texts: Iterable[str], option: str = "--allow") -> tuple[str, ...]:
    """Return each host in the form of `allowed_host`.

    Raises:
        UsageError: one is invalid.
    """
    return tuple(allowed_host(text, option) for text in texts)


def allowed_host(text: str, option: str = "--allow") -> str:
    """Return ``host`` or ``host:port`` as the gateway compares it: lower case, IDNA-encoded, IPv6 in brackets.

    Accept and drop a scheme, and a slash at the end.

    Raises:
        UsageError: it is no host, or has a path or a user, or names several hosts or none.
    """
    rest = _SCHEME.sub("", text.strip(), count=1).removesuffix("/")
    host, port = _split(rest)
    name = _ipv6(host) if host.startswith("[") else _name(host)
    if name is None or (port is not None and not (_PORT.fullmatch(port) and int(port) in _PORTS)):
        raise UsageError(
            f"{option} takes a host, and a port if only that one is meant",
            where=option,
            seen=repr(text),
            todo="write HOST[:PORT], such as cdn.example.com, localhost:3000 or [::1]:3000; no path, no user, no *",
        )
    return name if port is None else f"{name}:{int(port)}"


def _split(text: str) -> tuple[str, str | None]:
    """Return the host, and the port or None; a colon within brackets belongs to the address."""
    end = text.rfind("]") + 1
    host, colon, port = text[end:].partition(":")
    return text[:end] + host, port if colon else None


def _ipv6(text: str) -> str | None:
    try:
        address = IPv6Address(text[1:-1]) if text.endswith("]") else None
    except ValueError:
        return None
    return f"[{address.compressed}]" if address is not None and address.scope_id is None else None


def _name(text: str) -> str | None:
    if _DEVIATIONS & set(text):
        return None
    try:
        name = text.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:  # a label is empty, too long, or has forbidden characters
        return None
    labels = name.split(".")
    if len(name) > _LONGEST or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return name if not labels[-1].isdigit() or _is_ipv4(name) else None


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
