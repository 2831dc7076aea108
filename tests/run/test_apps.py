"""The integrator apps of fixtures/apps: right ones are never accused, and every planted bug is named first."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.findings.causes import CAUSES
from tests import apps, cases
from tests.planted_places import MISSING_AT_MOST, is_right, lines_of

pytestmark = pytest.mark.browser

#: The one that takes its time comes first, so that no worker is left alone with it.
RIGHT = sorted((name for name in apps.names() if apps.read(name).right), key=lambda name: name != "right-slow")
BUGGY = [name for name in apps.names() if not apps.read(name).right]

#: Codes that no page can be blamed for alone: the harness tells them beside what it was given.
NOT_PLANTED = {
    "not-played-here",  # info, told of calls that are no part of the flow
    "target-origin-mismatch",  # only a scenario of the user's own posts to another origin
}


@pytest.fixture
def app(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    lacking = apps.missing(name)
    if lacking:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    return name


def test_there_are_enough_apps_and_every_code_has_one() -> None:
    planted = {must.code for name in apps.names() for must in apps.read(name).must_find}
    # The small pages of fixtures/cases have further ones.
    plays = [said for truth in cases.truths().values() for said in truth.plays.values()]
    in_cases = {code for said in plays if not isinstance(said, str) for code in said[1:]}
    assert len(RIGHT) >= 6
    assert len(BUGGY) >= 30
    assert set(CAUSES) - planted - in_cases - NOT_PLANTED == set()
    assert planted <= set(CAUSES)


def test_of_the_bugs_that_have_a_place_at_least_95_percent_are_told_with_it() -> None:
    """The marks are true, or the plays below fail: each place is compared with the one that is told."""
    planted = [must for name in BUGGY for must in apps.read(name).must_find]
    assert [must for must in planted if bool(must.places) is (must.no_place is not None)] == []
    placed = [must for must in planted if must.places]
    unknown = [must for must in placed if must.place_unknown is not None]
    assert len(placed) >= 60
    assert len(unknown) <= MISSING_AT_MOST * len(placed)


@pytest.mark.parametrize("name", BUGGY)
def test_the_text_of_a_place_stands_in_one_line(name: str) -> None:
    with apps.folder_of(name) as folder:
        for must in apps.read(name).must_find:
            assert bool(lines_of(must.places, folder)) is bool(must.places)


@pytest.mark.parametrize("app", RIGHT, indirect=True)
def test_a_right_app_is_accused_of_nothing_in_any_scenario(app: str, tmp_path: Path) -> None:
    results = apps.play(app, [], tmp_path / "report")
    wrong = [
        (result.name, result.verdict, [found.code for found in result.findings], result.reason)
        for result in results.scenarios
        if result.verdict not in ("passed", "warned", "skipped")
    ]
    assert wrong == []
    assert results.summary.skipped <= 1
    # What is remarked upon without being an error: an app's state, for one.
    found = {(finding.code, result.name) for result in results.scenarios for finding in result.findings}
    assert {(must.code, must.scenario) for must in apps.read(app).must_find} <= found


@pytest.mark.parametrize("app", BUGGY, indirect=True)
def test_a_planted_bug_is_the_first_finding(app: str, tmp_path: Path) -> None:
    described = apps.read(app)
    results = apps.play(app, sorted({must.scenario for must in described.must_find}), tmp_path / "report")
    codes = {result.name: [found.code for found in result.findings] for result in results.scenarios}
    told = {cause.code: cause.place for cause in results.causes}
    places = {result.name: found.place for result in results.scenarios for found in result.findings[:1]}

    for must in described.must_find:
        assert codes[must.scenario][:1] == [must.code], codes
        # A place that is marked as unknown and is told after all has to lose its mark.
        is_known = must.place_unknown is None
        assert is_right(app, must, places[must.scenario]) is is_known, places[must.scenario]
        assert is_right(app, must, told[must.code]) is is_known, told[must.code]
    assert [code for found in codes.values() for code in found if code in described.must_not_find] == []
