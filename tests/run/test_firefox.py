"""Firefox comes to the verdicts of Chromium: on the model app in every scenario, and on apps with a planted bug."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog
from tests import apps
from tests.engines import need_firefox

pytestmark = pytest.mark.browser

#: How long a page may take here, in seconds: a Firefox needs more of the machine, which these tests share.
PATIENCE = 10.0

#: Apps whose bugs differ in kind: in the window, the opener, the origin, the follow-up.
SAMPLE = (
    "await-settings-then-open",
    "features-noopener",
    "origin-ignored-inline",
    "finally-aborts-listener",
)


@pytest.fixture(autouse=True)
def firefox() -> None:
    need_firefox()


def play(browser: str, output: Path, *names: str) -> Results:
    """Play scenarios on the model app; all of them where none are named."""
    options = RunOptions(browser=browser, output=output, patience=PATIENCE)
    return asyncio.run(run(catalog.select(names), options, ArtifactFolder(output), ()))


def test_every_scenario_passes_on_the_model_app(tmp_path: Path) -> None:
    results = play("firefox", tmp_path)
    assert results.browser is not None
    assert results.browser.name == "firefox"
    assert [
        (one.name, one.verdict, [found.code for found in one.findings], one.reason)
        for one in results.scenarios
        if one.verdict != "passed" or one.findings
    ] == []
    assert len(results.scenarios) == len(catalog.bundled_scenarios())


@pytest.mark.parametrize("app", SAMPLE)
def test_a_planted_bug_is_the_first_finding(app: str, tmp_path: Path) -> None:
    described = apps.read(app)
    names = sorted({must.scenario for must in described.must_find})
    results = apps.play(app, names, tmp_path / "report", browser="firefox", patience=PATIENCE)
    codes = {result.name: [found.code for found in result.findings] for result in results.scenarios}
    for must in described.must_find:
        assert codes[must.scenario][:1] == [must.code], [(one.name, one.reason, codes) for one in results.scenarios]
    assert [code for found in codes.values() for code in found if code in described.must_not_find] == []


def test_all_engines_play_one_after_another_and_what_differs_is_told(tmp_path: Path) -> None:
    results = play("all", tmp_path, "account-200", "window-blocked")
    assert [one.name for one in results.browsers][:2] == ["chromium", "firefox"]
    assert (results.browser, results.divergences) == (None, ())
    played = [(one.name, one.browser, one.verdict) for one in results.scenarios]
    assert played[:4] == [
        (name, browser, "passed") for browser in ("chromium", "firefox") for name in ("account-200", "window-blocked")
    ]
    assert {one.artifacts.diagram for one in results.scenarios} >= {
        "scenarios/account-200-chromium/diagram.mmd",
        "scenarios/account-200-firefox/diagram.mmd",
    }
