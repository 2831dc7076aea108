"""What was done to some lines, done to others: the changes between two texts, made in code that has other names.

A change is a run of tokens that differs, with some tokens around it. It is made where a file has the same tokens in the
same order, whatever its spaces and quotation marks; a variable may have another name there, or be part of an object,
but the same each time. A change that has its place nowhere, or in more places than one, is not made, and neither is one
that needs a variable which the file does not have.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"""//[^\n]*|(?P<string>"[^"\n]*"|'[^'\n]*')|`(?P<template>[^`]*)`|(?P<word>[#\w$]+)|[=!]==|\?[?.]|&&|\|\||=>|\S"""
)
_IN_TEMPLATE = re.compile(r"\$\{(?P<code>[^}]*)\}|\w+|\W")
_PATH = re.compile(r"[#\w$]+(\.[#\w$]+)*")
_DECLARED = re.compile(r"(?:const|let|var) (?:\{([^}]*)\}|(\w+))")

#: Words that mean the same in every page.
_FIXED = frozenset({
    "Error", "JSON", "Object", "URL", "URLSearchParams", "addEventListener", "async", "await", "catch", "clearInterval",
    "const", "document", "else", "false", "fetch", "for", "function", "if", "let", "new", "null", "of", "return",
    "setInterval", "this", "throw", "true", "try", "typeof", "undefined", "var", "while", "window",
})  # fmt: skip

#: How many tokens before and after a change are looked at, from the most to the fewest.
_AROUND = sorted(((lead, tail) for lead in range(7) for tail in range(7)), key=sum, reverse=True)

#: A place is known by so many tokens, in which words and strings that are no variables count twice.
_KNOWN = 7

#: Two changes with fewer tokens than this between them are one.
_BETWEEN = 4


class _Token(NamedTuple):
    """A token of a text: its span there, and whether it is a variable."""

    text: str
    start: int
    end: int
    is_variable: bool = False


class _Change(NamedTuple):
    """The tokens that differ, as spans of the tokens before and after."""

    old: slice
    new: slice


class _Match(NamedTuple):
    """Where each token of a pattern begins among those of a file, its end, and the variables' names there."""

    at: Sequence[int]
    names: Mapping[str, str]


def replaced(code: str, before: str, after: str) -> str | None:
    """Return code with some lines in the place of those before, however far these are indented; None without them."""
    for depth in range(0, 12, 2):
        old, new = (textwrap.indent(lines, " " * depth) for lines in (before, after))
        if f"\n{old}\n" in code:
            return code.replace(old, new)
    return None


def patched(code: str, before: str, after: str) -> str:
    """Return code with the changes that make one text the other, as far as they have a place in it."""
    old, new = list(_tokens(before)), list(_tokens(after))
    for change in _changes(old, new):
        code = _changed(code, old, change, after, new)
    return code


def _tokens(code: str, offset: int = 0) -> Iterator[_Token]:
    """Yield the tokens of a text without its comments; those of a template's text are words and signs."""
    last = ""
    for found in _TOKEN.finditer(code):
        text, start, end = found[0], found.start() + offset, found.end() + offset
        if found["template"] is not None:
            yield _Token("`", start, start + 1)
            yield from _template(found["template"], start + 1)
            yield _Token("`", end - 1, end)
        elif found["string"]:
            yield _Token(f'"{text[1:-1]}"', start, end)
        elif not text.startswith("//"):
            is_key = code[found.end() :].lstrip()[:1] == ":"
            is_other = last in {".", "?."} or is_key or text in _FIXED or text[0].isdigit()
            yield _Token(text, start, end, is_variable=bool(found["word"]) and not is_other)
        last = text


def _template(text: str, offset: int) -> Iterator[_Token]:
    for found in _IN_TEMPLATE.finditer(text):
        start, end = found.start() + offset, found.end() + offset
        if found["code"] is None:
            yield _Token(found[0], start, end)
        else:
            yield _Token("${", start, start + 2)
            yield from _tokens(found["code"], start + 2)
            yield _Token("}", end - 1, end)


