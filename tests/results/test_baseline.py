"""The baseline: known findings fail nothing, new ones do, and what no longer occurs is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command

pytestmark = pytest.mark.browser

#: A page that hears the event and does nothing.
DEAF = """<!doctype html><button id=go>Connect Facebook</button><script>
const start = "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/start";
document.getElementById("go").onclick = () => open(`${start}?locationId=ve9EPM428h8vShlRW1KT&userId=u1`);
</script>"""


@pytest.fixture
def options() -> Iterator[list[str]]:
    def answer(_request: Request) -> Response:
        return Response(DEAF, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield ["--app", f"http://127.0.0.1:{server.port}/", "--connect", "#go", "--patience", "0.5"]


def test_a_written_baseline_lets_the_same_findings_pass_and_only_those(command: Command, options: list[str]) -> None:
    assert command("run", "account-200", *options).returncode == 1
    written = command("run", "account-200", *options, "--baseline", "known.json", "--write-baseline")
    assert written.returncode == 0, written.stdout
    known = json.loads((command.folder / "known.json").read_text())
    assert known == {"schema_version": 1, "known": [{"scenario": "account-200", "code": "listener-missing"}]}

    again = command("run", "account-200", *options, "--baseline", "known.json")
    (result,) = json.loads((command.folder / "oauth-window-report/results.json").read_text())["scenarios"]
    assert again.returncode == 0
    assert result["verdict"] == "warned"
    assert result["findings"][0]["known"] is True
    assert "known: listener-missing" in again.stdout

    # Another scenario's findings are not known.
    assert command("run", "account-401", *options, "--baseline", "known.json").returncode == 1


def test_an_entry_that_no_longer_occurs_is_stale_where_it_was_played(command: Command) -> None:
    entries = [{"scenario": name, "code": "silent-hang"} for name in ("account-200", "account-500")]
    (command.folder / "known.json").write_text(json.dumps({"schema_version": 1, "known": entries}))
    done = command("run", "account-200", "--baseline", "known.json")
    assert done.returncode == 0
    assert "stale in the baseline: account-200: silent-hang no longer occurs" in done.stdout
    assert "account-500" not in done.stdout
    results = json.loads((command.folder / "oauth-window-report/results.json").read_text())
    assert results["stale"] == [{"scenario": "account-200", "code": "silent-hang"}]


def test_writing_keeps_what_is_known_of_scenarios_that_were_not_played(command: Command) -> None:
    kept = {"scenario": "account-500", "code": "silent-hang"}
    (command.folder / "oauth-window-baseline.json").write_text(json.dumps({"schema_version": 1, "known": [kept]}))
    assert command("run", "account-200", "--write-baseline").returncode == 0
    assert json.loads((command.folder / "oauth-window-baseline.json").read_text())["known"] == [kept]


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "cannot be read"), ("{", "wrong shape"), ('{"known": [{"code": "x"}]}', "known.0.scenario")],
)
def test_a_bad_baseline_is_told_before_anything_is_played(command: Command, text: str | None, said: str) -> None:
    if text is not None:
        (command.folder / "known.json").write_text(text)
    done = command("run", "account-200", "--baseline", "known.json")
    assert done.returncode == 2
    assert said in done.stderr
    assert "known.json" in done.stderr
    assert "--write-baseline" in done.stderr
