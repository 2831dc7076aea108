"""Origins, and which window a message is delivered to (HTML Standard §7.1.1 and §9.3.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

#: The serialization of an opaque origin, such as that of ``about:blank`` before anything is loaded.
OPAQUE = "null"

_DEFAULT_PORTS = {"http": 80, "https": 443}


class TargetOriginError(ValueError):
    """The ``targetOrigin`` is invalid: ``postMessage`` throws a SyntaxError, and posts nothing."""


def origin_of(url: str) -> str:
    """Return the origin of an address as scripts see it, without a default port; `OPAQUE` if it has none."""
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
    """Return whether two origins are the same; an opaque origin equals no other, so it is never the same."""
    return one == other and one != OPAQUE


def reaches(target_origin: str, *, sender: str, receiver: str) -> bool:
    """Return whether a message is delivered.

    Args:
        target_origin: the ``targetOrigin`` of the call: ``*``, ``/`` for the sender's own origin, or an address.
        sender: the origin of the document that posts.
        receiver: the origin of the document that would receive the message.

    Raises:
        TargetOriginError: the target origin is invalid.
    """
    if target_origin == "*":
        return True
    if target_origin == "/":
        return is_same(sender, receiver)
    wanted = origin_of(target_origin)
    if wanted == OPAQUE:
        raise TargetOriginError(target_origin)
    return wanted == receiver
