"""The key of a request: the request names it, or continues a connection that was begun under it."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from werkzeug import Request, Response

from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.leadconnector import KEY_HEADER

#: The prefix that may name the key instead of the header: ``/__harness/keys/KEY`` before any path.
PREFIX = "/__harness/keys/"


def split_key(request: Request) -> tuple[Request, str | None]:
    """Return the request without its key's prefix, and the key that it names, or None.

    The request's body must have been read already.
    """
    # The path as it was sent: WSGI's strings hold bytes (PEP 3333), which may not decode to text.
    path: str = request.environ["PATH_INFO"]
    if not path.startswith(PREFIX):
        return request, request.headers.get(KEY_HEADER) or None
    key, _, rest = path.removeprefix(PREFIX).partition("/")
    # The prefix becomes the application's root, so that every address that the stub makes contains it.
    environ = {"SCRIPT_NAME": f"{PREFIX}{key}", "PATH_INFO": f"/{rest}", "wsgi.input": BytesIO(request.get_data())}
    return Request({**request.environ, **environ}), key


def path_without_key(path: str) -> str:
    """Return a path without its key's prefix; unchanged if it has none."""
    return f"/{path.removeprefix(PREFIX).partition('/')[2]}" if path.startswith(PREFIX) else path


def implied_key(plays: Plays, request: Request) -> str | None:
    """Return the key that a request belongs to although it names none, or None.

    A browser's window cannot send the header, and neither does a backend that knows nothing of tests. The ``state`` of
    the authorization request (RFC 6749 §4.1.1) tells the key, or the location does.
    """
    return plays.key_of(_names(request)) if plays.has_claims() else None


def claim(plays: Plays, request: Request, response: Response, key: str) -> None:
    """Remember that the location and the ``state`` of a start request belong to a key."""
    location = request.args.get("locationId", "")
    plays.claim({name for name in (location, _state_of(response.headers.get("Location", ""))) if name}, key)


def _names(request: Request) -> list[str]:
    query, form = request.args, request.form
    onward = query.get("next") or form.get("next", "")
    state = query.get("state") or form.get("state") or _state_of(onward)
    # The location, if any, is the third step of a path.
    location = query.get("locationId") or "".join(request.path.split("/")[3:4])
    return [name for name in (state, location) if name]


def _state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("state", [""])[0]
