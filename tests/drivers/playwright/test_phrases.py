"""What `text=` of an outcome matches: whole words as a person reads them, and the evidence of it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import async_playwright

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls, AsyncWindow
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.drivers.playwright.outcomes import OutcomeWatch
from oauth_window_harness.drivers.playwright.phrases import as_read
from oauth_window_harness.journal.events import OutcomeShown
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor

#: Selector, text, and whether the one counts as visible in the other.
TABLE = [
    ("text=Connected", "Connected", True),
    ("text=Connected", "You are connected: My Page", True),
    ("text=connected", "CONNECTED!", True),
    ("text=Connected", "Connected: No Limits Gym", True),
    ("text=Connected", "There was no trouble. Connected", True),
    ("text=Connected", "nothing was connected", False),
    ("text=Connected", "Not connected", False),
    ("text=Connected", "The account couldn't be connected", False),
    *(
        ("text=Connected", text, False)
        for text in (
            "No accounts connected",
            "No account was connected: the token is invalid",
            "No Facebook page is connected",
            "Facebook hasn't been connected",
            "Facebook hasn’t been connected",  # noqa: RUF001
            "You havent connected Facebook",
            "We didn't get Facebook connected",
            "The pages aren’t connected",  # noqa: RUF001
            "The pages weren't connected",
            "Facebook won't be connected",
            "None of your pages is connected",
            "Neither page was connected",
            "We were unable to get you connected",
            "It failed to get connected",
            "It could not, for now, be connected",
            "It is no longer connected",
        )
    ),
    *(
        ("text=Connected", text, True)
        for text in (
            "Don't worry, you are connected",
            "No problem connecting you are connected",
            "Page no 5 connected",
            "Nothing but Facebook is connected",
            "No more to do, connected",
            "It is known and connected",
        )
    ),
    ("text=Verbunden", "Es ist keinem Konto gelungen, niemand ist verbunden", False),
    ("text=Verbunden", "Facebook ist noch verbunden", True),
    ("text=Conectada", "La cuenta no está conectada", False),
    ("text=Conectadas", "No hay cuentas conectadas", False),
    ("text=Conectadas", "Ninguna de las cuentas fue conectada, tampoco las conectadas", False),
    ("text=Conectada", "A conta não foi conectada", False),
    ("text=Conectada", "Sua conta no Facebook foi conectada", True),
    ("text=Connecté", "Facebook n'est plus connecté", False),
    ("text=Connecté", "Facebook n’est plus connecté", False),  # noqa: RUF001
    ("text=Connecté", "Personne ne s’est connecté", False),  # noqa: RUF001
    ("text=Connecté", "Le compte de Nathan est connecté", True),
    ("text=Collegato", "Nessun account collegato", False),
    ("text=Collegato", "Nessun’altra pagina: collegato", True),  # noqa: RUF001
    ("text=Verbonden", "Er is niets verbonden", False),
    ("text=Verbonden", "Facebook is nooit verbonden", False),
    ("text=Connected", "disconnected", False),
    ("text=Connected", "Connectedness", False),
    ("text=Verbunden", "Es wurde nichts verbunden", False),
    ("text=Verbunden", "Verbunden mit Meine Seite", True),
    ("text=連携しました", "Facebookと連携しました", True),
    ("text=Try again", "The window is gone; try  again", True),
    ("text=1 page (Facebook)", "1 page (Facebook)", True),
    # Whoever quotes or writes an expression has said what is meant; so has every other selector.
    ('text="Connected"', "Not connected", False),
    ("text=/connected/", "disconnected", True),
    ("p:has-text('connected')", "disconnected", True),
]

pytestmark = pytest.mark.browser


async def matches() -> list[bool]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            found = []
            for selector, words, _ in TABLE:
                await page.set_content(f"<p>{words}</p>")
                found.append(await AsyncWindow(page).count(as_read(selector)) == 1)
            return found
        finally:
            await browser.close()


def test_a_phrase_is_matched_as_a_person_reads_it() -> None:
    found = asyncio.run(matches())
    assert [row for row, one in zip(TABLE, found, strict=True) if row[2] is not one] == []


async def shown(connected: str, failed: str, content: str) -> list[OutcomeShown]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page, journal = await browser.new_page(), Journal()
            await page.set_content(content)
            target = Target("about:blank", "#connect", connected, failed, 5.0)
            watch = OutcomeWatch(AsyncCalls(), journal, target, "--", Redactor())
            watch.begin(AsyncWindow(page))
            await watch.look()
            return journal.of(OutcomeShown)
        finally:
            await browser.close()


def test_an_outcome_quotes_what_was_matched_and_tells_that_both_match_it() -> None:
    (one,) = asyncio.run(shown("#good", "#bad", "<p id=good>It is   connected</p>"))
    assert (one.outcome, one.matched, one.is_both) == ("connected", "It is connected", False)
    both = asyncio.run(shown("p", ".note", "<p class=note>Hm</p>"))
    assert [(one.matched, one.is_both) for one in both] == [("Hm", True), ("Hm", True)]
    apart = asyncio.run(shown("p", ".note", "<p>Yes</p><p class=note>No</p>"))
    assert [(one.matched, one.is_both) for one in apart] == [("Yes", False), ("No", False)]
    assert [one.selector for one in apart] == ["p", ".note"]


def test_what_is_matched_in_a_frame_is_quoted_and_elements_of_two_shadow_roots_are_two() -> None:
    (framed,) = asyncio.run(shown("#good", "#bad", "<iframe srcdoc='<p id=good>Yes</p>'></iframe>"))
    assert (framed.selector, framed.matched) == ("#good", "Yes")
    (icon,) = asyncio.run(shown("text=Ok >> xpath=.. >> i", "#bad", "<p>Ok <i><svg width=9 height=9></svg></i></p>"))
    assert (icon.selector, icon.matched) == ("text=Ok >> xpath=.. >> i", "")
    roots = [f"<div><template shadowrootmode=open><p class={name}>{name}</p></template></div>" for name in ("a", "b")]
    two = asyncio.run(shown(".a", ".b", "".join(roots)))
    assert [(one.matched, one.is_both) for one in two] == [("a", False), ("b", False)]
