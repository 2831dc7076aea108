"""Origins, and whom a message reaches (HTML Standard §7.1.1 and §9.3.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

#: The origin of a document that has none to share, such as ``about:blank`` before anything is loaded.
OPAQUE = "null"

_DEFAULT_PORTS = {"http": 80, "https": 443}


class TargetOriginError(ValueError):
    """A ``targetOrigin`` that is no origin: ``postMessage`` throws a SyntaxError, and posts nothing."""


def origin_of(url: str) -> str:
    """Return the origin of an address as scripts see it, without a default port; `OPAQUE` where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return OPAQUE
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return OPAQUE
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def is_same(one: str, other: str) -> bool:
    """Return whether two origins are the same; an opaque one is only the same as itself, so never."""
    return one == other and one != OPAQUE


def reaches(target_origin: str, *, sender: str, receiver: str) -> bool:
    """Return whether a message is delivered.

    Args:
        target_origin: what the sender named: ``*``, ``/`` for its own origin, or an address.
        sender: the origin of the document that posts.
        receiver: the origin of the document that would hear it.

    Raises:
        TargetOriginError: what was named is no origin.
    """
    if target_origin == "*":
        return True
    if target_origin == "/":
        return is_same(sender, receiver)
    wanted = origin_of(target_origin)
    if wanted == OPAQUE:
        raise TargetOriginError(target_origin)
    return wanted == receiver
