"""Stable pseudonyms for what is secret or personal: of the same shape, and the same wherever the original stands.

A pseudonym is a number, counted in the order of first appearance within its family, and never made from the original:
a plain hash of an e-mail address can be guessed back, and a keyed one would change from recording to recording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harness.redact import SECRET_NAMES, spelled

#: The header of every pseudonym of a JWT: ``{"alg":"none"}`` (RFC 7519 §6).
_JWT_HEAD = "eyJhbGciOiJub25lIn0"

#: The first digit of a pseudonym in hexadecimal or decimal, by family, so that a reader tells one from the other.
_HEX: Mapping[str, str] = {"account": "a", "page": "b", "location": "c", "user": "d"}
_DIGIT: Mapping[str, str] = {"account": "1", "page": "2", "location": "3", "user": "4"}

#: No id is longer; what is, a picture in an address for example, is not worth its length.
_WIDEST = 64

_PAIR_NAMES = "|".join(
    sorted({*SECRET_NAMES, "code", "cookie", "key", "otp", "passwd", "password", "pin", "secret", "session",
            "sessionid", "sid", "sig", "signature", "state"})
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One shape of a value.

    Attributes:
        name: of its family, where the field that holds it gives none.
        whole: matches a value that is one.
        inside: finds one in a text, its group ``value``, or all of it; None: it is not looked for.
        make: gives the pseudonym from family, number and original.
    """

    name: str
    whole: re.Pattern[str]
    inside: re.Pattern[str] | None
    make: Callable[[str, int, str], str]


def _hex(family: str, number: int, original: str) -> str:
    return f"{_HEX.get(family, 'e')}{number:0{len(original) - 1}d}"


def _digits(family: str, number: int, original: str) -> str:
    return f"{_DIGIT.get(family, '9')}{number:0{len(original) - 1}d}"


def _opaque(family: str, number: int, original: str) -> str:
    width = min(len(original), _WIDEST) - len(family)
    return f"{family}{number:0{max(1, width)}d}"


def _url(_family: str, number: int, original: str) -> str:
    """Give an address with as many parts in its path, its file's ending, and neither host, name nor signature."""
    parts = [part for part in urlsplit(original).path.split("/") if part]
    ending = re.search(r"\.[a-z]{2,4}\Z", parts[-1]) if parts else None
    path = "".join("/part" for _ in parts) + (ending[0] if ending else "")
    return f"https://url-{number}.invalid{path}"


def _jwt(_family: str, number: int, _original: str) -> str:
    return f"{_JWT_HEAD}.pseudonym-{number}.none"


def _form(name: str, pattern: str, make: Callable[[str, int, str], str], inside: str | None = None) -> Form:
    return Form(name, re.compile(pattern, re.DOTALL), re.compile(inside or pattern, re.DOTALL), make)


