"""Reads ``text=PHRASE`` as a person does: Playwright finds Connected in "disconnected" and "nothing was connected"."""

from __future__ import annotations

import re

_APOSTROPHE = "['’ʼ‘`´]"  # noqa: RUF001 - as they are typed and as they are set

#: The Portuguese "no" is "in the": "a conta no Facebook foi conectada".
_PORTUGUESE_NO = (
    r"(?<=(?:contas?|páginas?|perfil|perfis|canal|canais|grupos?|login|sessão|está)\s+)"
    r"no\s+(?:facebook|instagram|google|whatsapp|tiktok|linkedin|highlevel|site|sistema|app|aplicativo)"
)

#: The words that turn a phrase which follows in the same clause into its opposite; those that only do so elsewhere are
#: left out, as what a person would count must not be missed.
_NEGATIONS = (
    # Not "No. 5"; and of "no problem" and "no errors" nobody thinks that nothing is connected.
    rf"(?!{_PORTUGUESE_NO})no(?!\s+(?:\d|problems?|trouble|errors?|issues?|worries|doubt|matter))",
    *("not", "none", "nothing", "never", "nobody", "neither", "nor", "cannot", "unable", "without", r"failed\s+to"),
    # Every verb with n't: isn't, hasn't, couldn't, won't; and those that are typed without an apostrophe.
    rf"\p{{L}}*n{_APOSTROPHE}t",
    r"(?:are|ca|could|did|does|do|had|has|have|is|should|was|were|wo|would)nt",
    *("nicht", "nichts", "nie", "niemals", "niemand", "kein", "keine[mnrs]?", "weder"),
    *("ne", rf"n{_APOSTROPHE}\p{{L}}+", "pas", "rien", "aucune?s?", "jamais", "impossible"),
    *("nunca", "jamás", "nadie", "ningún", "ningun[oa]s?", "nada", "tampoco", "imposible"),
    *("não", "nao", "ninguém", "nenhum", "nenhuma", "nenhuns", "nenhumas", "jamais", "impossível"),
    *("non", "niente", "nulla", "nessun[oa]?", rf"nessun{_APOSTROPHE}\p{{L}}+", "impossibile"),
    *("niet", "niets", "nooit", "niemand", "geen", "onmogelijk"),
    *("inte", "ingen", "inget", "ikke", "nie", "не", "ничего"),
)

#: A letter of a script that has spaces between its words.
_LETTER = (
    r"(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])"
    r"[\p{L}\p{M}\p{N}_])"
)
#: What follows in the same clause: up to a "but", and to a comma that has no second one ("Don't worry, …").
_CLAUSE = rf"(?:(?!(?<!{_LETTER})(?:but|aber|sondern|mais|pero|sino|mas|ma|maar)(?!{_LETTER}))[^.!?;:…,])*"
_NEGATED = rf"(?<!{_LETTER})(?:{'|'.join(_NEGATIONS)})(?!{_LETTER}){_CLAUSE}(?:,{_CLAUSE},{_CLAUSE})*"

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