def _changes(old: Sequence[_Token], new: Sequence[_Token]) -> list[_Change]:
    """Return what differs; each with a token that does not, so that neither side is empty."""
    matcher = difflib.SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    spans = [spans for kind, *spans in matcher.get_opcodes() if kind != "equal"]
    joined: list[list[int]] = []
    for span in spans:
        if joined and span[0] - joined[-1][1] < _BETWEEN:
            joined[-1][1::2] = span[1::2]
        else:
            joined.append(span)
    lead = [1 if span[0] else 0 for span in joined]
    changes = [
        _Change(slice(start - one, end + 1 - one), slice(new_start - one, new_end + 1 - one))
        for one, (start, end, new_start, new_end) in zip(lead, joined, strict=True)
    ]
    whole = all(_open(old[change.old]) == _open(new[change.new]) for change in changes)
    return changes if whole else []


def _open(part: Sequence[_Token]) -> int:
    """Return how many brackets more are opened than closed."""
    return sum((one.text[-1] in "([{") - (one.text in {")", "]", "}"}) for one in part)


def _changed(code: str, old: Sequence[_Token], change: _Change, after: str, new: Sequence[_Token]) -> str:
    """Return code with a change, or as it is."""
    there = list(_tokens(code))
    place = _place(there, old, change.old)
    added = new[change.new]
    if place is None or not _has_variables(there, added, place.names, after):
        return code
    start, end = there[place.at[0]].start, there[place.at[-1] - 1].end
    line = code[code.rfind("\n", 0, start) + 1 : start]
    depth = line[: len(line) - len(line.lstrip())]
    return code[:start] + _text(after, added, place.names).replace("\n", f"\n{depth}") + code[end:]


def _text(after: str, added: Sequence[_Token], names: Mapping[str, str]) -> str:
    """Return the text of tokens, in which variables have the names that they have in the file."""
    text, last = "", added[0].start
    for one in added:
        text += after[last : one.start]
        text += names.get(one.text, one.text) if one.is_variable else after[one.start : one.end]
        last = one.end
    return text


def _has_variables(there: Sequence[_Token], added: Sequence[_Token], names: Mapping[str, str], after: str) -> bool:
    declared = {name for found in _DECLARED.findall(after) for part in found for name in re.findall(r"\w+", part)}
    known = {one.text for one in there if one.is_variable} | declared | set(names)
    return all(one.text in known for one in added if one.is_variable)


def _place(there: Sequence[_Token], old: Sequence[_Token], change: slice) -> _Match | None:
    """Return where the tokens of a change are, by as many around them as are the same; None where that is unclear."""
    for lead, tail in _AROUND:
        if lead > change.start or tail > len(old) - change.stop:
            continue
        pattern = old[change.start - lead : change.stop + tail]
        words = [one for one in pattern if not one.is_variable and re.search(r"\w", one.text)]
        if len(pattern) + len(words) < _KNOWN:
            continue
        found = [match for at in range(len(there)) if (match := _match(there, at, pattern, {}))]
        if found:
            at = found[0].at[lead : len(pattern) - tail + 1]
            return _Match(at, found[0].names) if len(found) == 1 else None
    return None


def _match(there: Sequence[_Token], at: int, pattern: Sequence[_Token], names: Mapping[str, str]) -> _Match | None:
    """Return how a pattern matches the tokens of a file from one on, if it does."""
    if not pattern:
        return _Match([at], names)
    first, *rest = pattern
    for end in (at + 1, at + 3, at + 5) if first.is_variable else (at + 1,):
        if end > len(there):
            break
        text = "".join(one.text for one in there[at:end])
        if first.is_variable:
            is_path = _PATH.fullmatch(text) and (there[at].is_variable or there[at].text == "this")
            fits = is_path and names.get(first.text, text) == text
        else:
            fits = text == first.text
        bound = {**names, first.text: text} if first.is_variable else names
        if fits and (match := _match(there, end, rest, bound)):
            return _Match([at, *match.at], match.names)
    return None
