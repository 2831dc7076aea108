"""index.html: one file that shows every play, and in which nothing of the page under test can run."""

from __future__ import annotations

import asyncio
import html
import re
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.findings.finding import finding
from oauth_window_harness.findings.mends import lines_of
from oauth_window_harness.journal.events import DialogShown, MessageReceived, StepTaken, WindowClosed
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.redact import Redactor
from oauth_window_harness.reports.drawing import drawing
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.diagram import steps
from oauth_window_harness.results.events import RunEnded, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import CauseResult, FindingResult, Results, ScenarioResult, summarize
from oauth_window_harness.run import verdict
from tests.reports.runs import FIRST, events_of, play, resting, results_of

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
        findings=verdict.findings_of([finding("event-ignored", [HOSTILE])], "account-200", Baseline()),
        events=verdict.events_of(journal),
        requests=(),
    )
    listen = html_report(ArtifactFolder(folder))
    listen(ScenarioEnded(result, journal))
    again = ("oauth-window", "run", "--app", HOSTILE)
    results = Results(
        app=HOSTILE,
        driver="playwright",
        browser=None,
        summary=summarize((result,)),
        causes=causes_of([result], again),
        scenarios=(result,),
    )
    listen(RunEnded(results, again))
    return (folder / "index.html").read_text()


def test_the_first_broken_link_comes_with_evidence_mend_and_the_command_to_play_it_again(tmp_path: Path) -> None:
    text = report(tmp_path)
    told = finding("event-ignored")
    play = text[text.index("<details") :]
    assert play.index("first broken link") < play.index(told.message) < play.index(told.mend.split("`")[0][:20])
    assert "oauth-window run --app" in text


def test_a_finding_shows_the_lines_before_and_after_as_they_are(tmp_path: Path) -> None:
    text = report(tmp_path)
    lines = lines_of("event-ignored")
    assert lines is not None
    shown = [html.unescape(shown) for shown in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)]
    assert shown == [lines.before, lines.after]


def test_a_cause_shows_the_lines_and_names_the_command_that_explains_it(tmp_path: Path) -> None:
    text = report(tmp_path)
    cause = text[text.index("<section") : text.index("</section>")]
    assert cause.count("<pre") == 2
    assert "oauth-window explain event-ignored" in cause


def test_a_run_that_took_milliseconds_does_not_say_none(tmp_path: Path) -> None:
    results = results_of([play(FIRST)]).model_copy(update={"duration_ms": 7})
    html_report(ArtifactFolder(tmp_path))(RunEnded(results, ()))
    assert "UTC, 7 ms" in (tmp_path / "index.html").read_text()


def test_nothing_that_came_from_a_page_becomes_markup(tmp_path: Path) -> None:
    text = report(tmp_path)
    assert "<img src=x" not in text
    assert text.count("<script") == 1  # the report's own, at its end
    assert text.count("&lt;script&gt;") >= 5


def page_of(folder: Path, *plays: ScenarioResult) -> str:
    """Write the report of these plays, and give its text."""
    listen = html_report(ArtifactFolder(folder))
    for event in events_of(plays):
        listen(event)
    return (folder / "index.html").read_text()


def test_nothing_in_a_cause_becomes_markup(tmp_path: Path) -> None:
    """Its texts come from findings, and those quote what a page said."""
    cause = CauseResult(
        code=HOSTILE, severity="error", message=HOSTILE, mend=HOSTILE, clause=HOSTILE, evidence=(HOSTILE,),
        scenarios=(HOSTILE,), rest_on_it=(HOSTILE,), again=HOSTILE, known=False,
    )  # fmt: skip
    found = FindingResult(code=HOSTILE, severity="error", message="", evidence=(), mend="", clause="")
    result = play(FIRST).model_copy(update={"name": HOSTILE, "findings": (found,)})
    resting_on_it = resting("account-400", HOSTILE, HOSTILE)
    results = results_of([result, resting_on_it]).model_copy(update={"causes": (cause,)})
    html_report(ArtifactFolder(tmp_path))(RunEnded(results, ()))
    text = (tmp_path / "index.html").read_text()
    assert "<img src=x" not in text
    assert text.count("<script") == 1
    told = text[text.index("To be mended") : text.index("<h2>Scenarios")]
    assert told.count("&lt;script&gt;") == 8


def test_a_cause_stands_first_and_leads_to_its_plays_and_to_what_rests_on_it(tmp_path: Path) -> None:
    text = page_of(
        tmp_path,
        play("account-404"),
        play(FIRST, "listener-missing"),
        resting("account-400", "listener-missing"),
        resting("account-401", "listener-missing"),
        play("start-400", "page-hyphen-ignored"),
    )
    headings = [text.index(f"<h2>{title}</h2>") for title in ("To be mended", "Warnings", "Scenarios")]
    assert headings == sorted(headings)
    told = text[headings[0] : headings[1]]
    assert f'<a href="#play-{FIRST}">{FIRST}</a>' in told
    assert '<a href="#resting">2 scenarios rest on it and were not played; --play-all plays them</a>' in told
    assert text.count("listener-missing</code>") == 3  # once in the list, once as a cause, once in the play
    plays = [text.index(f"<b>{name}</b>") for name in (FIRST, "start-400", "account-404", "account-400", "account-401")]
    assert plays == sorted(plays)
    assert text.count("<details") == 4  # what rests shares a list
    assert not re.search("<details[^>]* open", text)


