"""The gate that every string passes before it is written or shown: it replaces secrets.

It returns values of the type `Redacted`, and writers accept no other, so that the type checker guards the gate.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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

#: The beginning of a word, a space, and a quote, as they are or percent-encoded (RFC 3986 §2.1), or escaped in JSON.
_START = r"(?:\b|(?<=%[0-9A-Fa-f]{2}))"
_SPACE = r"(?:\s|\+|%20)"
_QUOTE = r"\\*(?:[\"']|%22|%27)"
_NEXT = r"(?:[?&#;]|%3F|%26|%23|%3B)"
_IS = rf"{_SPACE}*(?:[:=]|%3A|%3D){_SPACE}*"

#: What follows the word in a sentence is no token: "no bearer token has it".
_BEARER = re.compile(rf"(?i){_START}(bearer{_SPACE}+)(?!tokens?(?:[\s.,:;!?)]|\Z))[^\s\"'<>,;&]+")
_JWT = re.compile(_START + JWT.pattern.removeprefix(r"\b"))
_PRIVATE_TOKEN = re.compile(_START + PRIVATE_TOKEN.pattern.removeprefix(r"\b"))

#: The names of the query parameters that carry a credential.
SECRET_NAMES = frozenset(
    {
        "access_token", "refresh_token", "id_token", "token", "bearer", "authorization", "auth", "api_key", "apikey",
        "jwt", "client_secret",
    }
)  # fmt: skip

#: Further names of fields and parameters whose value is masked; a page may have them in an address without fault.
_FURTHER_NAMES = frozenset(
    {
        "password",
        "passwd",
        "secret",
        "session",
        "sessionid",
        "sid",
        "cookie",
        "code_verifier",
        "api_token",
        "auth_token",
        "session_token",
    }
)
_ANY_NAME = "|".join(sorted(SECRET_NAMES | _FURTHER_NAMES))
_QUERY_SECRET = re.compile(rf"(?i)({_NEXT}(?:{_ANY_NAME})(?:=|%3D))[^&#\s\"'<>]+")
#: An authorization code or a state in an address (RFC 6749 §4.1.2); what is short is a number or a word.
_GRANT = re.compile(rf"(?i)({_NEXT}(?:code|state)(?:=|%3D))[^&#\s\"'<>]{{12,}}")
_SURE_NAME = "(?:access|refresh|id)[_-]?token|client[_-]?secret|api[_-]?key"
#: A field of JSON, of a form or of a printed object: a name that means nothing else, or any with a value in quotes.
_FIELD = re.compile(rf"(?i)({_START}(?:{_SURE_NAME})(?:{_QUOTE})?{_IS}(?:{_QUOTE})?)[^\s\"'\\<>,;&}}%]{{4,}}")
_QUOTED_FIELD = re.compile(rf"(?i)({_START}(?:{_ANY_NAME})(?:{_QUOTE})?{_IS}{_QUOTE})[^\"'\\<>%]{{4,}}")
_COOKIE = re.compile(rf"(?i)({_START}(?:set-)?cookie(?:{_QUOTE})?{_IS})(?:{_QUOTE})?[^\s=;\"'<>]+=[^\r\n\"'<>]*")
#: User and password in an address (RFC 3986 §3.2.1).
_USER_INFO = re.compile(rf"(?i)\b([a-z][a-z0-9+.-]*://)(?:[^/?#\s\"'<>]|{MASK})+@")
#: An e-mail address; a file such as ``logo@2x.png`` is none.
_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|%40)(?:[\w-]{1,63}\.){1,8}(?!(?:png|jpe?g|gif|webp|avif|svg|m?js|css)\b)[A-Za-z]{2,24}\b"
)

_SECRET_FIELD = re.compile(rf"(?i)(?:{_ANY_NAME}|{_SURE_NAME})")

#: Each pattern with what stands in its place.
_SHAPES = (
    (_BEARER, rf"\1{MASK}"),
    (_JWT, MASK),
    (_PRIVATE_TOKEN, MASK),
    (_QUERY_SECRET, rf"\1{MASK}"),
    (_GRANT, rf"\1{MASK}"),
    (_FIELD, rf"\1{MASK}"),
    (_QUOTED_FIELD, rf"\1{MASK}"),
    (_COOKIE, rf"\1{MASK}"),
    (_USER_INFO, rf"\1{MASK}@"),
    (_EMAIL, MASK),
)

#: Matches wherever one of these patterns could; most strings have no match, and are not searched further.
_ANY_SHAPE = re.compile(r"(?i)bearer|eyJ|pit-|@|%40|cookie|token|secret|passw|session|sid|jwt|auth|api.?key|code|state")

#: A parameter of an address whose value is a secret by its name, in its query or fragment.
_SECRET_PARAMETER = re.compile(
    r"(?i)[?&#;][^=?&#;]*(?:token|secret|passw|pwd|api_?key|auth|jwt|bearer|session|signature)[^=?&#;]*=([^?&#;]+)"
)

#: The schemes that may stand before a credential (RFC 9110 §11.1); any other word may itself be the credential.
_SCHEMES = frozenset({"bearer", "bearer:", "basic", "digest", "token", "apikey", "jwt"})


#: The length of the shortest access token, in characters.
_SHORTEST = 8

#: The most secrets that are learned; the oldest are forgotten first, when all that had them has long been masked.
_MOST_LEARNED = 1_000


#: The most texts whose result is remembered, and the length of the longest, in characters.
_MOST_REMEMBERED = 4_096
_LONGEST_REMEMBERED = 2_000


@dataclass(frozen=True)
class _Known:
    """The secrets that are known at one time, and what became of texts since they are."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()
    results: dict[str, Redacted] = field(default_factory=dict)

    def text(self, value: str) -> Redacted:
        result = self.results.get(value)
        if result is None:
            result = self._searched(value)
            if len(value) <= _LONGEST_REMEMBERED and len(self.results) < _MOST_REMEMBERED:
                self.results[value] = result
        return result

    def _searched(self, value: str) -> Redacted:
        # A search for each of many secrets takes long, and most texts have none: looking for the words is quick.
        plain = unquote(value) if "%" in value else value
        for secret, pattern in self.patterns:
            if secret in value or secret in plain or "%" in secret:
                value = pattern.sub(MASK, value)
        if _ANY_SHAPE.search(value):
            for shape, mask in _SHAPES:
                value = shape.sub(mask, value)
        return Redacted(value)