#: The first that matches decides.
FORMS = (
    _form("pem", r"-----BEGIN .*", lambda _f, n, _o: f"pem-{n}", r"-----BEGIN (?:.*-----END [A-Z ]+-----|.*)"),
    _form("jwt", r"eyJ[\w-]{4,}\.[\w-]+\.[\w-]*", _jwt, r"\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*"),
    _form(
        "private-token",
        r"pit-[0-9A-Za-z-]{4,}",
        lambda _f, n, _o: f"pit-00000000-0000-4000-8000-{n:012d}",
        r"\bpit-[0-9A-Za-z-]{4,}",
    ),
    _form(
        "bearer",
        r"(?i:bearer)\s.*",
        lambda _f, n, _o: f"Bearer token-{n}",
        r"(?i:\bbearer\s+)(?!token\b)[^\s\"'<>,;&]+",
    ),
    _form("url", r"[a-z][a-z+.-]*://\S+", _url, r"\b[a-z][a-z+.-]*://[^\s\"'<>]+"),
    _form(
        "email",
        r"[^\s@\"'<>]+(?:@|%40)[^\s@\"'<>]+",
        lambda _f, n, _o: f"user-{n}@example.com",
        r"[\w.!#$&*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*",
    ),
    _form(
        "value",
        r"(?!)",
        lambda _f, n, _o: f"value-{n}",
        rf"(?i:\b(?:{_PAIR_NAMES})\s*[=:]\s*[\"']?)(?P<value>[^\s\"'&;,]+)",
    ),
    _form(
        "uuid",
        r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
        lambda _f, n, _o: f"00000000-0000-4000-8000-{n:012d}",
    ),
    _form("hex", r"(?=\D*\d|[a-f]+\Z)[0-9a-f]{16,}", _hex, r"(?<![^\W_])[0-9a-f]{16,}(?![^\W_])"),
    _form("ip", r"\d{1,3}(?:\.\d{1,3}){3}", lambda _f, n, _o: f"192.0.2.{n}", r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    _form("phone", r"\+\d[\d\s().-]{5,}\d", lambda _f, n, _o: f"+1-555-01{n:02d}", r"\+?\d[\d\s().-]{7,}\d"),
    _form("digits", r"\d{5,}", _digits, r"\d{5,}"),
    _form(
        "opaque",
        r"[^\s]+",
        _opaque,
        r"(?<![\w+=~-])(?=[\w+=~-]*\d)(?=[\w+=~-]*[A-Za-z])[\w+=~-]{8,}|(?<![\w+=~-])[\w+=~]{24,}",
    ),
    _form("text", r".*", lambda family, n, _o: f"{family} {n}", r"(?!)"),
)  # fmt: skip

_LETTERS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

#: More than a status or a position has.
_MANY_DIGITS = re.compile(r"\d{5}")

#: How long a name must be to be looked for in texts: shorter ones are parts of everything.
_SHORTEST = 3

Part = tuple[bool, str]


@dataclass
class Pseudonyms:
    """All pseudonyms of one recording.

    Attributes:
        vocabulary: the words, in lower case, that a text may keep.
    """

    vocabulary: frozenset[str] = frozenset()
    _given: dict[str, str] = field(default_factory=dict)
    _originals: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _known: re.Pattern[str] | None = None

    def originals(self) -> list[str]:
        """Give all that has a pseudonym, to see that it is nowhere left; texts of the contract's words left out."""
        return [
            original
            for original in self._originals.values()
            if len(original) >= _SHORTEST and not self._is_plain(original)
        ]

    def of(self, original: str, family: str = "") -> str:
        """Give the pseudonym of a value, a new one at its first appearance.

        Args:
            original: the value.
            family: what it names, such as ``account``; by default the name of its form.
        """
        if not original:
            return original
        form = next(form for form in FORMS if form.whole.fullmatch(original))
        # A signed address is another one each time; what it is the address of is the same.
        key = original.partition("?")[0] if form.name == "url" else original
        if key.casefold() not in self._given:
            counted = family if family and form.make in (_hex, _digits, _opaque, FORMS[-1].make) else form.name
            number = self._numbers[counted] = self._numbers.get(counted, 0) + 1
            self._give(key, form.make(counted, number, original))
        return self._given[key.casefold()]

    def named(self, original: str, family: str) -> str:
        """Give the pseudonym of a name, such as ``Page 1``."""
        key = original.strip()
        if key and key.casefold() not in self._given:
            self._numbers[family] = self._numbers.get(family, 0) + 1
            self._give(key, f"{family} {self._numbers[family]}")
        return self._given.get(key.casefold(), original)

    def text(self, text: str, *, any_word: bool = False) -> str:
        """Give a text in which everything personal is a pseudonym: what is known, what has the form, unknown words.

        Args:
            text: an error's sentence, for example.
            any_word: whether words that are not in the vocabulary may stay.
        """
        parts: list[Part] = [(False, text)]
        if known := self._known_values():
            parts = _replaced(parts, known, lambda found: self._given[self._key(found[0])])
        for form in FORMS:
            if form.inside is not None:
                parts = _replaced(parts, form.inside, self._in_text)
        if not any_word:
            parts = _replaced(parts, _LETTERS, self._word)
        return "".join(part for _, part in parts)

    def _give(self, original: str, pseudonym: str) -> None:
        self._given[original.casefold()] = pseudonym
        self._originals[original.casefold()] = original
        self._known = None

    def _in_text(self, found: re.Match[str]) -> str:
        value = found.groupdict().get("value")
        if value is None:
            return self.of(found[0])
        return found[0].removesuffix(value) + self.of(value, "value")

    def _word(self, found: re.Match[str]) -> str:
        return found[0] if self._is_plain(found[0]) else self.named(found[0], "word").replace(" ", "-")

    def _is_plain(self, text: str) -> bool:
        runs = _LETTERS.findall(text)
        words = [word for run in runs for word in (_CAMEL.findall(run) if run.isascii() else [run])]
        plain = all(len(word) == 1 or word.casefold() in self.vocabulary for word in words)
        return plain and not _MANY_DIGITS.search(text)

    def _known_values(self) -> re.Pattern[str] | None:
        if self._known is None and (originals := self.originals()):
            longest_first = sorted(originals, key=len, reverse=True)
            either = "|".join("".join(spelled(character) for character in original) for original in longest_first)
            self._known = re.compile(rf"(?i)(?<![^\W_])(?:{either})(?![^\W_])")
        return self._known

    def _key(self, found: str) -> str:
        """Give the original that was found, which may have been percent-encoded."""
        if (key := found.casefold()) in self._given:
            return key
        return next(
            original
            for original in self._given
            if re.fullmatch("(?i)" + "".join(spelled(character) for character in original), found)
        )


def _replaced(parts: list[Part], pattern: re.Pattern[str], give: Callable[[re.Match[str]], str]) -> list[Part]:
    """Replace in all parts that are no pseudonyms already."""
    done: list[Part] = []
    for final, text in parts:
        if final:
            done.append((final, text))
            continue
        end = 0
        for found in pattern.finditer(text):
            done += [(False, text[end : found.start()]), (True, give(found))]
            end = found.end()
        done.append((False, text[end:]))
    return [(final, text) for final, text in done if text]
