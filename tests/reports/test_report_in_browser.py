"""index.html in a real browser: it filters, copies, leads to places, and nothing of the page under test runs in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.journal.events import DialogShown, MessageReceived, StepTaken
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.events import RunEnded, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.run import verdict
from tests.journals import FLOW, closes, receives
from tests.reports.runs import FIRST, play, resting, results_of

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='ran'\"></details></svg><script>document.title='ran'</script>"
#: Right-to-left marks, an escape, a null, and half a character.
ODD = "\u202egnp.exe\u2066\x1b[31m\x00\ud800"
STOPPED = BrokenLink(link="event heard", missing=("event heard", "event acted on", "follow-up", "told of success"))

Act = Callable[[Page], Awaitable[Any]]


def journal_of() -> Journal:
    """Return the journal of a play that stops at the event."""
    journal = Journal()
    for event in [*FLOW, *receives(2.0), closes(2.5)]:
        journal.add(event)
    return journal


def write_report(folder: Path) -> Path:
    """Write the report of a page that never listens, and return its file."""
    broken = play(FIRST, "listener-missing")
    findings = tuple(found.model_copy(update={"broken_link": STOPPED}) for found in broken.findings)
    plays = [
        broken.model_copy(update={"findings": findings}),
        play("start-401", "token-in-browser"),
        play("start-400"),
        play("window-blocked", "silent-hang"),
        resting("account-401", "listener-missing"),
        resting("event-noise", "listener-missing"),
    ]
    return write(folder, plays, journal_of())


def write(folder: Path, plays: list[ScenarioResult], journal: Journal) -> Path:
    """Write the report of plays that all have the same journal, beside an earlier run, and return its file."""
    listen = html_report(ArtifactFolder(folder), earlier=results_of([play(FIRST), play("start-400", "silent-hang")]))
    for result in plays:
        listen(ScenarioEnded(result, journal))
    listen(RunEnded(results_of(plays).model_copy(update={"command": "oauth-window run"}), ["oauth-window", "run"]))
    return folder / "index.html"


@asynccontextmanager
async def opened(file: Path, **options: Any) -> AsyncIterator[Page]:
    """Open the report; at the end, nothing was written to the console and nothing but the file was requested."""
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(**options)
        page.set_default_timeout(90_000)  # beside other tests, a click may take its time
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if request.url != file.as_uri() else None)
        await page.goto(file.as_uri())
        yield page
        await browser.close()
    assert wrong == []


def in_browser(file: Path, act: Act, **options: Any) -> Any:
    """Open the report, and return what an act on it returns."""

    async def run() -> Any:
        async with opened(file, **options) as page:
            return await act(page)

    return asyncio.run(run())


async def names_shown(page: Page) -> list[str]:
    """Return the names of the plays that the filters leave, in order."""
    return [await name.inner_text() for name in await page.locator("[data-verdict]:not([hidden]) b").all()]


def test_filters_and_the_search_leave_what_fits_them_all(tmp_path: Path) -> None:
    async def act(page: Page) -> dict[str, list[str]]:
        seen = {}
        await page.get_by_label("Verdict").select_option("failed")
        seen["failed"] = await names_shown(page)
        await page.get_by_label("Group").select_option("window")
        seen["failed in the group"] = await names_shown(page)
        await page.get_by_role("button", name="Reset").click()
        await page.get_by_label("Code").select_option("listener-missing")
        await page.locator("#rest > summary").click()
        seen["code"] = await names_shown(page)
        await page.get_by_label("Search").fill("ACCOUNT 401")
        seen["code and text"] = await names_shown(page)
        seen["count"] = [await page.locator("#shown").inner_text()]
        await page.get_by_label("Search").fill("no such words")
        seen["nothing"] = await names_shown(page)
        seen["rest"] = [str(await page.locator("#rest").is_visible())]
        return seen

    assert in_browser(write_report(tmp_path), act) == {
        "failed": [FIRST, "window-blocked"],
        "failed in the group": ["window-blocked"],
        "code": [FIRST, "account-401", "event-noise"],
        "code and text": ["account-401"],
        "count": ["1 of 6"],
        "nothing": [],
        "rest": ["False"],
    }


def test_a_button_copies_the_command_beside_it(tmp_path: Path) -> None:
    async def act(page: Page) -> list[str]:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copied = []
        await page.locator("summary", has_text="start-400").click()
        for place in (".cause", ".run", "details[open]"):
            button = page.locator(f"{place} .command button, {place} > .command button").last
            await button.click()
            await button.get_by_text("copied").wait_for()
            copied.append(await page.evaluate("navigator.clipboard.readText()"))
        return copied

    copied = in_browser(write_report(tmp_path), act)
    assert copied[0].endswith(" start-401")
    assert copied[1:] == ["oauth-window run", "oauth-window run start-400"]


def test_an_address_with_a_place_opens_the_play_even_where_a_filter_hid_it(tmp_path: Path) -> None:
    async def act(page: Page) -> list[bool]:
        await page.get_by_label("Verdict").select_option("warned")
        await page.locator(".cause a", has_text=FIRST).first.click()
        await page.locator(f"#play-{FIRST}").wait_for()
        await page.evaluate("location.hash = '#play-account-401'")
        await page.locator("#play-account-401").wait_for()
        return [await page.locator(place).is_visible() for place in (f"#play-{FIRST}", "#rest", "#play-start-400")]

    assert in_browser(write_report(tmp_path), act) == [True, True, False]


def test_every_arrow_has_a_head_with_an_area_in_closed_and_open_elements_alike(tmp_path: Path) -> None:
    async def act(page: Page) -> list[dict[str, int]]:
        await page.locator("summary", has_text=FIRST).click()
        measured: list[dict[str, int]] = await page.evaluate(
            """() => [...document.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).map((svg) => {
                const heads = [...svg.querySelectorAll("g path:not(.line)")];
                const areas = heads.map((head) => head.getBoundingClientRect());
                return { lines: svg.querySelectorAll(".line").length,
                         heads: areas.filter(({ width, height }) => width > 4 && height > 4).length };
            })"""
        )
        return measured

    drawn = in_browser(write_report(tmp_path), act)
    assert len(drawn) == 2  # of the cause, and of the play that was opened; what is closed is not visible
    assert all(one["lines"] == one["heads"] > 5 for one in drawn)


def test_the_broken_link_is_red_and_what_is_missing_after_it_is_dashed(tmp_path: Path) -> None:
    async def act(page: Page) -> list[str]:
        drawing = page.locator(".cause .drawing").first
        style = "(line, name) => getComputedStyle(line)[name]"
        red = await page.locator(".cause .severity-error").first.evaluate(style, "color")
        broken, missing = drawing.locator(".broken .line"), drawing.locator(".missing .line, .missing rect")
        assert await broken.evaluate(style, "stroke") == red
        return [await one.evaluate(style, "strokeDasharray") for one in await missing.all()]

    dashes = in_browser(write_report(tmp_path), act)
    assert len(dashes) == 3
    assert "none" not in dashes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_window(tmp_path: Path, width: int, scheme: str) -> None:
    async def act(page: Page) -> tuple[list[str], int]:
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = await Axe().run(page)
        violations = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]
        return violations, await page.evaluate("document.documentElement.scrollWidth")

    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    assert in_browser(write_report(tmp_path), act, **options) == ([], width)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_scenarios_that_rest_on_others_are_named_in_one_or_two_lines(tmp_path: Path, width: int) -> None:
    async def act(page: Page) -> float:
        line = await page.locator("#rest > summary > .skipped").bounding_box()
        row = await page.locator("#rest > summary").bounding_box()
        assert line is not None
        assert row is not None
        return row["height"] / line["height"]

    assert in_browser(write_report(tmp_path), act, viewport={"width": width, "height": 900}) < 5


def test_without_scripts_everything_can_be_read_and_nothing_is_offered_that_does_nothing(tmp_path: Path) -> None:
    async def act(page: Page) -> list[Any]:
        await page.locator("summary", has_text="start-400").click()
        return [
            await page.locator("#play-start-400").is_visible(),
            await page.locator(".filters").is_visible(),
            await page.locator("button:visible").count(),
        ]

    assert in_browser(write_report(tmp_path), act, java_script_enabled=False) == [True, False, 0]


def test_a_hostile_event_is_text(tmp_path: Path) -> None:
    journal = Journal()
    text = Redactor().text
    at = journal.started_at
    data = {"page": HOSTILE, ODD: [ODD, HOSTILE]}
    journal.add(StepTaken(at=at, step="click"))
    journal.add(MessageReceived(at=at + 0.1, window="app", data=data, origin=text(HOSTILE), source="popup"))
    journal.add(DialogShown(at=at + 0.2, window="app", kind="alert", message=text(HOSTILE + ODD)))
    result = play(FIRST, "listener-missing").model_copy(
        update={"title": HOSTILE + ODD, "events": verdict.events_of(journal), "tags": (HOSTILE,)}
    )

    async def act(page: Page) -> list[Any]:
        await page.locator("summary").click()
        await page.locator("[data-verdict] td code").wait_for()
        return [
            await page.title(),
            await page.locator("img").count(),
            await page.locator("script").count(),
            HOSTILE.split(">", maxsplit=1)[0].replace('"', '\\"') in await page.locator("td code").inner_text(),
            "\\u202egnp.exe\\u2066" in await page.locator(".title").inner_text(),
        ]

    shown = in_browser(write(tmp_path, [result], journal), act)
    assert shown == ["oauth-window: http://localhost:3000/settings", 0, 1, True, True]


def test_a_thousand_plays_are_less_than_twenty_megabytes(tmp_path: Path) -> None:
    journal = journal_of()
    played = play(FIRST, "listener-missing").model_copy(
        update={"events": verdict.events_of(journal), "requests": verdict.requests_of(journal)}
    )
    plays = [played.model_copy(update={"repeat": number}) for number in range(1, 1001)]
    file = write(tmp_path, plays, journal)
    assert file.stat().st_size < 20_000_000

    async def act(page: Page) -> str:
        await page.get_by_label("Search").fill("(1000)")
        return await page.locator("#shown").inner_text()

    assert in_browser(file, act) == "1 of 1000"
