"""The mends are true: a page with the mistake is accused, and the same page with the mend's lines is not.

That the page is accused without them is told by the tests of the apps and the cases, which play the same scenarios.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.mends import lines_of
from tests import apps, cases
from tests.commands import Command
from tests.edits import edited_copy

#: Told of every page that keeps its token, or that asks for no list of accounts, whatever else is mended in it.
TOLD_IN_ANY_CASE = {"token-in-browser", "no-way-without-opener"}

#: The verdicts of a play that nothing fails.
HELD = {"passed", "warned"}

APPS = [name for name in apps.names() if apps.read(name).mend]
CASES = [name for name, truth in cases.truths().items() if truth.mend]


def planted_in_app(name: str) -> set[str]:
    """Return the codes that an app must be told of, if it is a wrong one."""
    app = apps.read(name)
    return set() if app.right else {must.code for must in app.must_find}


def planted_in_case(name: str) -> set[str]:
    """Return the codes of a case."""
    plays = [verdict for verdict in cases.truths()[name].plays.values() if not isinstance(verdict, str)]
    return {code for _, *codes in plays for code in codes}


def accused(findings: Any, planted: set[str]) -> set[str]:
    """Return the codes of findings that a mended page must not have: what was planted, and what accuses it anew."""
    codes = {found["code"] for found in findings}
    return {code for code in codes - (TOLD_IN_ANY_CASE - planted) if code in planted or CAUSES[code].severity != "info"}


def test_every_planted_mistake_that_lines_mend_has_its_mend_played() -> None:
    planted = {code for name in apps.names() for code in planted_in_app(name)}
    planted |= {code for name in cases.truths() for code in planted_in_case(name)}
    mended = {code for name in APPS for code in planted_in_app(name)}
    mended |= {code for name in CASES for code in planted_in_case(name)}
    assert {code for code in planted if lines_of(code)} - mended == set()


@pytest.mark.parametrize("name", APPS)
def test_what_a_mend_changes_stands_in_the_app_once(name: str, tmp_path: Path) -> None:
    copy = apps.mended_copy(name, tmp_path)
    assert copy.is_dir()


@pytest.mark.browser
@pytest.mark.parametrize("name", APPS)
def test_an_app_with_its_mend_is_accused_of_nothing(name: str, tmp_path: Path) -> None:
    lacking = apps.missing(name)
    if lacking:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    scenarios = sorted({must.scenario for must in apps.read(name).must_find})

    results = apps.play(name, scenarios, tmp_path / "report", mended=apps.mended_copy(name, tmp_path / "apps"))

    found = {play.name: accused(play.model_dump()["findings"], planted_in_app(name)) for play in results.scenarios}
    assert found == {scenario: set() for scenario in scenarios}
    assert {play.verdict for play in results.scenarios} <= HELD, [play.reason for play in results.scenarios]


@pytest.mark.browser
@pytest.mark.parametrize("name", CASES)
def test_a_case_with_its_mend_is_accused_of_nothing(command: Command, name: str, tmp_path: Path) -> None:
    lacking = cases.missing(name)
    if lacking:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    copy = edited_copy(cases.folder_of(name), cases.truths()[name].mend, tmp_path / "case")

    done, results = cases.play(command, name, folder=copy)

    plays = results["scenarios"]
    found = {play["name"]: accused(play["findings"], planted_in_case(name)) for play in plays}
    assert found == {scenario: set() for scenario in cases.truths()[name].plays}, done.stdout + done.stderr
    assert {play["verdict"] for play in plays} <= HELD, done.stdout + done.stderr
