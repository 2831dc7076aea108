"""Which key a request is made under: it says so, or it goes on with what a key began."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from werkzeug import Request, Response

from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.leadconnector import KEY_HEADER

#: What may stand before any path instead: ``/__harness/keys/KEY``.
PREFIX = "/__harness/keys/"


def unprefixed(request: Request) -> tuple[Request, str | None]:
    """Return the request as it is below its key's prefix, and the key that it names, if it names one.

    Its body has been read already.
    """
    # As it was sent: WSGI's strings hold bytes (PEP 3333), and what they spell may be no text.
    path: str = request.environ["PATH_INFO"]
    if not path.startswith(PREFIX):
        return request, request.headers.get(KEY_HEADER) or None
    key, _, rest = path.removeprefix(PREFIX).partition("/")
    # The prefix becomes the application's root, so that every address that the stub makes has it.
    below = {"SCRIPT_NAME": f"{PREFIX}{key}", "PATH_INFO": f"/{rest}", "wsgi.input": BytesIO(request.get_data())}
    return Request({**request.environ, **below}), key


def unprefixed_path(path: str) -> str:
    """Return a path as it is below its key's prefix, if it has one."""
    return f"/{path.removeprefix(PREFIX).partition('/')[2]}" if path.startswith(PREFIX) else path


def continued(plays: Plays, request: Request) -> str | None:
    """Return the key that a request without a key belongs to all the same, or None.

    A browser's window cannot carry a header, and neither can a backend that knows of no test: the ``state`` of the
    authorization request (RFC 6749 §4.1.1) tells, or the location.
    """
    return plays.claimed(_names(request)) if plays.has_claims() else None


def claim(plays: Plays, request: Request, response: Response, key: str) -> None:
    """Remember what start has begun under a key."""
    location = request.args.get("locationId", "")
    plays.claim({name for name in (location, _state_of(response.headers.get("Location", ""))) if name}, key)


def _names(request: Request) -> list[str]:
    query, form = request.args, request.form
    onward = query.get("next") or form.get("next", "")
    state = query.get("state") or form.get("state") or _state_of(onward)
    # In a path, a location stands third, where it has one.
    location = query.get("locationId") or "".join(request.path.split("/")[3:4])
    return [name for name in (state, location) if name]


def _state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("state", [""])[0]
