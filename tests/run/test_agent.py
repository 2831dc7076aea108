"""What docs/agents.md promises to a program that mends pages: it needs nothing but what the JSON says.

The page has several mistakes at once, in the very lines of their mends. A program runs the scenarios, looks for the
lines of each cause in the page, writes the lines after in their place, and runs again, until all is well.

The planted apps have mistakes in lines of their own. There it does to them what was done to the lines of the cause.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.reports.json import text_of
from tests import apps, cases
from tests.commands import Command
from tests.edits import CODE
from tests.patches import patched, replaced
from tests.paths import FIXTURES

pytestmark = pytest.mark.browser

PAGE = FIXTURES / "agent" / "index.html"

#: Scenarios that show all mistakes of the page, one behind the other.
SCENARIOS = ("account-200", "account-401", "event-page-underscore", "event-other-platform", "forged-lookalike-prefix")

#: The mistakes of the page.
MISTAKES = {
    "start-path-unknown", "page-underscore-ignored", "follow-up-path-unknown", "authorization-malformed",
    "failure-shown-as-success", "platform-unchecked", "origin-check-weak",
}  # fmt: skip

#: Planted apps, each with another mistake, whose own lines are near enough to those of its cause.
APPS = (
    "delegation-target-mismatch",
    "empty-list-connected-table",
    "features-noopener",
    "node-authorization-malformed",
    "pages-read-from-body",
    "platform-unasked-i18n",
    "source-ignored-abortcontroller",
    "token-in-start-query",
    "version-typo-link",
)


def play(command: Command, page: Path) -> dict[str, Any]:
    def answer(request: Request) -> Response:
        is_page = request.path == "/"
        return Response(page.read_bytes(), content_type="text/html") if is_page else Response(status=404)

    with LoopbackServer(answer) as server:
        outcomes = ("--connected", "text=Connected", "--failed", "text=could not be linked")
        done = command("run", *SCENARIOS, "--app", server.url_for("/"), "--patience", "3", *outcomes)
    results: dict[str, Any] = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    return results | {"exit": done.returncode}


def test_a_page_is_mended_to_the_end_by_what_results_json_says_alone(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(PAGE.read_text())
    told: set[str] = set()
    while (results := play(command, page))["exit"] != 0:
        text = page.read_text()
        for cause in results["causes"]:
            after = cause["lines"] and replaced(text, **cause["lines"])
            if after:
                told.add(cause["code"])
                text = after
        assert text != page.read_text(), results["causes"]
        page.write_text(text)
    assert told == MISTAKES
    assert {play["verdict"] for play in results["scenarios"]} <= {"passed", "warned"}


@pytest.mark.parametrize("name", APPS)
def test_a_planted_app_is_mended_by_what_is_done_to_the_lines_of_its_causes(name: str, tmp_path: Path) -> None:
    lacking = apps.missing(name)
    if lacking:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    planted = apps.read(name).must_find
    copy = apps.planted_copy(name, tmp_path)
    files = [file for file in copy.rglob("*") if file.suffix in CODE]
    verdicts: list[str] = []

    def causes_now() -> list[dict[str, Any]]:
        scenarios = sorted({must.scenario for must in planted})
        results = json.loads(text_of(apps.play(name, scenarios, tmp_path / "report", mended=copy)))
        verdicts[:] = [play["verdict"] for play in results["scenarios"]]
        return [cause for cause in results["causes"] if cause["code"] != cases.WITHOUT_BACKEND]

    told: set[str] = set()
    while causes := causes_now():
        texts = {file: file.read_text() for file in files}
        told.add(causes[0]["code"])
        for file, text in texts.items():
            file.write_text(patched(text, **causes[0]["lines"]))
        assert texts != {file: file.read_text() for file in files}, causes
    assert told == {must.code for must in planted}
    assert set(verdicts) <= {"passed", "warned"}
