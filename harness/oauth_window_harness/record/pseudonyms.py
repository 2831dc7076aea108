"""Stable pseudonyms for what is secret or personal: of the same shape, and the same wherever the original stands.

A pseudonym is a number, counted in the order of first appearance within its family, and never made from the original:
a plain hash of an e-mail address can be guessed back, and a keyed one would change from recording to recording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from oauth_window_harness.record.forms import BY_NAME, ENCLOSED, ENCLOSING, form_of
from oauth_window_harness.redact import pattern_of

_RUN = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

#: More than a status or a position has.
_MANY_DIGITS = 5

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
    _sought: dict[str, str] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _known: re.Pattern[str] | None = None

    def originals(self) -> list[str]:
        """Return all that has a pseudonym, to see that it is nowhere left; texts of the contract's words left out."""
        return [original for original in self._originals.values() if self._is_telling(original)]

    def of(self, original: str, family: str = "") -> str:
        """Return the pseudonym of a value, a new one at its first appearance; from then on texts are searched for it.

        Args:
            original: the value.
            family: what it names, such as ``account``; by default the name of its form.
        """
        return self._seek(original, self._of(original, family))

    def named(self, original: str, family: str) -> str:
        """Return the pseudonym of a name, such as ``Page 1``."""
        key = original.strip()
        if key and key.casefold() not in self._given:
            self._numbers[family] = self._numbers.get(family, 0) + 1
            self._give(key, f"{family} {self._numbers[family]}")
        return self._seek(key, self._given.get(key.casefold(), original))

    def text(self, text: str, *, any_word: bool = False) -> str:
        """Return a text in which everything personal is a pseudonym: what is known, what has the form, unknown words.

        Args:
            text: an error's sentence, for example.
            any_word: whether words that are not in the vocabulary may stay.
        """
        parts = self._formed([(False, text)], ENCLOSING)
        if known := self._known_values():
            parts = _replaced(parts, known, self._known_in_text)
        parts = self._formed(parts, ENCLOSED)
        if not any_word:
            parts = _replaced(parts, _RUN, self._word)
        return "".join(part for _, part in parts)

    def _formed(self, parts: list[Part], forms: Iterable[str]) -> list[Part]:
        for form in forms:
            parts = _replaced(parts, BY_NAME[form].inside, self._in_text)
        return parts

    def _of(self, original: str, family: str) -> str:
        if not original:
            return original
        form, key = form_of(original), _key(original)
        if key.casefold() not in self._given:
            counted = family if family and form.has_family else form.name
            number = self._numbers[counted] = self._numbers.get(counted, 0) + 1
            self._give(key, form.make(counted, number, original))
        return self._given[key.casefold()]

    def _give(self, original: str, pseudonym: str) -> None:
        self._given[original.casefold()] = pseudonym
        self._originals[original.casefold()] = original

    def _seek(self, original: str, pseudonym: str) -> str:
        # What was found in a text by its form is found again by it, and need not be looked for.
        key = _key(original)
        if key.casefold() in self._given and key.casefold() not in self._sought and self._is_telling(key):
            self._sought[key.casefold()] = key
            self._known = None
        return pseudonym

    def _is_telling(self, original: str) -> bool:
        return len(original) >= _SHORTEST and not self.is_plain(original)

    def _in_text(self, found: re.Match[str]) -> str:
        value = found.groupdict().get("value")
        told = value or found[0]
        if told.isalpha() and self.is_plain(told):
            return found[0]  # "token: access token is invalid" names no token
        return found[0].removesuffix(told) + self._of(told, "" if value is None else "value")

    def _known_in_text(self, found: re.Match[str]) -> str:
        for spelled_as in (found[0], unquote(found[0])):
            if (key := spelled_as.casefold()) in self._given:
                return self._given[key]
        return self._of(found[0], "")  # letters that a pattern takes for the same, and casefolding does not

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if self.is_plain(word):
            return word
        return self._words.setdefault(word.casefold(), f"word-{len(self._words) + 1}")

    def is_plain(self, text: str) -> bool:
        """Return whether a text holds nothing but words of the vocabulary, and no number that may name anybody."""
        few = sum(character.isdigit() for character in text) < _MANY_DIGITS
        return few and all(self._is_word(run) for run in _RUN.findall(text))

    def _is_word(self, run: str) -> bool:
        """Return whether a run of letters and digits is a word, or several joined, a small number after them or not."""
        letters = run.rstrip("0123456789")
        words = _CAMEL.findall(letters)
        joined = "".join(words) == letters
        return joined and all(len(word) == 1 or word.casefold() in self.vocabulary for word in words)

    def _known_values(self) -> re.Pattern[str] | None:
        if self._known is None and self._sought:
            longest_first = sorted(self._sought.values(), key=len, reverse=True)
            either = "|".join("".join(pattern_of(character) for character in original) for original in longest_first)
            self._known = re.compile(rf"(?i)(?<![^\W_])(?:{either})(?![^\W_])")
        return self._known


def _key(original: str) -> str:
    """Return what one value has in all its spellings; a signed address is another one each time."""
    return unquote(original.partition("?")[0] if form_of(original).name == "url" else original)


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
