"""What docs/agents.md promises to a program that mends pages: it needs nothing but what the JSON says.

The page has several mistakes at once, in the very lines of their mends. A program runs the scenarios, looks for the
lines of each cause in the page, writes the lines after in their place, and runs again, until all is well.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
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


def mended(text: str, lines: dict[str, str]) -> str | None:
    """Return a page with the lines after in the place of those before, however far these are indented; None without."""
    for depth in range(0, 12, 2):
        before, after = (textwrap.indent(lines[which], " " * depth) for which in ("before", "after"))
        if f"\n{before}\n" in text:
            return text.replace(before, after)
    return None


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
            after = cause["lines"] and mended(text, cause["lines"])
            if after:
                told.add(cause["code"])
                text = after
        assert text != page.read_text(), results["causes"]
        page.write_text(text)
    assert told == MISTAKES
    assert {play["verdict"] for play in results["scenarios"]} <= {"passed", "warned"}
