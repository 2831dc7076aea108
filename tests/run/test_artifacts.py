"""In a real browser: which plays leave pictures of both windows and a trace, by ``--artifacts``."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.worlds import LOCATION, SERVICE, START, USER

pytestmark = pytest.mark.browser

#: It opens the window, and hears no event.
DEAF = f"""
<button>Connect Facebook</button><p role=status></p><script>
document.querySelector("button").onclick = () => window.open("{SERVICE}{START}?locationId={LOCATION}&userId={USER}");
</script>
"""

FOLDER = "oauth-window-report"


@pytest.fixture
def deaf() -> Iterator[str]:
    def answer(_request: Request) -> Response:
        return Response(DEAF, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server.url_for("/")


def artifacts(command: Command) -> dict[str, Any]:
    """Return the files of each scenario, as results.json names them."""
    read = json.loads((command.folder / FOLDER / "results.json").read_text())
    return {result["name"]: result["artifacts"] for result in read["scenarios"]}


def lines(file: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(file) as trace:
        return [json.loads(line) for line in trace.read(name).decode().split("\n") if line]


def test_what_failed_has_pictures_and_a_trace_of_both_windows_and_what_passed_has_none(
    command: Command, deaf: str
) -> None:
    done = command("run", "account-200", "facebook-cancel", "--app", deaf, "--patience", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    files = artifacts(command)["account-200"]
    assert files["screenshots"] == [f"scenarios/account-200/{name}.png" for name in ("page", "popup")]
    assert (files["trace"], files["trace_shows"]) == ("scenarios/account-200/trace.zip", None)

    trace = command.folder / FOLDER / files["trace"]
    events = lines(trace, "trace.trace")
    assert (events[0]["type"], events[0]["browserName"]) == ("context-options", "chromium")
    assert events[0]["version"] >= 8
    pages = {event["params"]["pageId"] for event in events if event.get("method") == "page"}
    drawn = {event["snapshot"]["pageId"] for event in events if event["type"] == "frame-snapshot"}
    assert len(pages) == 2
    assert pages <= drawn
    asked = {entry["snapshot"]["request"]["url"] for entry in lines(trace, "trace.network")}
    assert deaf in asked
    assert any(address.startswith(f"{SERVICE}{START}") for address in asked)
    with zipfile.ZipFile(trace) as archive:
        named = {event["file"] for event in events if event["type"] == "screencast-frame" and "file" in event}
        assert named <= set(archive.namelist())

    shown = f"python -m playwright show-trace --port 0 {FOLDER}/scenarios/account-200/trace.zip"
    assert shown in done.stdout
    assert shown in (command.folder / FOLDER / "index.html").read_text()
    assert f"[[ATTACHMENT|{FOLDER}/{files['trace']}]]" in (command.folder / FOLDER / "junit.xml").read_text()


def test_what_passes_keeps_nothing_unless_all_is_kept(command: Command) -> None:
    command("run", "account-200")
    assert artifacts(command)["account-200"] | {"diagram": ""} == {
        "trace": None, "trace_shows": None, "untraced": None, "screenshots": [], "diagram": "",
    }  # fmt: skip
    command("run", "account-200", "start-400", "--artifacts", "all")
    kept = artifacts(command)
    assert [files["trace"] for files in kept.values()] == [f"scenarios/{name}/trace.zip" for name in kept]
    assert all(len(files["screenshots"]) == 2 for files in kept.values())


def test_nothing_is_kept_where_none_is_wanted(command: Command, deaf: str) -> None:
    (command.folder / "oauth-window.toml").write_text('artifacts = "none"\n')
    done = command("run", "account-200", "--app", deaf, "--patience", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    files = artifacts(command)["account-200"]
    assert (files["trace"], files["screenshots"]) == (None, [])
    assert "show-trace" not in done.stdout


def test_a_value_that_does_not_exist_is_wrong_use(command: Command) -> None:
    done = command("run", "--artifacts", "fail")
    assert done.returncode == 2
    assert "'fail' is not one of 'failed'," in done.stderr
    (command.folder / "oauth-window.toml").write_text('artifacts = "some"\n')
    done = command("run")
    assert done.returncode == 2
    assert 'artifacts takes "failed" or "all" or "none"' in done.stderr
