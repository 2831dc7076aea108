"""The baseline: known findings fail nothing, new ones do, and what no longer occurs is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command, InProcess

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


@pytest.mark.parametrize("text", [None, "{", '{"known": [{"code": "x"}]}', '{"schema_version": 2}'])
def test_a_bad_baseline_is_written_anew_as_its_error_advises(in_process: InProcess, text: str | None) -> None:
    """A run with --write-baseline refuses it, too: it would lose what is known of scenarios that are not played."""
    baseline = in_process.folder / "known.json"
    same = ("run", "account-200", "--driver", "mock", "--baseline", "known.json")
    if text is not None:
        baseline.write_text(text)
        assert in_process(*same, "--write-baseline").returncode == 2
        assert baseline.read_text() == text
    advice = " ".join(in_process(*same).stderr.split()).partition("to do: ")[2]
    assert "write it anew" in advice or text is None
    assert "by the same command with --write-baseline" in advice
    if "remove it" in advice:
        baseline.unlink()
    assert in_process(*same, "--write-baseline").returncode == 0
    assert in_process(*same).returncode == 0
