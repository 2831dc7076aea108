"""The forms of secret and personal values: how to recognize each, find it in a text, and make its pseudonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from oauth_window_harness.redact import JWT, PRIVATE_TOKEN, SECRET_NAMES

#: The header of every pseudonym of a JWT: ``{"alg":"none"}`` (RFC 7519 §6).
_JWT_HEAD = "eyJhbGciOiJub25lIn0"

#: The first digit of a pseudonym in hexadecimal or decimal, by family, so that a reader can tell families apart.
_HEX: Mapping[str, str] = {"account": "a", "page": "b", "location": "c", "user": "d"}
_DIGIT: Mapping[str, str] = {"account": "1", "page": "2", "location": "3", "user": "4"}

#: The longest opaque pseudonym, in characters: no id is longer, and the length of other values does not matter.
_WIDEST = 64

_PAIR_NAMES = "|".join(
    sorted({*SECRET_NAMES, "code", "cookie", "key", "otp", "passwd", "password", "pin", "secret", "session",
            "sessionid", "sid", "sig", "signature", "state"})
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One form of a value.

    Attributes:
        name: the name of the form, and the family of a value whose field gives no other.
        whole: matches a value of this form.
        inside: finds such a value in a text: the group ``value``, or else the whole match.
        make: makes the pseudonym, from family, number and original.
    """

    name: str
    whole: re.Pattern[str]
    inside: re.Pattern[str]
    make: Callable[[str, int, str], str]

    @property
    def has_family(self) -> bool:
        """Whether a value of this form may be an account, a page and so on, and is numbered within that family."""
        return self.name in _COUNTED_BY_FAMILY


def _hex(family: str, number: int, original: str) -> str:
    return f"{_HEX.get(family, 'e')}{number:0{len(original) - 1}d}"


def _digits(family: str, number: int, original: str) -> str:
    return f"{_DIGIT.get(family, '9')}{number:0{len(original) - 1}d}"


def _opaque(family: str, number: int, original: str) -> str:
    width = min(len(original), _WIDEST) - len(family)
    return f"{family}{number:0{max(1, width)}d}"


def _url(_family: str, number: int, original: str) -> str:
    """Return an address with as many path segments and the same file extension, without host, names or signature."""
    try:
        path = urlsplit(original).path
    except ValueError:  # what stands for the host is none
        path = ""
    parts = [part for part in path.split("/") if part]
    ending = re.search(r"\.[a-z]{2,4}\Z", parts[-1]) if parts else None
    shape = "".join("/part" for _ in parts) + (ending[0] if ending else "")
    return f"https://url-{number}.invalid{shape}"


def _jwt(_family: str, number: int, _original: str) -> str:
    return f"{_JWT_HEAD}.pseudonym-{number}.none"


def _form(name: str, pattern: str, make: Callable[[str, int, str], str], inside: str | None = None) -> Form:
    return Form(name, re.compile(pattern, re.DOTALL), re.compile(inside or pattern, re.DOTALL), make)


#: The first form that matches a value counts; the last one matches every value.
FORMS = (
    _form("pem", r"-----BEGIN .*", lambda _f, n, _o: f"pem-{n}", r"-----BEGIN (?:.*-----END [A-Z ]+-----|.*)"),
    _form("jwt", JWT.pattern.removeprefix(r"\b"), _jwt, JWT.pattern),
    _form(
        "private-token",
        PRIVATE_TOKEN.pattern.removeprefix(r"\b"),
        lambda _f, n, _o: f"pit-00000000-0000-4000-8000-{n:012d}",
        PRIVATE_TOKEN.pattern,
    ),
    _form(
        "bearer",
        r"(?i:bearer)\s.*",
        lambda _f, n, _o: f"Bearer token-{n}",
        r"(?i:\bbearer\s+)(?!(?:token|is|was|or|and|in|not)\b)(?P<value>[^\s\"'<>,;&]+)",
    ),
    _form("url", r"(?i:[a-z][a-z+.-]*)://\S+", _url, r"(?i:\b[a-z][a-z+.-]*)://[^\s\"'<>]+"),
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
    _form("hex", r"(?=\d*[a-f])[0-9a-f]{16,}", _hex, r"(?<![^\W_])(?=\d*[a-f])[0-9a-f]{16,}(?![^\W_])"),
    _form("ip", r"\d{1,3}(?:\.\d{1,3}){3}", lambda _f, n, _o: f"192.0.2.{n}", r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    _form(
        "phone",
        r"\+\d[\d\s().-]{5,}\d",
        lambda _f, n, _o: f"+1-555-01{n:02d}",
        # A date is not a phone number; versions are dates.
        r"(?<![\w+-])(?!\d{4}-\d\d-\d\d\b)\+?\d[\d\s().-]{7,}\d",
    ),
    _form("digits", r"\d{5,}", _digits, r"\d{5,}"),
    _form(
        "opaque",
        r"[^\s]+",
        _opaque,
        r"(?<![\w+~-])(?=[\w+~-]*\d)(?=[\w+~-]*[A-Za-z])[\w+~-]{8,}=*|(?<![\w+~-])[\w+~]{24,}=*",
    ),
    _form("text", r".*", lambda family, n, _o: f"{family} {n}", r"(?!)"),
)  # fmt: skip

#: The forms that may contain a known value, and are replaced before those; and the forms that are replaced after them.
ENCLOSING = ("pem", "jwt", "private-token", "bearer", "url", "email")
ENCLOSED = ("value", "uuid", "opaque", "hex", "ip", "phone", "digits")

BY_NAME = {form.name: form for form in FORMS}

_COUNTED_BY_FAMILY = frozenset({"hex", "digits", "opaque", "text"})


def form_of(value: str) -> Form:
    """Return the form of a value."""
    return next(form for form in FORMS if form.whole.fullmatch(value))
