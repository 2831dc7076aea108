"""A second check of a recording: it scans the bytes that are to be written for secrets.

It knows nothing of how pseudonyms are made. It looks for the given values in every encoding, and for what has the
shape of a secret and not that of a pseudonym.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

#: The shortest value and the shortest encoding that are searched for; shorter ones occur in every text.
_SHORTEST = 4
_SHORTEST_ENCODED = 7


@dataclass(frozen=True)
class SecretShape:
    """The shape of one kind of secret.

    Attributes:
        name: the kind, in words.
        pattern: finds such a secret in a text.
        harmless: matches what only looks like one: a pseudonym.
    """

    name: str
    pattern: str
    harmless: str = r"(?!)"


SHAPES = (
    SecretShape("a private key", r"-----BEGIN "),
    SecretShape("a JSON web token", r"eyJ[\w-]{4,}\.[\w-]+\.[\w-]*", r"eyJhbGciOiJub25lIn0\.pseudonym-\d+\.none"),
    SecretShape("a Private Integration token", r"pit-[0-9A-Za-z-]{4,}", r"pit-0{8}-0000-4000-8000-\d{12}"),
    SecretShape(
        "a bearer token",
        r"(?i:bearer)\s+[^\s\"'<>,;&]*[^a-z\s\"'<>,;&][^\s\"'<>,;&]*",
        r"(?i:bearer)\s+(?:(?:token|value|word|user)-?0*\d+(?:@example\.com)?|Page|[a-e1-9]0{2,}\d+|pit-0{8}-0000-4000-8000-\d{12}"
        r"|eyJhbGciOiJub25lIn0\.pseudonym-\d+\.none)",
    ),
    SecretShape("an e-mail address", r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*", r"user-\d+@example\.com"),
    SecretShape("an address with a query", r"[a-z]+://[^\s\"'<>]*\?[^\s\"'<>]+"),
    SecretShape("an address with a user", r"[a-z]+://[^\s/\"'<>]*@"),
    SecretShape(
        "a service's key", r"\b(?:AKIA|ASIA|AIza|EAA[A-Z]|ya29\.|gh[opsu]_|xox[abp]-|[rs]k_(?:live|test)_)[\w-]{6,}"
    ),
    SecretShape(
        "a cookie",
        r"(?i)\b(?:set-cookie|cookie|session(?:id)?|sid)\s*[=:]\s*[^\s;]{3,}",
        r"(?i)[\w-]+\s*[=:]\s*[\"']?value-?\d+.*",
    ),
    SecretShape("an address of a machine", r"\b\d{1,3}(?:\.\d{1,3}){3}\b", r"192\.0\.2\.\d+|127\.0\.0\.1"),
    SecretShape("a phone number", r"\+\d[\d\s().-]{6,}\d", r"\+1-555-01\d+"),
    SecretShape(
        "a token or an id",
        r"(?<![\w+~])(?=[\w+~-]*\d)(?=[\w+~-]*[A-Za-z])[\w+~-]{16,}",
        r"[-_~+]*(?:(?:[a-z-]*0{2,}\d{1,4}|[a-e]0{3,}\d+|word-\d+)[-_~+]*)+"
        r"|pit-0{8}-0000-4000-8000-\d{12}|eyJhbGciOiJub25lIn0",
    ),
    SecretShape("a token", r"(?=[A-Za-z]*[a-z])(?=[A-Za-z]*[A-Z])[A-Za-z]{32,}"),
    SecretShape("a long number", r"\d{9,}", r"[1-9]?0{3,}\d+|1767225600(?:000)?"),
)


class Leak(Exception):  # noqa: N818 - named by what it is
    """A secret that is left in a file. Its text names the place and the kind, never the value."""

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(f"{where}: {kind}")
        self.where = where
        self.kind = kind


def scan(content: bytes, secrets: Iterable[str], own_fields: Collection[str] = ()) -> None:
    """Check that a JSON file holds no secret.

    Args:
        content: the bytes of the file.
        secrets: the values that must not be in it, in any encoding.
        own_fields: the paths of texts that the harness wrote itself, in which a name may occur as an ordinary word.

    Raises:
        Leak: the file holds a secret.
    """
    secret_index = _SecretIndex(secrets)
    for path, text in _texts(json.loads(content), "$"):
        if path not in own_fields and secret_index.is_in(text):
            raise Leak(path, "a value that was to be replaced")
        for shape in SHAPES:
            if any(not re.fullmatch(shape.harmless, match[0], re.DOTALL) for match in re.finditer(shape.pattern, text)):
                raise Leak(path, f"what looks like {shape.name}")
    # Once more as a whole: an encoding may extend over several of the texts that the parser separates.
    if secret_index.is_encoded_in(content.decode("utf-8", "replace")):
        raise Leak("the file as a whole", "a value that was to be replaced")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON value with its path, the names of fields included."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name, f"{path}.*")
            yield from _texts(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]")
    elif value is not None and not isinstance(value, bool):
        text = str(value)
        yield path, text
        if (decoded := html.unescape(unquote(text))) != text:
            yield path, decoded


class _SecretIndex:
    """Finds known values in texts by their first letters, because there may be thousands of values and of texts."""

    def __init__(self, values: Iterable[str]) -> None:
        self._by_prefix: dict[str, list[str]] = {}
        self._encoded_by_prefix: dict[str, list[str]] = {}
        for value in values:
            if len(value) >= _SHORTEST:
                self._by_prefix.setdefault(value.casefold()[:_SHORTEST], []).append(value.casefold())
                for encoded in _encodings(value):
                    self._encoded_by_prefix.setdefault(encoded[:_SHORTEST], []).append(encoded)

    def is_in(self, text: str) -> bool:
        """Return whether a value is in a text, as a word of its own or encoded."""
        text = text.casefold()
        return any(
            _stands_alone(text, at, match) for at, match in _matches(self._by_prefix, text)
        ) or self.is_encoded_in(text)

    def is_encoded_in(self, text: str) -> bool:
        """Return whether an encoding of a value is in a text."""
        return any(True for _ in _matches(self._encoded_by_prefix, text.casefold()))


def _matches(secret_index: Mapping[str, Sequence[str]], text: str) -> Iterator[tuple[int, str]]:
    for at in range(len(text) - _SHORTEST + 1):
        for value in secret_index.get(text[at : at + _SHORTEST], ()):
            if text.startswith(value, at):
                yield at, value


def _stands_alone(text: str, at: int, value: str) -> bool:
    """Return whether the value at a position is not a part of a longer word."""
    around = text[at - 1 : at] + text[at + len(value) : at + len(value) + 1]
    return not any(character.isalnum() for character in around)


def _encodings(secret: str) -> frozenset[str]:
    """Return the encodings of a value, in lower case."""
    raw = secret.encode()
    encodings = {quote(secret, safe=""), quote(quote(secret, safe=""), safe=""), raw.hex(), secret[::-1]}
    encodings |= {json.dumps(secret)[1:-1], html.escape(secret)}
    encodings |= {"".join(f"%{byte:02x}" for byte in raw), "".join(f"\\u{ord(letter):04x}" for letter in secret)}
    for shift in range(3):
        # Base64 depends on a value's offset in its group of three bytes, and at its ends on the bytes around it.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * shift + raw).decode().rstrip("=")
            encodings.add(encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)])
    return frozenset(spelling.casefold() for spelling in encodings if len(spelling) >= _SHORTEST_ENCODED) - {
        secret.casefold()
    }
