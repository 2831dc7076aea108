"""The gate that every string passes before it is written or shown: it replaces secrets.

It returns values of the type `Redacted`, and writers accept no other, so that the type checker guards the gate.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any, NewType
from urllib.parse import unquote

Redacted = NewType("Redacted", str)

MASK = "<redacted>"

#: The request headers that the journal keeps; every other one is left out.
KEPT_HEADERS = (
    "accept", "access-control-request-headers", "access-control-request-method", "authorization", "content-type",
    "cookie", "host", "origin", "prefer", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "token-id", "user-agent", "version",
)  # fmt: skip

#: A JSON Web Token (RFC 7519 §3.1) and a HighLevel Private Integration Token, anywhere in a text.
JWT = re.compile(r"\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*")
PRIVATE_TOKEN = re.compile(r"\bpit-[0-9a-zA-Z-]{8,}")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"'<>,;&]+")

#: The names of the query parameters that carry a credential.
SECRET_NAMES = frozenset(
    {
        "access_token", "refresh_token", "id_token", "token", "bearer", "authorization", "auth", "api_key", "apikey",
        "jwt", "client_secret",
    }
)  # fmt: skip
#: The same, with those by which a page under test may be opened; they accuse no page.
_MASKED_NAMES = "|".join(
    sorted({*SECRET_NAMES, "api_token", "auth_token", "password", "passwd", "secret", "session_token"})
)
_QUERY_SECRET = re.compile(rf"(?i)([?&#;](?:{_MASKED_NAMES})=)[^&#\s\"'<>]+")
#: User and password in an address (RFC 3986 §3.2.1).
_USER_INFO = re.compile(rf"(?i)\b([a-z][a-z0-9+.-]*://)(?:[^/?#\s\"'<>]|{MASK})+@")

#: Matches wherever one of these patterns could; most strings have no match, and are not searched further.
_ANY_SHAPE = re.compile(rf"(?i)bearer\s|eyJ|pit-|[?&#;](?:{_MASKED_NAMES})=|://[^/?#\s]+@")

#: A parameter of an address whose value is a secret by its name, in its query or fragment.
_SECRET_PARAMETER = re.compile(
    r"(?i)[?&#;][^=?&#;]*(?:token|secret|passw|pwd|api_?key|auth|jwt|bearer|session|signature)[^=?&#;]*=([^?&#;]+)"
)

#: The schemes that may stand before a credential (RFC 9110 §11.1); any other word may itself be the credential.
_SCHEMES = frozenset({"bearer", "bearer:", "basic", "digest", "token", "apikey", "jwt"})


#: The length of the shortest access token, in characters.
_SHORTEST = 8


class Redactor:
    """Replaces the given secrets, and everything that looks like one, by ``<redacted>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[tuple[str, re.Pattern[str]], ...] = ()
        self._add(secret for secret in secrets if secret)

    def learn(self, secret: str) -> None:
        """Replace this text too from now on; one that is shorter than any token is ignored, for it may be a word."""
        if len(secret) >= _SHORTEST:
            self._add([secret])

    def learn_address(self, address: str | None) -> None:
        """Replace from now on what an address holds of a password or a token."""
        for secret in secrets_of_address(address or ""):
            self.learn(secret)

    def text(self, value: str) -> Redacted:
        """Return the text with every secret in it replaced."""
        for _, pattern in self._secrets:
            value = pattern.sub(MASK, value)
        if not _ANY_SHAPE.search(value):
            return Redacted(value)
        value = _BEARER.sub(rf"\1{MASK}", value)
        value = JWT.sub(MASK, value)
        value = PRIVATE_TOKEN.sub(MASK, value)
        value = _USER_INFO.sub(rf"\1{MASK}@", value)
        return Redacted(_QUERY_SECRET.sub(rf"\1{MASK}", value))

    def headers(self, headers: Iterable[tuple[str, str]]) -> Mapping[str, Redacted]:
        """Return the headers in `KEPT_HEADERS` by lower-case name, their credentials replaced (RFC 9110 §11.6.2)."""
        return {
            name.lower(): self._header(name.lower(), value) for name, value in headers if name.lower() in KEPT_HEADERS
        }

    def data(self, value: Any) -> Any:
        """Return a JSON-like value with every string in it redacted, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(inner) for inner in value]
        return value

    def _add(self, secrets: Iterable[str]) -> None:
        known = dict(self._secrets)
        known |= {secret: _secret_pattern(secret) for secret in secrets if secret not in known}
        # The longest first, for one secret may be the beginning of another. The tuple is replaced as a whole, because
        # another thread may be reading it.
        self._secrets = tuple(sorted(known.items(), key=lambda pair: len(pair[0]), reverse=True))

    def _header(self, name: str, value: str) -> Redacted:
        if name in ("cookie", "token-id"):
            return Redacted(MASK)
        if name == "authorization":
            scheme, space, credentials = value.partition(" ")
            # Without a known scheme the whole value may be the credential.
            has_scheme = bool(credentials) and scheme.lower() in _SCHEMES
            return Redacted(f"{scheme}{space}{MASK}" if has_scheme else MASK)
        return self.text(value)


def secrets_of_address(address: str) -> list[str]:
    """Return what an address holds of secrets: its password, and the values of parameters that are named like one."""
    secrets = [unquote(value) for value in _SECRET_PARAMETER.findall(address)]
    authority = re.match(r"[^/?#]*://([^/?#]+)@", address)
    if authority is not None:
        user, _, password = unquote(authority[1]).partition(":")
        # In a header it is sent like this (RFC 7617 §2); without a password the user is a token.
        secrets += [password or user, base64.b64encode(f"{user}:{password}".encode()).decode()]
    return secrets


def _secret_pattern(secret: str) -> re.Pattern[str]:
    return re.compile("".join(pattern_of(character) for character in secret))


def pattern_of(character: str) -> str:
    """Return a pattern that matches a character as it is or percent-encoded (RFC 3986 §2.1)."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode())
    return f"(?:{re.escape(character)}|(?i:{encoded}))"
