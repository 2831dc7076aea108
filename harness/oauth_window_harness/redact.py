"""The one gate that every string passes before it is written or shown.

What comes out has the type `Redacted`, and writers take nothing else, so that the type checker guards
the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NewType

Redacted = NewType("Redacted", str)

MASK = "<redacted>"

#: Request headers that are kept; every other one is left out of the journal.
KEPT_HEADERS = (
    "accept", "access-control-request-headers", "access-control-request-method", "authorization", "content-type",
    "cookie", "host", "origin", "prefer", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "user-agent", "version",
)  # fmt: skip

#: A JSON web token (RFC 7519 §3.1), and HighLevel's Private Integration token, wherever they stand.
JWT = re.compile(r"\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*")
PRIVATE_TOKEN = re.compile(r"\bpit-[0-9a-zA-Z-]{8,}")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"'<>,;&]+")

#: The names under which an address carries a credential.
SECRET_NAMES = frozenset(
    {
        "access_token", "refresh_token", "id_token", "token", "bearer", "authorization", "auth", "api_key", "apikey",
        "jwt", "client_secret",
    }
)  # fmt: skip
_QUERY_SECRET = re.compile(rf"(?i)([?&#;](?:{'|'.join(sorted(SECRET_NAMES))})=)[^&#\s\"'<>]+")

#: What every one of these shapes has in it; most strings have none, and are spared the rest.
_ANY_SHAPE = re.compile(rf"(?i)bearer\s|eyJ|pit-|[?&#;](?:{'|'.join(sorted(SECRET_NAMES))})=")

#: The schemes that may stand before a credential; anything else there may be the credential itself.
_SCHEMES = frozenset({"bearer", "bearer:", "basic", "digest", "token", "apikey", "jwt"})


#: No access token is shorter, in characters.
_SHORTEST = 8


class Redactor:
    """Replaces the given secrets, and everything that has the shape of one, by ``<redacted>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[tuple[str, re.Pattern[str]], ...] = ()
        self._add(secret for secret in secrets if secret)

    def learn(self, secret: str) -> None:
        """Count as a secret, from now on, what was seen to be one; what is shorter than a token may be a word."""
        if len(secret) >= _SHORTEST:
            self._add([secret])

    def text(self, value: str) -> Redacted:
        """Give the text without any secret in it."""
        for _, anywhere in self._secrets:
            value = anywhere.sub(MASK, value)
        if not _ANY_SHAPE.search(value):
            return Redacted(value)
        value = _BEARER.sub(rf"\1{MASK}", value)
        value = JWT.sub(MASK, value)
        value = PRIVATE_TOKEN.sub(MASK, value)
        return Redacted(_QUERY_SECRET.sub(rf"\1{MASK}", value))

    def headers(self, headers: Iterable[tuple[str, str]]) -> Mapping[str, Redacted]:
        """Give the headers worth keeping, lower-case names to values without credentials (RFC 9110 §11.6.2)."""
        return {
            name.lower(): self._header(name.lower(), value) for name, value in headers if name.lower() in KEPT_HEADERS
        }

    def data(self, value: Any) -> Any:
        """Give a JSON-like value with every string in it, keys included, redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(inner) for inner in value]
        return value

    def _add(self, secrets: Iterable[str]) -> None:
        known = dict(self._secrets)
        known |= {secret: _anywhere(secret) for secret in secrets if secret not in known}
        # The longest first: a secret may be the beginning of another. What is being read elsewhere is not touched.
        self._secrets = tuple(sorted(known.items(), key=lambda pair: len(pair[0]), reverse=True))

    def _header(self, name: str, value: str) -> Redacted:
        if name == "cookie":
            return Redacted(MASK)
        if name == "authorization":
            scheme, space, credentials = value.partition(" ")
            # Without a scheme the whole value is the credential.
            known = bool(credentials) and scheme.lower() in _SCHEMES
            return Redacted(f"{scheme}{space}{MASK}" if known else MASK)
        return self.text(value)


def _anywhere(secret: str) -> re.Pattern[str]:
    return re.compile("".join(spelled(character) for character in secret))


def spelled(character: str) -> str:
    """Give a pattern for a character as it is, and percent-encoded (RFC 3986 §2.1)."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode())
    return f"(?:{re.escape(character)}|(?i:{encoded}))"
