"""A browser that dies while several scenarios are played: its plays are lost, and the others are played in another."""

from __future__ import annotations

import json
import os
import signal

import pytest

from oauth_window_harness.drivers.playwright.connection import BROWSER_GONE
from tests.commands import Command
from tests.processes import descendants, is_browser, needs_proc

pytestmark = pytest.mark.browser


@needs_proc
def test_the_plays_of_a_browser_that_dies_are_broken_and_the_others_are_judged(command: Command) -> None:
    running = command.start("run", "--jobs", "4", "contract", "event")
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("[10/"):
            break
    (browser,) = [pid for pid in descendants(running.pid) if is_browser(pid)]
    os.kill(browser, signal.SIGKILL)
    output, errors = running.communicate(timeout=120)

    assert "Traceback" not in errors
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    assert results["error"] is None
    verdicts = {result["verdict"] for result in results["scenarios"]}
    assert verdicts == {"passed", "broken"}, output
    lost = [result["reason"] for result in results["scenarios"] if result["verdict"] == "broken"]
    assert 1 <= len(lost) <= 4
    assert set(lost) == {BROWSER_GONE}
    assert running.returncode == 3
    assert output.count(BROWSER_GONE) == 1
