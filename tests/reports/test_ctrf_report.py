"""ctrf-report.json: by its schema, with as many failures as there are things to mend."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from werkzeug import Response

from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.reports import ctrf
from oauth_window_harness.reports.place import Place
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.model import Results, ScenarioResult
from oauth_window_harness.results.run_error import ErrorResult
from tests.commands import LONGEST, InProcess
from tests.paths import FIXTURES, JAVASCRIPT
from tests.reports import runs
from tests.reports.hostile import EVIDENCE, hostile_results
from tests.reports.runs import BEGAN, FIRST, play, resting, results_of, skipped

SCHEMA = json.loads((FIXTURES / "ctrf" / "ctrf-schema-0.0.json").read_text())

#: The reference implementation, by npm.
PACKAGE = JAVASCRIPT / "node_modules" / "ctrf"
VALIDATION = """
import { readFileSync } from "node:fs";
import { validateStrict } from "ctrf";
validateStrict(JSON.parse(readFileSync(0, "utf8")));
"""

needs_package = pytest.mark.skipif(
    shutil.which("node") is None or not PACKAGE.is_dir(),
    reason="needs Node.js, and `npm ci --ignore-scripts` in fixtures/javascript (ci/test does that)",
)


def report_of(results: Results) -> dict[str, Any]:
    """Return the report's results, once the schema has taken it as a whole."""
    told = json.loads(ctrf.ctrf(results))
    jsonschema.validate(told, SCHEMA, format_checker=jsonschema.FormatChecker())
    inner: dict[str, Any] = told["results"]
    return inner


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_page_with_one_mistake_has_one_failure(page: Callable[[], list[ScenarioResult]]) -> None:
    report = report_of(results_of(page()))
    (failure,) = [test for test in report["tests"] if test["status"] == "failed"]
    (code,) = {finding.code for result in page() for finding in result.findings}
    assert (failure["name"], failure["suite"]) == (code, ["oauth-window", "causes"])
    assert "again: oauth-window run" in failure["trace"]
    passed = sum(result.verdict == "passed" for result in page())
    summary = report["summary"]
    assert (summary["tests"], summary["failed"], summary["passed"]) == (52, 1, passed)
    assert summary["skipped"] + summary["other"] == 51 - passed


def test_every_verdict_has_a_status_and_what_could_not_be_judged_is_no_pass() -> None:
    report = report_of(
        results_of([
            play(FIRST, "silent-hang"),
            resting("account-400", "silent-hang"),
            skipped("window-blocked", "the driver blocks no window"),
            play("account-401", broken="the browser is gone"),
            play("account-403", "page-hyphen-ignored"),
            play("account-404", repeat=2),
        ])
    )  # fmt: skip
    told = {test["name"]: (test["status"], test.get("rawStatus"), test.get("message")) for test in report["tests"][1:]}
    assert told == {
        FIRST: ("other", "failed", "failed: silent-hang, told in the suite of causes"),
        "account-400": ("skipped", "skipped", "rests on silent-hang, told of account-200"),
        "window-blocked": ("skipped", "skipped", "the driver blocks no window"),
        "account-401": ("failed", "broken", "the browser is gone"),
        "account-403": ("passed", "warned", None),
        "account-404 (2)": ("passed", "passed", None),
    }


def test_it_has_the_time_of_the_run_and_the_pictures_of_its_plays() -> None:
    shown = play(FIRST, "silent-hang").model_copy(
        update={"artifacts": Artifacts(screenshots=("scenarios/account-200/page.png",)), "file": "mine.yaml"}
    )
    report = report_of(results_of([shown]))
    start = round(BEGAN.timestamp() * 1000)
    assert (report["summary"]["start"], report["summary"]["stop"]) == (start, start + 125_000)
    attachment = {"name": "page", "contentType": "image/png", "path": "scenarios/account-200/page.png"}
    assert [test["attachments"] for test in report["tests"]] == [[attachment]] * 2
    assert report["tests"][1]["filePath"] == "mine.yaml"


def test_the_error_that_ended_the_run_is_a_failure() -> None:
    error = ErrorResult(kind="usage", what="the address cannot be used", where="--app", seen="", todo="write it whole")
    report = report_of(results_of([]).model_copy(update={"error": error}))
    (test,) = report["tests"]
    assert (test["name"], test["status"], test["message"]) == ("run", "failed", "the address cannot be used")


def test_hostile_text_is_text() -> None:
    report = report_of(hostile_results())
    assert EVIDENCE[2] in report["tests"][0]["trace"]


def test_a_cause_with_a_place_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctrf, "place_of", lambda _cause: Place("src/connect.js", 12, 5))
    test = report_of(results_of([play(FIRST, "silent-hang")]))["tests"][0]
    assert (test["filePath"], test["line"]) == ("src/connect.js", 12)


def validated(report: str) -> subprocess.CompletedProcess[str]:
    """Let npm's package validate a report."""
    words = ["node", "--input-type=module", "--eval", VALIDATION]
    return subprocess.run(
        words, cwd=JAVASCRIPT, input=report, capture_output=True, text=True, timeout=LONGEST, check=False
    )


@needs_package
def test_the_package_ctrf_of_npm_takes_the_report_of_a_run_and_refuses_one_without_its_tests(
    in_process: InProcess,
) -> None:
    with LoopbackServer(lambda _request: Response("{}", content_type="application/json")) as deaf:
        app = ("--app", deaf.url_for("/"), "--deliver", deaf.url_for("/event"), "--patience", "0.3")
        done = in_process("run", "account-200", "account-401", "facebook-cancel", "--driver", "mock", *app)
    assert done.returncode == 1, done.stdout + done.stderr
    report = json.loads((in_process.folder / "oauth-window-report" / ctrf.CTRF).read_text())
    statuses = {test["status"] for test in report["results"]["tests"]}
    assert statuses >= {"failed", "other"}, statuses

    taken = validated(json.dumps(report))
    assert taken.returncode == 0, taken.stderr
    del report["results"]["tests"]
    refused = validated(json.dumps(report))
    assert refused.returncode == 1
    assert "CTRF validation failed" in refused.stderr


@needs_package
def test_the_package_takes_what_is_hostile_or_could_not_be_judged() -> None:
    error = ErrorResult(kind="usage", what="the address cannot be used", where="--app", seen="", todo="write it whole")
    plays = [play("account-401", broken="the browser is gone"), skipped("window-blocked", "it blocks no window")]
    for results in (hostile_results(), results_of(plays), results_of([]).model_copy(update={"error": error})):
        done = validated(ctrf.ctrf(results))
        assert done.returncode == 0, done.stderr


@needs_package
def test_the_schema_is_that_of_the_package() -> None:
    name = "ctrf-schema-0.0.json"
    assert (PACKAGE / "dist" / name).read_bytes() == (FIXTURES / "ctrf" / name).read_bytes()
