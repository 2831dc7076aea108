"""Stable pseudonyms for secret and personal values: of the same shape, and the same wherever the original occurs.

A pseudonym is a number within its family, in the order of first occurrence, and never derived from the original:
a plain hash of an e-mail address can be guessed, and a keyed hash would change from recording to recording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from oauth_window_harness.record.forms import BY_NAME, ENCLOSED, ENCLOSING, form_of
from oauth_window_harness.record.genuine import GenuineValues
from oauth_window_harness.redact import pattern_of

_RUN = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

#: More digits than a status or a position has.
_MANY_DIGITS = 5

#: How many numbers are passed over in search of a pseudonym that is no genuine value. Where more would have to be, it
#: is the pseudonym's form that meets one, and the scan refuses what is written.
_MOST_PASSED = 1_000

#: The shortest name that texts are searched for; shorter ones are parts of ordinary words.
_SHORTEST = 3

Part = tuple[bool, str]


@dataclass
class Pseudonyms:
    """All pseudonyms of one recording.

    Attributes:
        vocabulary: the words that a text may keep, in lower case.
        genuine: the values that no pseudonym may be mistaken for; numbers are counted on past them.
    """

    vocabulary: frozenset[str] = frozenset()
    genuine: GenuineValues = field(default_factory=GenuineValues)
    _by_original: dict[str, str] = field(default_factory=dict)
    _originals: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _search_terms: dict[str, str] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _search_pattern: re.Pattern[str] | None = None

    def originals(self) -> list[str]:
        """Return all values that have a pseudonym and must not be left, which excludes texts of the vocabulary."""
        return [original for original in self._originals.values() if self._is_identifying(original)]

    def of(self, original: str, family: str = "") -> str:
        """Return the pseudonym of a value, a new one the first time, and search texts for the value from now on.

        Args:
            original: the value.
            family: the kind of thing that it identifies, such as ``account``; by default the name of its form.
        """
        return self._search_for(original, self._of(original, family))

    def of_name(self, original: str, family: str) -> str:
        """Return the pseudonym of a name, such as ``Page 1``."""
        key = original.strip()
        if key and key.casefold() not in self._by_original:
            self._assign(key, self._next(family, lambda number: f"{family} {number}"))
        return self._search_for(key, self._by_original.get(key.casefold(), original))

    def text(self, text: str, *, any_word: bool = False) -> str:
        """Return a text with pseudonyms for known values, for what has a personal form, and for unknown words.

        Args:
            text: the text, such as an error's sentence.
            any_word: whether words outside the vocabulary may stay.
        """
        parts = self._replace_forms([(False, text)], ENCLOSING)
        if known := self._pattern_of_terms():
            parts = _replace_matches(parts, known, self._pseudonym_of_match)
        parts = self._replace_forms(parts, ENCLOSED)
        if not any_word:
            parts = _replace_matches(parts, _RUN, self._word)
        return "".join(part for _, part in parts)

    def _replace_forms(self, parts: list[Part], forms: Iterable[str]) -> list[Part]:
        for form in forms:
            parts = _replace_matches(parts, BY_NAME[form].inside, self._pseudonym_of_form)
        return parts

    def _of(self, original: str, family: str) -> str:
        if not original:
            return original
        form, key = form_of(original), _key(original)
        if key.casefold() not in self._by_original:
            numbered_family = family if family and form.has_family else form.name
            self._assign(key, self._next(numbered_family, lambda number: form.make(numbered_family, number, original)))
        return self._by_original[key.casefold()]

    def _next(self, family: str, make: Callable[[int], str]) -> str:
        """Return the next pseudonym of a family that meets no genuine value, or, where many do, simply the next."""
        first = self._numbers.get(family, 0) + 1
        candidates = range(first, first + _MOST_PASSED)
        number = next((one for one in candidates if not self.genuine.meet(make(one))), first)
        self._numbers[family] = number
        return make(number)

    def _assign(self, original: str, pseudonym: str) -> None:
        self._by_original[original.casefold()] = pseudonym
        self._originals[original.casefold()] = original

    def _search_for(self, original: str, pseudonym: str) -> str:
        # A value that was found in a text by its form is found so again, and need not be searched for.
        key = _key(original)
        if (
            key.casefold() in self._by_original
            and key.casefold() not in self._search_terms
            and self._is_identifying(key)
        ):
            self._search_terms[key.casefold()] = key
            self._search_pattern = None
        return pseudonym

    def _is_identifying(self, original: str) -> bool:
        return len(original) >= _SHORTEST and not self.is_plain(original)

    def _pseudonym_of_form(self, match: re.Match[str]) -> str:
        value = match.groupdict().get("value")
        original = value or match[0]
        if original.isalpha() and self.is_plain(original):
            return match[0]  # "token: access token is invalid" names no token
        return match[0].removesuffix(original) + self._of(original, "" if value is None else "value")

    def _pseudonym_of_match(self, match: re.Match[str]) -> str:
        for spelled_as in (match[0], unquote(match[0])):
            if (key := spelled_as.casefold()) in self._by_original:
                return self._by_original[key]
        return self._of(match[0], "")  # letters that the pattern considers equal, but casefolding does not

    def _word(self, match: re.Match[str]) -> str:
        word = match[0]
        if self.is_plain(word):
            return word
        return self._words.setdefault(word.casefold(), f"word-{len(self._words) + 1}")

    def is_plain(self, text: str) -> bool:
        """Return whether a text holds only words of the vocabulary, and no number that may identify anybody."""
        few = sum(character.isdigit() for character in text) < _MANY_DIGITS
        return few and all(self._is_word(run) for run in _RUN.findall(text))

    def _is_word(self, run: str) -> bool:
        """Return whether a run of letters and digits is one or more joined words, perhaps with a number at its end."""
        letters = run.rstrip("0123456789")
        words = _CAMEL.findall(letters)
        joined = "".join(words) == letters
        return joined and all(len(word) == 1 or word.casefold() in self.vocabulary for word in words)

    def _pattern_of_terms(self) -> re.Pattern[str] | None:
        if self._search_pattern is None and self._search_terms:
            longest_first = sorted(self._search_terms.values(), key=len, reverse=True)
            either = "|".join("".join(pattern_of(character) for character in original) for original in longest_first)
            self._search_pattern = re.compile(rf"(?i)(?<![^\W_])(?:{either})(?![^\W_])")
        return self._search_pattern


def _key(original: str) -> str:
    """Return the key of a value, which all its spellings share; of an address, the signature is left out."""
    return unquote(original.partition("?")[0] if form_of(original).name == "url" else original)


def _replace_matches(
    parts: list[Part], pattern: re.Pattern[str], replacement_of: Callable[[re.Match[str]], str]
) -> list[Part]:
    """Replace the matches in all parts that are not pseudonyms already."""
    result: list[Part] = []
    for is_pseudonym, text in parts:
        if is_pseudonym:
            result.append((is_pseudonym, text))
            continue
        end = 0
        for match in pattern.finditer(text):
            result += [(False, text[end : match.start()]), (True, replacement_of(match))]
            end = match.end()
        result.append((False, text[end:]))
    return [(is_pseudonym, text) for is_pseudonym, text in result if text]
