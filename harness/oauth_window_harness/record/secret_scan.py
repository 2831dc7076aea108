"""The second look at a recording: reads the bytes that would be written, and finds what should not be in them.

It knows nothing of how pseudonyms are made. It looks for the given values in every spelling, and for what has the shape
of a secret and is none of the plain shapes that a pseudonym has.
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

#: Shorter values, and shorter encodings of one, are found everywhere.
_SHORTEST = 4
_SHORTEST_ENCODED = 7


@dataclass(frozen=True)
class SecretShape:
    """What a secret looks like.

    Attributes:
        name: of the kind, for people.
        pattern: finds one.
        plain: what of it is plainly none: a pseudonym.
    """

    name: str
    pattern: str
    plain: str = r"(?!)"


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


class Leak(Exception):  # noqa: N818 - what it is, not that it is an error
    """Something that should not be there. Its text names the place and the kind, never the value."""

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(f"{where}: {kind}")
        self.where = where
        self.kind = kind


def scan(written: bytes, secrets: Iterable[str], ours: Collection[str] = ()) -> None:
    """Check that a JSON file holds no secret.

    Args:
        written: the bytes of the file.
        secrets: values that must not be in it, in no spelling.
        ours: the paths of texts that came from nowhere else; a name may be one of their words.

    Raises:
        Leak: something is in it that should not be.
    """
    known = _Known(secrets)
    for path, text in _texts(json.loads(written), "$"):
        if path not in ours and known.is_in(text):
            raise Leak(path, "a value that was to be replaced")
        for shape in SHAPES:
            if any(not re.fullmatch(shape.plain, found[0], re.DOTALL) for found in re.finditer(shape.pattern, text)):
                raise Leak(path, f"what looks like {shape.name}")
    # Once more as bytes: an encoding may run over what a parser takes apart.
    if known.is_encoded_in(written.decode("utf-8", "replace")):
        raise Leak("the file as a whole", "a value that was to be replaced")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON value with its path; the names of fields too, which must not be secrets either."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name, f"{path}.*")
            yield from _texts(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{place}]")
    elif value is not None and not isinstance(value, bool):
        text = str(value)
        yield path, text
        if (plain := html.unescape(unquote(text))) != text:
            yield path, plain


class _Known:
    """Finds known values in texts, each by its first letters: there may be thousands of both."""

    def __init__(self, values: Iterable[str]) -> None:
        self._plain: dict[str, list[str]] = {}
        self._encoded: dict[str, list[str]] = {}
        for value in values:
            if len(value) >= _SHORTEST:
                self._plain.setdefault(value.casefold()[:_SHORTEST], []).append(value.casefold())
                for encoded in _spellings(value):
                    self._encoded.setdefault(encoded[:_SHORTEST], []).append(encoded)

    def is_in(self, text: str) -> bool:
        """Return whether a value is in a text, as a word of its own or encoded."""
        text = text.casefold()
        return any(_is_apart(text, at, found) for at, found in _found(self._plain, text)) or self.is_encoded_in(text)

    def is_encoded_in(self, text: str) -> bool:
        """Return whether an encoding of a value is in a text."""
        return any(True for _ in _found(self._encoded, text.casefold()))


def _found(known: Mapping[str, Sequence[str]], text: str) -> Iterator[tuple[int, str]]:
    for at in range(len(text) - _SHORTEST + 1):
        for value in known.get(text[at : at + _SHORTEST], ()):
            if text.startswith(value, at):
                yield at, value


def _is_apart(text: str, at: int, value: str) -> bool:
    """Return whether what stands before and after is no part of the same word."""
    around = text[at - 1 : at] + text[at + len(value) : at + len(value) + 1]
    return not any(character.isalnum() for character in around)


def _spellings(secret: str) -> frozenset[str]:
    """Return the encodings of a value, in lower case."""
    raw = secret.encode()
    found = {quote(secret, safe=""), quote(quote(secret, safe=""), safe=""), raw.hex(), secret[::-1]}
    found |= {json.dumps(secret)[1:-1], html.escape(secret)}
    found |= {"".join(f"%{byte:02x}" for byte in raw), "".join(f"\\u{ord(letter):04x}" for letter in secret)}
    for shift in range(3):
        # Base64 depends on where in its three bytes a value begins; the ends depend on what stands around it.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            told = encode(b"\0" * shift + raw).decode().rstrip("=")
            found.add(told[(0, 2, 3)[shift] : len(told) - (1 if (shift + len(raw)) % 3 else 0)])
    return frozenset(spelled.casefold() for spelled in found if len(spelled) >= _SHORTEST_ENCODED) - {secret.casefold()}
