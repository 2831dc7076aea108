"""What a request to a proxy says: where it goes, who sent it, and how it reads for the server behind the proxy."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import urlsplit

import h11

from oauth_window_harness.journal.events import SentBy
from oauth_window_harness.network.hosts import is_loopback


def destination(target: str, *, tls: bool) -> tuple[str, int]:
    """Return host and port of a request target in authority form or absolute form (RFC 9112 §3.2)."""
    parts = urlsplit(f"//{target}" if tls else target)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = parts.hostname or ""
    return (f"[{host}]" if ":" in host else host, port or (443 if tls or parts.scheme == "https" else 80))


def refusal(status: HTTPStatus, text: str, content_type: str = "text/plain") -> bytes:
    """Return a response with which the gateway refuses a request."""
    body = text.encode()
    head = (
        f"HTTP/1.1 {status} Refused",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def refusal_of_no_proxy_request(request: h11.Request) -> bytes:
    """Return the response to a request that takes the gateway for a web server.

    A page elsewhere that has its own name resolve to loopback sends it, and is told as `serve.origin_checks` tells it.
    """
    host = dict(request.headers).get(b"host", b"").decode("latin-1")
    if not host or is_loopback(host):
        return refusal(HTTPStatus.BAD_REQUEST, "oauth-window's gateway is a proxy: ask it for an address\n")
    status = HTTPStatus.MISDIRECTED_REQUEST
    title = "oauth-window's gateway is a proxy, and does not answer for that name"
    problem = {"type": "about:blank", "title": title, "status": status, "detail": f"Host: {host[:100]!r}"}
    return refusal(status, json.dumps(problem), "application/problem+json")


def agent_of(request: h11.Request) -> SentBy:
    """Return who sent a request, by its User-Agent: every browser's begins in the same way."""
    agent = dict(request.headers).get(b"user-agent", b"")
    return "page" if agent.startswith(b"Mozilla/") else "server"


def in_origin_form(request: h11.Request) -> bytes:
    """Return the head with its target in origin form (RFC 9112 §3.2.1), and close the connection after the response."""
    parts = urlsplit(request.target.decode("ascii"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [
        (name, value)
        for name, value in request.headers.raw_items()
        if name.lower() not in (b"host", b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive")
    ]
    headers.insert(0, (b"Host", parts.netloc.rpartition("@")[2].encode("ascii")))  # RFC 9112 §3.2.2
    upgrade = any(name.lower() == b"upgrade" for name, _ in headers)
    headers.append((b"Connection", b"Upgrade" if upgrade else b"close"))
    lines = [b"%s %s HTTP/1.1" % (request.method, path.encode("ascii")), *(b"%s: %s" % pair for pair in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
