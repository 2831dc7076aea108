"""`doctor`: what is here, and whether browsers elsewhere can be played in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import InProcess
from tests.endpoints import chromium, devtools_browser, playwright_server

pytestmark = pytest.mark.browser


def test_browsers_elsewhere_are_probed_and_one_that_cannot_be_used_is_told_with_what_to_do(
    in_process: InProcess, tmp_path: Path
) -> None:
    with playwright_server() as server, devtools_browser(tmp_path) as devtools:
        done = in_process(
            "doctor", "--executable", chromium(),
            *(f"--endpoint={one}" for one in (server.address, devtools.address, "ws://127.0.0.1:1/")),
        )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if "endpoint " in line]
    assert [line[0] for line in told] == ["✓", "✓", "✗"], done.stdout
    assert all("reaches the gateway" in line for line in told[:2])
    assert "no browser answers" in told[2]
    assert done.returncode == 3


def test_what_is_no_endpoint_is_wrong_use(in_process: InProcess) -> None:
    done = in_process("doctor", "--endpoint", "ftp://127.0.0.1/")
    assert done.returncode == 2
    assert "ftp://127.0.0.1/" in done.stderr
