"""The example in JavaScript, as a user runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_window_harness.drivers import browsers
from tests.commands import Command
from tests.paths import JAVASCRIPT


@pytest.mark.browser
@pytest.mark.skipif(
    shutil.which("node") is None or not (JAVASCRIPT / "node_modules" / "playwright-core").is_dir(),
    reason="needs Node.js, and `npm ci --ignore-scripts` in fixtures/javascript (ci/test does that)",
)
def test_a_suite_in_javascript_connects_and_is_reported_of_errors_all_at_once_on_one_server(command: Command) -> None:
    program = browsers.executable_of(None) or browsers.first_on_path(headed=False)
    if program is None:
        pytest.skip("needs a browser that is named, or on PATH: Playwright's own builds are of another version")
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(JAVASCRIPT / "connects.test.mjs")],
        env={**command.environment(), "PATH": paths, "OAUTH_WINDOW_BROWSER": str(program)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 4" in done.stdout
    assert "# fail 0" in done.stdout
