"""Who may call: nobody by a name that is not this machine's own, and no page of another site the control API.

A page elsewhere can have its own name resolve to 127.0.0.1, and is then of the same origin as a server on loopback (DNS
rebinding). What it cannot choose is the Host that its browser sends, which is that name.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from werkzeug import Request, Response

from oauth_window_harness.contract.rules import PRODUCTION_HOSTS
from oauth_window_harness.network.hosts import is_loopback, name_of
from oauth_window_harness.stub.problem import problem

#: The most of a header that a refusal quotes, in characters.
_QUOTED = 100


def host_refusal(request: Request, hosts: Collection[str]) -> Response | None:
    """Return the response to a request for a name that is neither this machine's nor one that is played; else None.

    Args:
        request: the request; one without a Host comes from no browser, and is let in.
        hosts: the names that are played, which the gateway leads here.
    """
    host: str | None = request.environ.get("HTTP_HOST")
    if host is None or is_loopback(host) or name_of(host) in hosts:
        return None
    return problem(
        HTTPStatus.MISDIRECTED_REQUEST,
        "this server does not answer for that name",
        f"Host: {host[:_QUOTED]!r}; call it as localhost, *.localhost, 127.0.0.1 or [::1]; "
        "the service's own names lead here through the gateway",
    )


def control_refusal(request: Request) -> Response | None:
    """Return the response to a control call by a page of another site, or of a host that is played; else None."""
    refusal = host_refusal(request, PRODUCTION_HOSTS)
    origin = request.headers.get("Origin")
    if refusal is not None or origin is None or _is_loopback_origin(origin):
        return refusal
    return problem(
        HTTPStatus.FORBIDDEN,
        "a page of another site may not use the control API",
        f"Origin: {origin[:_QUOTED]!r}; call it from a test, or from a page of localhost, *.localhost, 127.0.0.1 or "
        "[::1]",
    )


def _is_loopback_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_loopback(parts.netloc)
