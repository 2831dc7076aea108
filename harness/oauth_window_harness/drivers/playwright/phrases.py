"""Reads ``text=PHRASE`` as a person does: Playwright finds Connected in "disconnected" and "nothing was connected"."""

from __future__ import annotations

import re

#: The words that turn a phrase which follows in the same clause into its opposite; those that only do so elsewhere are
#: left out, as what a person would count must not be missed.
_NEGATIONS = (
    *("not", "nothing", "never", "nobody", "cannot", "can.t", "couldn.t", "isn.t", "wasn.t", "without"),
    *("nicht", "nichts", "nie", "kein", "keine", "keiner"),
    *("ne", "pas", "rien", "aucun", "aucune", "jamais"),
    *("nunca", "ningún", "ninguna", "nada", "não", "nenhum", "nenhuma"),
    *("non", "niente", "nessun", "nessuna", "niet", "geen", "inte", "ingen", "inget", "ikke", "nie", "не", "ничего"),
)

#: A letter of a script that has spaces between its words.
_LETTER = (
    r"(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])"
    r"[\p{L}\p{M}\p{N}_])"
)
_NEGATED = rf"(?<!{_LETTER})(?:{'|'.join(_NEGATIONS)})(?!{_LETTER})[^.!?;:…]*"

_PHRASE = re.compile(r"text=(?P<phrase>[^\"'/\s](?:(?!>>).)*)")


def as_read(selector: str) -> str:
    """Return a selector that matches whole words, and no denial of them, where it is ``text=`` without quotes.

    Any other selector is Playwright's own, and is returned as it is.
    """
    match = _PHRASE.fullmatch(selector.strip())
    if match is None:
        return selector
    phrase = r"\s+".join(_escape(word) for word in match["phrase"].split())
    before = rf"(?<!{_LETTER})" if match["phrase"][0].isalnum() else ""
    after = rf"(?!{_LETTER})" if match["phrase"].rstrip()[-1].isalnum() else ""
    return f"text=/(?<!{_NEGATED}){before}{phrase}{after}/iu"


def _escape(word: str) -> str:
    # With the flag u, JavaScript refuses to escape what need not be.
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", lambda match: f"\\{match[0]}", word)