class Redactor:
    """Replaces the given secrets, and everything that looks like one, by ``<redacted>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Replaced as a whole where a secret is added, because another thread may be reading it.
        self._known = _Known()
        self._learned: dict[str, None] = {}
        self._lock = threading.Lock()
        #: How many secrets it has learned: what was redacted at a smaller number may hold one that is known now.
        self.version = 0
        self._add(secret for secret in secrets if secret)

    def learn(self, secret: str) -> None:
        """Replace this text too from now on; one that is shorter than any token is ignored, for it may be a word."""
        if len(secret) < _SHORTEST or secret in MASK:
            return
        with self._lock:
            if any(secret == known for known, _ in self._known.patterns):
                return
            self._learned[secret] = None
            if len(self._learned) > _MOST_LEARNED:
                oldest = next(iter(self._learned))
                del self._learned[oldest]
                self._known = _Known(tuple(pair for pair in self._known.patterns if pair[0] != oldest))
            self._add([secret])
            self.version += 1

    def learn_address(self, address: str | None) -> None:
        """Replace from now on what an address holds of a password or a token."""
        for secret in secrets_of_address(address or ""):
            self.learn(secret)

    def text(self, value: str) -> Redacted:
        """Return the text with every secret in it replaced."""
        return self._known.text(value)

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
            return {self.text(str(key)): self._field(str(key), inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(inner) for inner in value]
        return value

    def _field(self, name: str, value: Any) -> Any:
        """Return a field's value; one that is named as a credential is replaced whole, unless that was done already."""
        is_secret = isinstance(value, str) and len(value) >= _SHORTEST and _SECRET_FIELD.fullmatch(name)
        return MASK if is_secret and MASK not in value else self.data(value)

    def _add(self, secrets: Iterable[str]) -> None:
        known = dict(self._known.patterns)
        known |= {secret: _secret_pattern(secret) for secret in secrets if secret not in known}
        # The longest first, for one secret may be the beginning of another.
        self._known = _Known(tuple(sorted(known.items(), key=lambda pair: len(pair[0]), reverse=True)))

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