def test_several_causes_are_listed_at_the_top_what_matters_first_with_how_many_scenarios_showed_each(
    tmp_path: Path,
) -> None:
    plays = [play("start-400", "page-hyphen-ignored"), *(play(name, "silent-hang") for name in ("account-401", FIRST))]
    text = page_of(tmp_path, *plays)
    listed = text[text.index("<nav") : text.index("</nav>")]
    assert text.index("<nav") < text.index("<h2>")
    assert re.findall(r'href="#(.*?)">.*<span class="dim">(.*?)</span>', listed) == [
        ("cause-silent-hang", "2 scenarios"),
        ("cause-page-hyphen-ignored", "1 scenario"),
    ]
    assert "<nav" not in page_of(tmp_path, *plays[1:])


def test_each_play_has_its_own_drawing_in_whatever_order_they_end(tmp_path: Path) -> None:
    """Plays of several at once end in another order than they stand in."""
    listen = html_report(ArtifactFolder(tmp_path))
    plays = [play(FIRST, repeat=number) for number in (1, 2)]
    for result in reversed(plays):
        journal = Journal()
        journal.add(StepTaken(at=journal.started_at, step=f"step of {result.repeat}"))
        listen(ScenarioEnded(result, journal))
    listen(RunEnded(results_of(plays), ()))
    text = (tmp_path / "index.html").read_text()
    places = [text.index(part) for part in ("(1)</b>", "step of 1", "(2)</b>", "step of 2")]
    assert places == sorted(places)


def test_each_anchor_is_there_once_also_of_plays_whose_names_differ_in_signs_alone(tmp_path: Path) -> None:
    plays = [play(FIRST, "silent-hang", repeat=number) for number in (1, 2, 3)]
    twin = play(FIRST).model_copy(update={"name": "Account_200 2"})
    results = results_of([*plays, twin, resting("account-400", "silent-hang")])
    html_report(ArtifactFolder(tmp_path))(RunEnded(results, ()))
    ids = re.findall(r' id="([^"]*)"', (tmp_path / "index.html").read_text())
    assert {"cause-silent-hang", "play-account-200-1", "play-account-200-2", "play-account-400"} < set(ids)
    assert len(ids) == len(set(ids))


def test_what_cannot_be_seen_or_turns_the_text_around_is_written_out(tmp_path: Path) -> None:
    reason = "a\x00b\x1b[31m\u202egnp.exe\u2066 \u200b\ufeff\ud800 \u05e9\u05dc\u05d5\u05dd\ttab"
    results = results_of([play(FIRST, broken=reason)])
    html_report(ArtifactFolder(tmp_path))(RunEnded(results, ()))
    text = (tmp_path / "index.html").read_text()
    assert "a\\u0000b\\u001b[31m\\u202egnp.exe\\u2066 \\u200b\\ufeff\\ud800 \u05e9\u05dc\u05d5\u05dd\ttab" in text


def test_a_cause_has_the_sequence_in_which_the_flow_stopped_by_it(tmp_path: Path) -> None:
    """Of two plays that showed it, the one that went on says less."""
    journal = hostile_journal()
    went_on, stopped = play("event-noise", "silent-hang"), play(FIRST, "silent-hang")
    plays = [
        with_link(went_on, BrokenLink(link="told of success")),
        with_link(stopped, BrokenLink(link="follow-up", missing=("follow-up", "told of success"))),
    ]
    listen = html_report(ArtifactFolder(tmp_path))
    for result in plays:
        listen(ScenarioEnded(result, journal))
    listen(RunEnded(results_of(plays), ()))
    text = (tmp_path / "index.html").read_text()
    cause = text[text.index("<section") : text.index("</section>")]
    assert f'aria-label="Sequence of {FIRST}"' in cause
    assert cause.index("✗ silent-hang: GET") < cause.index("says that it is connected") < cause.index("closed by user")
    assert cause.count('class="broken') == cause.count('class="missing') == 1


def test_results_that_do_not_name_the_broken_link_are_drawn_without_it(tmp_path: Path) -> None:
    """They are an older version's, or were played where nothing stopped."""
    assert 'class="drawing"' in report(tmp_path)
    assert 'class="broken' not in report(tmp_path)


def with_link(result: ScenarioResult, broken: BrokenLink) -> ScenarioResult:
    """Return a result whose findings break a link."""
    findings = tuple(found.model_copy(update={"broken_link": broken}) for found in result.findings)
    return result.model_copy(update={"findings": findings})


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
            assert not await page.locator(".drawing").is_visible()
            await page.locator(".cause a").click()
            await page.locator(".drawing").wait_for()  # the link has opened the play
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


def test_a_long_label_is_drawn_whole_in_lines_above_its_arrow_that_touch_no_other_step() -> None:
    data = {
        "actionType": "close",
        "page": "social_media_posting",
        "accountId": "658a9b6833b91e0ecb8f3958",
        "n": "x" * 60,
    }
    journal = Journal()
    for moment in (0.0, 0.1):
        origin = Redactor().text(rules.ORIGIN)
        journal.add(
            MessageReceived(at=journal.started_at + moment, window="app", data=data, origin=origin, source="popup")
        )
    first, second = drawing(steps(journal)).arrows
    label = f"postMessage {rules.as_json(data)}"
    assert "".join(text for _, text in second.lines) == label
    assert len(second.lines) > 1
    assert first.y < min(y for y, _ in second.lines) < max(y for y, _ in second.lines) < second.y


def test_what_has_no_room_ends_with_an_ellipsis_and_is_whole_in_its_title(tmp_path: Path) -> None:
    journal = Journal()
    journal.add(StepTaken(at=journal.started_at, step="approve " * 40))
    (arrow,) = drawing(steps(journal)).arrows
    assert arrow.is_cut
    assert arrow.lines[-1][1].endswith("…")
    result = play(FIRST)
    listen = html_report(ArtifactFolder(tmp_path))
    listen(ScenarioEnded(result, journal))
    listen(RunEnded(results_of([result]), ()))
    assert f"<title>{'approve ' * 40}</title>" in (tmp_path / "index.html").read_text()
