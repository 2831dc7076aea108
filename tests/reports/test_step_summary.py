"""GitHub's step summary: the causes and their mends first, and foreign text that stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oauth_window_harness.errors import OutputError
from oauth_window_harness.reports.step_summary import step_summary, step_summary_report
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.results.run_error import ErrorResult
from oauth_window_harness.results.shards import Shard
from tests.pages import links, tokens_of
from tests.reports import runs
from tests.reports.hostile import EVIDENCE, hostile_results
from tests.reports.runs import FIRST, play, resting, results_of, skipped


def summary_of(*plays: ScenarioResult) -> str:
    return step_summary(results_of(plays), "oauth-window-report")


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_page_with_one_mistake_has_one_cause_before_anything_else(page: Callable[[], list[ScenarioResult]]) -> None:
    summary = summary_of(*page())
    titles = [line for line in summary.splitlines() if line.startswith("#")]
    assert titles[0] == "## oauth-window: 1 cause to mend"
    assert len(titles) == 2
    (code,) = {finding.code for result in page() for finding in result.findings}
    assert titles[1].startswith(f"### ❌ `{code}`: ")
    for part in (titles[1], "**Mend:** ", "oauth-window explain ", runs.EVIDENCE[0].strip()):
        assert summary.index(part) < summary.index("<details><summary>Scenarios</summary>")
    assert summary.count("**Mend:**") == 1


def test_a_cause_has_its_evidence_its_lines_its_scenarios_and_its_commands() -> None:
    summary = summary_of(play(FIRST, "listener-missing"), resting("account-400", "listener-missing"))
    for part in (
        "**1 failed**, **1 skipped** · `http://localhost:3000/settings` · 2 min 5 s",
        "### ❌ `listener-missing`: Nothing listened when the genuine event came.",
        "<details><summary>Lines of a typical page, before and after</summary>",
        "In account-200. 1 scenario rests on it and was not played; --play-all plays it.",
        "oauth-window explain listener-missing\n```",
        "| ⏭️ skipped | `account-400` | rests on listener-missing, told of account-200 | 7 ms |",
        "Report: `oauth-window-report/index.html`",
    ):
        assert part in summary


def test_what_is_known_or_worth_knowing_only_is_a_line_below_the_causes() -> None:
    summary = summary_of(play(FIRST, "silent-hang", known=["silent-hang"]), play("account-401", "event-string-ignored"))
    assert summary.startswith("## oauth-window: no failure\n")
    assert "- known: `silent-hang`, " in summary
    assert "- info: `event-string-ignored`, " in summary
    assert "###" not in summary


def test_what_could_not_be_judged_and_what_ended_the_run_are_told() -> None:
    broken = play(FIRST, broken="the browser is gone")
    assert "could not be judged: the browser is gone" in summary_of(broken, skipped("window-blocked", "no blocker"))
    error = ErrorResult(kind="environment", what="the app does not answer", where="--app", seen="", todo="start it")
    results = results_of([]).model_copy(update={"error": error, "interrupted": True})
    summary = step_summary(results, "out")
    assert summary.startswith("## oauth-window: the run could not go on\n")
    assert "error: the app does not answer\nwhere: --app\nto do: start it" in summary


def test_a_run_of_the_reference_app_says_that_it_is_not_the_user_s_page() -> None:
    results = results_of([play(FIRST)]).model_copy(update={"app": "reference"})
    assert "the bundled reference app; name yours as `app` in oauth-window.toml" in step_summary(results, "out")


def test_a_shard_of_several_leaves_the_causes_to_the_merged_report() -> None:
    shard = Shard(index=2, count=3, repeat=1, plan={FIRST: 1, "account-401": 2})
    results = results_of([play(FIRST, "listener-missing")]).model_copy(update={"shard": shard})
    summary = step_summary(results, "out")
    assert summary.startswith("## oauth-window: 1 cause to mend, shard 2 of 3\n")
    assert "`oauth-window report merge`" in summary
    assert "Mend" not in summary


def test_hostile_text_makes_no_element_link_picture_or_heading() -> None:
    summary = step_summary(hostile_results(), "out")
    page = tokens_of(summary)
    assert links(page) == []
    tags = {token.tag for token in page} | {child.tag for token in page for child in token.children or ()}
    assert tags <= {"", "h2", "h3", "p", "code", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    written = [token.content for token in page if token.type == "html_block"]
    written += [child.content for token in page for child in token.children or () if child.type == "html_inline"]
    assert {line for text in written for line in text.split("\n")} <= {
        "", "<details><summary>Scenarios</summary>", "</details>",
        "<details><summary>Lines of a typical page, before and after</summary>",
    }  # fmt: skip
    assert [token.tag for token in page if token.type == "heading_open"] == ["h2", "h3", "h3"]
    rows = [token for token in page if token.type == "tr_open"]
    assert len(rows) == 3
    assert len([token for token in page if token.type == "td_open"]) == 2 * 4


def test_hostile_text_is_shown_as_it_is_but_for_what_cannot_be_printed() -> None:
    summary = step_summary(hostile_results(), "out")
    assert "::error title=forged::not ours ::add-mask::connected" in summary
    assert "</code></details><script>alert(1)</script>" in summary
    assert not any(ord(character) < 32 and character != "\n" for character in summary)
    assert "\x1b" not in summary
    assert "\ud800" not in summary
    assert len(EVIDENCE) == 6


def test_a_summary_stays_below_what_github_takes() -> None:
    endless = ["x" * 100_000] * 1000
    plays = [
        play("account-401", "silent-hang", repeat=number).model_copy(update={"reason": "y" * 10_000})
        for number in range(1, 2000)
    ]
    findings = tuple(one.model_copy(update={"evidence": tuple(endless)}) for one in plays[0].findings)
    summary = summary_of(plays[0].model_copy(update={"findings": findings}), *plays[1:])
    assert len(summary.encode()) < 200_000
    assert "and 992 lines more, in results.json" in summary
    assert "and 1799 plays more, in results.json" in summary


def test_it_is_appended_to_what_the_step_has_written_already(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("# Mine\n")
    listen = step_summary_report(file, "out")
    for _ in range(2):
        listen(RunEnded(results_of([play(FIRST)]), ()))
    text = file.read_text()
    assert text.startswith("# Mine\n\n## oauth-window: no failure\n")
    assert text.count("## oauth-window") == 2


def test_a_file_that_cannot_be_written_is_told_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error:
        step_summary_report(tmp_path / "gone" / "summary.md", "out")(RunEnded(results_of([play(FIRST)]), ()))
    assert error.value.where.startswith("GITHUB_STEP_SUMMARY=")
