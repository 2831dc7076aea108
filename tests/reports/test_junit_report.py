"""junit.xml: as many failures as there are things to mend."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from oauth_window_harness.reports import junit as junit_module
from oauth_window_harness.reports.junit import junit
from oauth_window_harness.reports.place import Place
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.model import ScenarioResult
from tests.reports import runs
from tests.reports.hostile import hostile_results
from tests.reports.runs import FIRST, play, resting, results_of, skipped


def suites_of(*plays: ScenarioResult) -> ET.Element:
    return ET.fromstring(junit(results_of(plays)))


def counts(element: ET.Element) -> tuple[str | None, ...]:
    return tuple(element.get(name) for name in ("tests", "failures", "errors", "skipped"))


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_page_with_one_mistake_has_one_failure(page: Callable[[], list[ScenarioResult]]) -> None:
    suites = suites_of(*page())
    (failure,) = suites.iter("failure")
    passed = sum(result.verdict == "passed" for result in page())
    assert counts(suites) == ("52", "1", "0", str(51 - passed))
    assert [counts(suite) for suite in suites] == [("1", "1", "0", "0"), ("51", "0", "0", str(51 - passed))]
    assert "again: oauth-window run" in (failure.text or "")
    assert [suite.get("timestamp") for suite in suites] == ["2026-11-26T04:30:00+00:00"] * 2


def test_the_failure_of_a_cause_tells_all_of_it() -> None:
    suites = suites_of(play(FIRST, "listener-missing"), resting("account-400", "listener-missing"))
    case = suites.find("testsuite[@name='causes']/testcase")
    assert case is not None
    assert (case.get("name"), case.get("classname")) == ("listener-missing", "oauth-window.causes")
    failure = case.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == (
        "listener-missing",
        "Nothing listened when the genuine event came.",
    )
    assert [line.partition(":")[0] for line in (failure.text or "").splitlines()] == [
        *["seen"] * len(runs.EVIDENCE),
        "mend",
        "in",
        "1 scenario rests on it and was not played; --play-all plays it",
        "again",
    ]


def test_the_suite_of_scenarios_names_what_each_failed_by_and_why_others_were_not_played() -> None:
    suites = suites_of(
        play(FIRST, "listener-threw", "silent-hang"),
        resting("account-400", "listener-threw"),
        skipped("window-blocked", "the driver blocks no window"),
        play("account-401", broken="the browser is gone"),
        play("account-403", "page-hyphen-ignored"),
        play("account-404"),
    )
    suite = suites.find("testsuite[@name='oauth-window']")
    assert suite is not None
    told = {case.get("name"): [(part.tag, part.get("message")) for part in case] for case in suite}
    assert told == {
        FIRST: [
            ("skipped", "failed: listener-threw, silent-hang, told in the suite of causes"),
            ("system-out", None),
        ],
        "account-400": [("skipped", "rests on listener-threw, told of account-200")],
        "window-blocked": [("skipped", "the driver blocks no window")],
        "account-401": [("error", "the browser is gone")],
        "account-403": [("system-out", None)],
        "account-404": [],
    }
    assert counts(suite) == ("6", "0", "1", "3")
    assert counts(suites) == ("8", "2", "1", "3")


def test_a_known_error_and_a_warning_are_no_failure() -> None:
    suites = suites_of(play(FIRST, "silent-hang", known=["silent-hang"]), play("account-401", "page-hyphen-ignored"))
    assert counts(suites) == ("2", "0", "0", "0")
    assert [suite.get("name") for suite in suites] == ["oauth-window"]


def test_a_case_that_failed_has_a_picture_where_gitlab_looks_for_it() -> None:
    """That is in the output of the case, on a line of its own, by its path in the project."""
    shown = Artifacts(screenshots=("scenarios/account-200/page.png",))
    result = play(FIRST, "silent-hang").model_copy(update={"artifacts": shown, "file": "mine.yaml"})
    document = ET.fromstring(junit(results_of([play("account-401", "silent-hang"), result]), "app/report"))
    mark = "[[ATTACHMENT|app/report/scenarios/account-200/page.png]]"
    cause, _, case = document.iter("testcase")
    assert cause.findtext("system-out") == mark
    assert (case.findtext("system-out") or "").splitlines()[0] == mark
    assert case.get("file") == "mine.yaml"


def test_a_cause_with_a_place_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit_module, "place_of", lambda _cause: Place("src/connect.js", 12))
    case = suites_of(play(FIRST, "silent-hang")).find("testsuite/testcase")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("src/connect.js", "12")


def test_hostile_text_is_text_and_attaches_no_file() -> None:
    document = junit(hostile_results())
    texts = [*ET.fromstring(document).itertext()]
    assert any("</code></details><script>alert(1)</script>" in text for text in texts)
    assert "[[ATTACHMENT|" not in document
