"""In what engines differ: told of each pattern once, the difference of verdicts first."""

from __future__ import annotations

import pytest

from oauth_window_harness.results.divergence import across_engines, divergences_of
from oauth_window_harness.results.model import (
    BrowserResult,
    FindingResult,
    KnownFinding,
    RestsOn,
    Results,
    ScenarioResult,
    Severity,
    Verdict,
    summarize,
)


def play(
    name: str, browser: str, verdict: Verdict = "passed", *codes: str, severity: Severity = "error", rests_on: str = ""
) -> ScenarioResult:
    findings = tuple(
        FindingResult(code=code, severity=severity, message="m", evidence=(), mend="m", clause="") for code in codes
    )
    return ScenarioResult(
        name=name, title="", tags=(), verdict=verdict, duration_ms=1, browser=browser, findings=findings,
        events=(), requests=(), rests_on=RestsOn(code=rests_on, scenario="a") if rests_on else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (("passed",), ("passed",), False),
        (("failed", "x"), ("failed", "x"), False),
        (("failed", "x", "y"), ("failed", "y", "x"), False),
        (("passed",), ("failed", "x"), True),
        (("failed", "x"), ("failed", "y"), True),
        (("passed",), ("broken",), True),
    ],
)
def test_a_scenario_differs_by_its_verdict_or_by_what_was_found(
    one: tuple[Verdict, *tuple[str, ...]], other: tuple[Verdict, *tuple[str, ...]], differs: bool
) -> None:
    assert bool(divergences_of([play("a", "chromium", *one), play("a", "firefox", *other)])) is differs


def test_an_info_makes_no_difference() -> None:
    other = play("a", "firefox", "passed", "window-opened-late", severity="info")
    assert divergences_of([play("a", "chromium"), other]) == ()


def test_what_differs_in_the_same_way_is_told_once_and_verdicts_come_first() -> None:
    plays = [
        play("codes", "chromium", "failed", "x"),
        *(play(name, "chromium") for name in ("a", "b", "same")),
        play("codes", "firefox", "failed", "y"),
        *(play(name, "firefox", "failed", "silent-hang") for name in ("a", "b")),
        play("same", "firefox"),
    ]
    first, second = divergences_of(plays)
    assert first.scenarios == ("a", "b")
    assert [(one.browser, one.verdicts, one.codes) for one in first.engines] == [
        ("chromium", ("passed",), ()),
        ("firefox", ("failed",), ("silent-hang",)),
    ]
    assert second.scenarios == ("codes",)


def test_what_a_scenario_rests_on_is_its_code_and_plays_that_differ_are_all_told() -> None:
    plays = [play("a", "chromium"), play("a", "chromium", "failed", "x"), play("a", "firefox", "skipped", rests_on="z")]
    (row,) = divergences_of(plays)
    assert [(one.verdicts, one.codes) for one in row.engines] == [
        (("failed", "passed"), ("x",)),
        (("skipped",), ("z",)),
    ]


def test_a_scenario_that_one_engine_has_not_played_differs_in_nothing() -> None:
    assert divergences_of([play("a", "chromium", "failed", "x"), play("b", "chromium"), play("b", "firefox")]) == ()


def test_the_results_of_all_engines_are_one_with_each_cause_once() -> None:
    def results(browser: str, *plays: ScenarioResult, stale: tuple[str, ...] = ()) -> Results:
        return Results(
            app="reference", driver="playwright", browser=BrowserResult(name=browser, version="1"),
            summary=summarize(plays), scenarios=plays,
            stale=tuple(KnownFinding(scenario="a", code=code) for code in stale),
        )  # fmt: skip

    joined = across_engines(
        [
            results("chromium", play("a", "chromium"), play("b", "chromium", "failed", "x"), stale=("k", "l")),
            results("firefox", play("a", "firefox", "failed", "x"), play("b", "firefox", "failed", "x"), stale=("k",)),
        ],
        ["oauth-window", "run", "--browser", "all"],
    )
    assert joined.browser is None
    assert [one.name for one in joined.browsers] == ["chromium", "firefox"]
    assert (joined.summary.passed, joined.summary.failed) == (1, 3)
    (cause,) = joined.causes
    assert (cause.scenarios, cause.browsers) == (("a", "b"), ("chromium", "firefox"))
    assert [row.scenarios for row in joined.divergences or ()] == [("a",)]
    assert [entry.code for entry in joined.stale] == ["k"]  # it still occurs in one of them
    assert [one.label for one in joined.scenarios] == [
        "a in chromium", "b in chromium", "a in firefox", "b in firefox",
    ]  # fmt: skip
