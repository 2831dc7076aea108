"""index.html: one file that shows every play, and in which nothing of the page under test can run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.events import DialogShown, MessageReceived, StepTaken, WindowClosed
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reports.html import drawing, html_report
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.diagram import steps
from oauth_window_harness.results.events import RunEnded, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results, ScenarioResult, summarize
from oauth_window_harness.run.verdict import events_of, findings_of

HOSTILE = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"


def hostile_journal() -> Journal:
    """Return a journal in which everything that came from a page tries to become a part of the report."""
    journal = Journal()
    text = Redactor().text(HOSTILE)
    at = journal.started_at
    journal.add(StepTaken(at=at, step="click"))
    journal.add(MessageReceived(at=at + 0.1, window="app", data={"page": HOSTILE}, origin=text, source="popup"))
    journal.add(DialogShown(at=at + 0.2, window="app", kind="alert", message=text))
    journal.add(WindowClosed(at=at + 0.3, window="popup-1", by="user"))
    return journal


def report(folder: Path) -> str:
    """Write the report of one failed play with hostile words in every place, and give its text."""
    journal = hostile_journal()
    result = ScenarioResult(
        name="account-200",
        title=HOSTILE,
        tags=(),
        verdict="failed",
        duration_ms=1234,
        findings=findings_of([finding("event-ignored", [HOSTILE])], "account-200", Baseline()),
        events=events_of(journal),
        requests=(),
    )
    listen = html_report(ArtifactFolder(folder))
    listen(ScenarioEnded(result, journal))
    results = Results(app=HOSTILE, driver="playwright", browser=None, summary=summarize((result,)), scenarios=(result,))
    listen(RunEnded(results, ("oauth-window", "run", "--app", HOSTILE)))
    return (folder / "index.html").read_text()


def test_the_first_broken_link_comes_with_evidence_mend_and_the_command_to_play_it_again(tmp_path: Path) -> None:
    text = report(tmp_path)
    told = finding("event-ignored")
    assert text.index("first broken link") < text.index(told.message) < text.index(told.mend.split("`")[0][:20])
    assert "oauth-window run --app" in text


def test_nothing_that_came_from_a_page_becomes_markup(tmp_path: Path) -> None:
    text = report(tmp_path)
    assert "<img src=x" not in text
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 5


@pytest.mark.browser
def test_a_browser_shows_it_and_runs_nothing(tmp_path: Path) -> None:
    report(tmp_path)

    async def shown() -> tuple[str, str, list[str]]:
        errors: list[str] = []
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            page = await browser.new_page()
            page.on("console", lambda message: errors.append(message.text))
            await page.goto((tmp_path / "index.html").as_uri())
            color = await page.locator(".play").first.evaluate("(play) => getComputedStyle(play).borderLeftWidth")
            title = await page.title()
            await browser.close()
        return title, color, errors

    title, border, errors = asyncio.run(shown())
    assert title == f"oauth-window: {HOSTILE}"
    assert border == "5px"  # its own style is let through by its hash
    assert errors == []


def test_a_drawing_has_a_lane_for_each_who_took_part_and_an_arrow_for_each_step() -> None:
    diagram = steps(hostile_journal())
    drawn = drawing(diagram)
    assert [name for _, name in drawn.lanes] == ["User", "Page", "Window"]
    assert [arrow.step for arrow in drawn.arrows] == diagram
    assert [(arrow.x1 < arrow.x2, arrow.x1 == arrow.x2) for arrow in drawn.arrows] == [
        (True, False),  # the user clicks in the page
        (False, False),  # the window posts to it
        (False, False),  # it tells the user
        (False, True),  # a note over the window
    ]
    heights = [arrow.y for arrow in drawn.arrows]
    assert heights == sorted(set(heights))
    assert max(heights) < drawn.height
