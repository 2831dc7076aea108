"""The terminal: how the run goes on, what is to be mended, each cause once, and no line that is cut in two."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.reports.phrases import count, duration, names, one_line
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.events import (
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
    ScenarioPostponed,
    ScenarioStarted,
)
from oauth_window_harness.results.model import KnownFinding, ScenarioResult
from oauth_window_harness.results.run_error import ErrorResult
from tests.reports import runs
from tests.reports.runs import AGAIN, ALL, FIRST, Terminal, events_of, play, printed, resting, skipped

Page = Callable[[], list[ScenarioResult]]


def at_end(*plays: ScenarioResult) -> list[str]:
    """Return the lines that stand below those of the plays."""
    return printed(events_of(plays)).partition("\n\n")[2].splitlines()


# --- how much is printed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
@pytest.mark.parametrize("terminal", [None, 80, 128])
def test_a_page_with_one_mistake_is_told_in_forty_lines(page: Page, terminal: int | None) -> None:
    text = printed(events_of(page(), ["oauth-window", "run"]), terminal=terminal)
    assert text.count("\n") - text.count("\x1b[1A") <= 40  # the bar takes back the line that it stood on


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_cause_is_told_once_with_its_scenarios_and_one_command(page: Page) -> None:
    text = printed(events_of(page()))
    assert text.count("    mend: ") == 1
    assert text.count("    again: ") == 1


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_pipe_gets_every_line_whole_and_without_control_characters(page: Page) -> None:
    text = printed(events_of(page()))
    command = " ".join(AGAIN)
    assert len([line for line in text.splitlines() if f"again: {command} " in line]) == 2
    assert "\x1b" not in text
    assert "\r" not in text
    titles = [result.title for result in page() if result.verdict == "failed"]
    assert all(any(line.endswith(title) for line in text.splitlines()) for title in titles)


def test_a_terminal_has_titles_cut_and_commands_whole() -> None:
    text = printed(events_of([play("account-401", "silent-hang")]), terminal=40)
    (line,) = [line for line in text.splitlines() if "[1/1]" in line]
    assert line.rstrip().endswith("…")
    assert f"again: {' '.join(AGAIN)} account-401\n" in text


# --- how it goes on -------------------------------------------------------------------------------------------------


def test_something_is_printed_before_the_browser_has_started() -> None:
    assert printed([]) == "starting the driver and the app\n"


def test_a_few_plays_have_a_line_each() -> None:
    text = printed(events_of([play(FIRST), play("account-401", "silent-hang"), resting("account-400", "silent-hang")]))
    first, second = [line for line in text.splitlines() if line.startswith("[")]
    assert first == f"[1/3] ✓ account-200  7 ms  {ALL[FIRST].title}"
    assert second.startswith("[2/3] ✗ account-401  7 ms  ")


def test_what_broke_is_named_as_soon_as_the_first_play_shows_it() -> None:
    named = play("account-401", "silent-hang").errors[0]
    begun, *plays, _ = events_of([play("account-401", "silent-hang"), play("account-422", "silent-hang")])
    lines = printed([begun, *plays]).splitlines()
    assert [line for line in lines if named.code in line] == [f"      {named.code}: {named.message}"]
    assert lines[lines.index(f"      {named.code}: {named.message}") - 1].startswith("[1/2] ✗ account-401")


def test_of_many_plays_those_that_passed_share_lines_and_what_failed_stands_alone() -> None:
    plays = [play(FIRST, repeat=number) for number in range(1, 26)]
    plays[3] = play(FIRST, "silent-hang", repeat=4)
    plays[5] = play(FIRST, "page-hyphen-ignored", repeat=6)
    lines = [line for line in printed(events_of(plays)).splitlines() if line.startswith("[")]
    assert [line.partition("  ")[0].partition(", ")[0] for line in lines] == [
        "[4/25] ✗ account-200 (4)",
        "[10/25] ✓ account-200 (1)",
        "[20/25] ✓ account-200 (11)",
        "[25/25] ✓ account-200 (21)",
    ]
    assert lines[1].endswith("account-200 (10) ! account-200 (6)")


def test_a_pipe_says_what_is_played_now_from_the_first_play_on_and_with_each_line_that_plays_share() -> None:
    stream = io.StringIO()
    listen = terminal_report(Console(file=stream, width=140), "report")
    listen(RunStarted("reference", "mock", "none", 30))
    for name in (FIRST, "account-401", "account-422"):
        listen(ScenarioStarted(ALL[name], None))
    assert stream.getvalue().splitlines()[1:] == ["30 scenarios on reference, mock, none", f"now: {FIRST}"]
    for _ in range(10):
        listen(ScenarioEnded(play(FIRST), Journal()))
    assert stream.getvalue().splitlines()[-1].endswith(f" {FIRST}; now: account-401, account-422")


def test_what_waits_to_be_played_again_is_not_said_to_be_played_now() -> None:
    stream = io.StringIO()
    listen = terminal_report(Console(file=stream, width=140), "report")
    listen(RunStarted("reference", "mock", "none", 30))
    for name in (FIRST, "account-401", "account-422"):
        listen(ScenarioStarted(ALL[name], None))
        listen(ScenarioPostponed(ALL[name], None))
    listen(ScenarioStarted(ALL["account-401"], None))
    for _ in range(10):
        listen(ScenarioEnded(play(FIRST), Journal()))
    assert [line.rpartition("now: ")[2] for line in stream.getvalue().splitlines()[2:]] == [FIRST, "account-401"]


def test_where_each_scenario_is_played_several_times_scenarios_and_plays_are_counted() -> None:
    text = printed([RunStarted("reference", "mock", "none", 102, 2)])
    assert "51 scenarios, 102 plays on reference" in text


def test_the_bar_shows_what_is_under_way_where_several_plays_are() -> None:
    """On a terminal it stands below the line of each play that failed, and is gone at the end."""
    file = Terminal()
    listen = terminal_report(Console(file=file, width=120, color_system=None, _environ={"TERM": "xterm"}), "report")
    plays = [play(name) for name in list(ALL)[:20]]
    failed = play("account-401", "silent-hang")
    listen(RunStarted("reference", "mock", "none", len(plays)))
    for name in (FIRST, "account-401", "account-422", "account-500"):
        listen(ScenarioStarted(ALL[name], None))
    listen(ScenarioPostponed(ALL["account-500"], None))
    listen(ScenarioEnded(failed, Journal()))
    shown = file.getvalue()
    assert "[1/20] ✗ account-401" in shown
    assert "0/20" in shown
    listen(RunEnded(runs.results_of([*plays, failed]), AGAIN))
    last = file.getvalue().rpartition("/20")[2]
    assert "account-200, account-422" in last
    assert "account-500" not in last
    assert file.getvalue().count("\x1b[?25l") == file.getvalue().count("\x1b[?25h") == 1  # the cursor is back


def test_output_that_holds_no_mark_has_letters() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    listen = terminal_report(Console(file=stream, width=140), "report")
    for event in events_of([play(FIRST), play("account-401", "silent-hang")]):
        listen(event)
    stream.flush()
    assert b"+ account-200" in stream.buffer.getvalue()
    assert b"x silent-hang" in stream.buffer.getvalue()


# --- the end --------------------------------------------------------------------------------------------------------


def test_the_end_tells_the_cause_its_evidence_its_scenarios_what_rests_on_it_and_the_command() -> None:
    lines = at_end(play(FIRST, "listener-missing"), resting("account-400", "listener-missing"), play("start-400"))
    assert lines[0] == "✗ listener-missing  Nothing listened when the genuine event came."
    assert [line[:9] for line in lines[1:5]] == ["    seen:"] * 4
    assert {len(line) for line in lines[1:5]} == {len("    seen: ") + 200}
    assert lines[5].startswith("    mend: Add the message listener")
    assert lines[6:8] == [
        "    in account-200",
        "    1 scenario rests on it and was not played; --play-all plays it",
    ]
    assert lines[8] == "    more: oauth-window explain listener-missing"
    assert lines[9].startswith("    again: oauth-window run --app ")
    assert lines[10] == ""
    assert lines[11] == "1 passed, 1 failed, 1 skipped in 2 min 5 s"
    assert lines[12] == "report: oauth-window-report/index.html, results.json, junit.xml, ctrf-report.json"
    assert lines[13].endswith("/ --last-failed")


def test_warnings_are_shorter_and_infos_and_known_findings_have_a_line_each() -> None:
    lines = at_end(
        play(FIRST, "page-hyphen-ignored"),
        play("account-400", "event-string-ignored"),
        play("account-401", "silent-hang", known=["silent-hang"]),
    )
    assert lines[0].startswith("! page-hyphen-ignored  ")
    assert [line.split()[0] for line in lines[1:5]] == ["seen:", "mend:", "in", "more:"]
    assert lines[5:8] == ["", "info: event-string-ignored, in 1 scenario", "known: silent-hang, in 1 scenario"]
    assert lines[9] == "1 passed, 2 warned in 2 min 5 s"
    assert not any("--last-failed" in line for line in lines)


def test_each_reason_stands_once_and_what_rests_on_a_cause_is_not_told_again() -> None:
    lines = at_end(
        play(FIRST, "silent-hang"),
        resting("account-400", "silent-hang"),
        resting("account-401", None, "the first play could not be judged"),
        play("account-403", broken="the browser is gone"),
        play("account-404", broken="the browser is gone"),
        skipped("window-blocked", "the driver blocks no window"),
        skipped("window-retried", "the driver blocks no window"),
    )
    assert "? account-403, account-404  could not be judged: the browser is gone" in lines
    assert "- account-401  skipped: the first play could not be judged" in lines
    assert "- window-blocked, window-retried  skipped: the driver blocks no window" in lines
    assert not any("rests on silent-hang" in line for line in lines)


def test_stale_entries_and_an_interruption_are_told() -> None:
    plays = [play(FIRST)]
    results = runs.results_of(plays).model_copy(
        update={"interrupted": True, "stale": (KnownFinding(scenario=FIRST, code="silent-hang"),)}
    )
    events: list[RunEvent] = [*events_of(plays)][:-1]
    text = printed([*events, RunEnded(results, AGAIN)])
    assert "stale in the baseline: account-200: silent-hang no longer occurs\n" in text
    assert "interrupted; these are the results so far\n" in text


def test_a_run_that_could_not_go_on_says_so_and_where_the_reports_are() -> None:
    error = ErrorResult(what="the browser is gone", where="", seen="", todo="", kind="environment")
    results = runs.results_of([play(FIRST)]).model_copy(update={"interrupted": True, "error": error})
    assert "the run could not go on; these are the results so far\n" in printed([RunEnded(results, AGAIN)])


def test_the_trace_that_is_named_shows_the_first_cause_and_not_the_first_play() -> None:
    def traced(result: ScenarioResult) -> ScenarioResult:
        files = result.artifacts.model_copy(update={"trace": f"scenarios/{result.name}/trace.zip"})
        return result.model_copy(update={"artifacts": files})

    lines = at_end(traced(play(FIRST, "token-in-browser")), traced(play("account-401", "silent-hang")))
    traces = [line for line in lines if line.startswith("trace: ")]
    assert len(traces) == 1
    assert traces[0].endswith("oauth-window-report/scenarios/account-401/trace.zip")


def test_a_run_that_played_nothing_has_no_summary_but_its_reports() -> None:
    assert printed(events_of([])).splitlines()[2:] == [
        "report: oauth-window-report/index.html, results.json, junit.xml, ctrf-report.json"
    ]


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [
        (0, "0 ms"),
        (7, "7 ms"),
        (999, "999 ms"),
        (1200, "1.2 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min 0 s"),
        (125_000, "2 min 5 s"),
        (3_600_000, "1 h 0 min"),
        (3_725_000, "1 h 2 min"),
    ],
)
def test_a_duration_has_the_units_that_fit(milliseconds: float, told: str) -> None:
    assert duration(milliseconds) == told


def test_a_plural_is_one_of_several() -> None:
    assert [count(number, "scenario") for number in (0, 1, 2)] == ["0 scenarios", "1 scenario", "2 scenarios"]


@pytest.mark.parametrize(
    ("longest", "told"),
    [(99, "one, two, three"), (15, "one, two, three"), (14, "one and 2 more"), (3, "one and 2 more")],
)
def test_names_stand_while_they_fit(longest: int, told: str) -> None:
    assert names(["one", "two", "one", "three"], longest) == told


def test_a_text_of_a_page_moves_no_cursor() -> None:
    assert one_line("red\x1b[31m\nand a\tbell\a", 14) == "red [31m and …"
