"""The causes of a run: each finding once, with all the scenarios that it concerns."""

from __future__ import annotations

from typing import Any

from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.model import FindingResult, RestsOn, ScenarioResult

AGAIN = ["oauth-window", "run", "--app", "http://localhost:3000/a b"]


def finding(code: str, severity: Any = "error", *, known: bool = False, evidence: str = "") -> FindingResult:
    return FindingResult(
        code=code, severity=severity, message=f"{code}.", evidence=(evidence,), mend="", clause="", known=known
    )


def result(name: str, *findings: FindingResult, rests_on: RestsOn | None = None) -> ScenarioResult:
    return ScenarioResult(
        name=name, title=name, tags=(), verdict="passed", duration_ms=0, rests_on=rests_on, findings=findings,
        events=(), requests=(),
    )  # fmt: skip


def test_a_cause_stands_once_with_its_scenarios_and_the_evidence_of_the_first() -> None:
    first, second = finding("silent-hang", evidence="of a"), finding("silent-hang", evidence="of b")
    (cause,) = causes_of([result("a", first), result("b", second), result("b", second)], AGAIN)
    assert (cause.code, cause.scenarios, cause.evidence) == ("silent-hang", ("a", "b"), ("of a",))
    assert cause.again == "oauth-window run --app 'http://localhost:3000/a b' a"


def test_a_scenario_of_the_users_own_is_named_by_its_file() -> None:
    own = result("mine", finding("silent-hang")).model_copy(update={"file": "my scenarios/mine.yaml"})
    (cause,) = causes_of([own], AGAIN)
    assert cause.again.endswith(" 'my scenarios/mine.yaml'")
    assert cause.scenarios == ("mine",)


def test_what_rests_on_a_cause_is_named_beside_it() -> None:
    resting = result("b", rests_on=RestsOn(code="listener-missing", scenario="a"))
    (cause,) = causes_of([result("a", finding("listener-missing")), resting], AGAIN)
    assert (cause.scenarios, cause.rest_on_it) == (("a",), ("b",))


def test_errors_come_before_warnings_and_infos_and_what_is_known_comes_last() -> None:
    findings = [finding("known", known=True), finding("info", "info"), finding("warning", "warning"), finding("error")]
    causes = causes_of([result("a", *findings)], AGAIN)
    assert [cause.code for cause in causes] == ["error", "warning", "info", "known"]


def test_what_broke_first_in_a_play_comes_before_what_only_followed_in_another() -> None:
    plays = [result("a", finding("listener-threw"), finding("silent-hang")), result("b", finding("false-cancel"))]
    assert [cause.code for cause in causes_of(plays, AGAIN)] == ["listener-threw", "false-cancel", "silent-hang"]


def test_a_cause_that_is_known_in_one_scenario_and_new_in_another_is_new_and_names_the_other_alone() -> None:
    plays = [result("a", finding("silent-hang", known=True)), result("b", finding("silent-hang"))]
    (cause,) = causes_of(plays, AGAIN)
    assert (cause.known, cause.scenarios) == (False, ("b",))
