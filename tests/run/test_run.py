"""``oauth-window run`` as a user runs it: a real browser, the bundled reference app, the files that are left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from oauth_window_harness.cli.next_command import replay_command
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.scenario import catalog
from tests.commands import Command

pytestmark = pytest.mark.browser


def results_in(folder: Path) -> dict[str, Any]:
    text = (folder / "oauth-window-report" / "results.json").read_text()
    Results.model_validate_json(text)
    told: dict[str, Any] = json.loads(text)
    return told


def test_all_contract_scenarios_pass_on_the_reference_app(command: Command) -> None:
    done = command("run", "contract")

    assert done.returncode == 0, done.stdout + done.stderr
    results = results_in(command.folder)
    names = [scenario.name for scenario in catalog.select(["contract"])]
    assert [result["name"] for result in results["scenarios"]] == names
    assert results["summary"] == {"passed": len(names), "warned": 0, "failed": 0, "skipped": 0, "broken": 0}
    assert all(name in done.stdout for name in names)
    suite = ET.parse(command.folder / "oauth-window-report" / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (str(len(names)), "0", "0")


def test_the_journal_tells_the_whole_flow_with_the_production_addresses(command: Command) -> None:
    done = command("run", "account-200")

    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = results_in(command.folder)["scenarios"]
    # The page asks what is connected already, too, when it loads.
    requests = [request for request in result["requests"] if request["endpoint"] != "accounts"]
    told = [
        (request["endpoint"], request["url"].partition("?")[0], request["status"], request["sent_by"])
        for request in requests
    ]
    service, oauth = "https://services.leadconnectorhq.com", "social-media-posting/oauth"
    account = f"{service}/{oauth}/ve9EPM428h8vShlRW1KT/facebook/accounts/658a9b6833b91e0ecb8f3958"
    assert told == [
        ("start", f"{service}/{oauth}/facebook/start", 302, "page"),
        ("dialog", "https://www.facebook.com/dialog/oauth", 200, "page"),
        ("consent", "https://www.facebook.com/dialog/oauth/confirm", 302, "page"),
        ("finish", f"{service}/{oauth}/facebook/finish", 200, "page"),
        ("account", account, 200, "server"),
    ]  # fmt: skip
    assert requests[-1]["headers"]["authorization"] == "Bearer <redacted>"
    (event,) = result["events"]
    assert event["data"] == {
        "actionType": "close",
        "page": "social-media-posting",
        "platform": "facebook",
        "placement": "placement",
        "accountId": "658a9b6833b91e0ecb8f3958",
        "reconnectAccounts": ["658a9b6833b91e0ecb834acd", "efd2daa9b6833b91e0ecb8f3511"],
    }
    assert list(event["data"]) == ["actionType", "page", "platform", "placement", "accountId", "reconnectAccounts"]
    assert (event["origin"], event["source"], event["target_origin"]) == (service, "popup", "*")
    moments = [request["at_ms"] for request in requests]
    assert moments == sorted(moments)
    assert moments[3] <= event["at_ms"] <= moments[4]


def test_every_play_leaves_its_sequence_diagram(command: Command) -> None:
    command("run", "account-401")

    (result,) = results_in(command.folder)["scenarios"]
    diagram = (command.folder / "oauth-window-report" / result["artifacts"]["diagram"]).read_text()
    assert diagram.startswith("sequenceDiagram\n")
    assert "401 account-401" in diagram


def test_each_scenario_is_played_n_times_with_repeat(command: Command) -> None:
    done = command("run", "account-200", "start-401", "--repeat", "2")

    assert done.returncode == 0
    played = [(result["name"], result["repeat"]) for result in results_in(command.folder)["scenarios"]]
    assert played == [("account-200", 1), ("account-200", 2), ("start-401", 1), ("start-401", 2)]


def test_a_scenario_of_the_users_own_is_played(command: Command) -> None:
    file = command.folder / "twice-refused.yaml"
    file.write_text(
        "title: The token is refused in a way that was seen in the wild\n"
        "provider: {login: true}\n"
        "user: [click, log-in, approve]\n"
        "answers: {account: api-401-scope-missing}\n"
        "expect: {outcome: not-connected, follow_up: true}\n"
    )

    done = command("run", str(file))

    assert done.returncode == 0, done.stdout
    (result,) = results_in(command.folder)["scenarios"]
    endpoints = [request["endpoint"] for request in result["requests"] if request["endpoint"] != "accounts"]
    assert endpoints == ["start", "dialog", "login", "login", "dialog", "consent", "finish", "account"]


def test_no_secret_of_the_user_is_in_any_file_or_line(command: Command) -> None:
    token = "very-secret-access-token-0123456789"

    done = command("run", "account-200", "account-401", "--token-env", "MY_TOKEN", variables={"MY_TOKEN": token})

    assert done.returncode == 0, done.stdout
    written = [file for file in command.folder.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if token.encode() in file.read_bytes()]
    assert token not in done.stdout + done.stderr


def read_until(running: subprocess.Popen[str], words: str) -> None:
    """Read what a command prints until it has said these words."""
    assert running.stdout is not None
    next(line for line in running.stdout if words in line)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_its_children_and_writes_what_it_has(command: Command, number: signal.Signals) -> None:
    temporary = command.folder / "temporary"
    temporary.mkdir()
    running = command.start("run", "account-200", "--repeat", "1000", TMPDIR=str(temporary))
    read_until(running, "account-200 (2)")
    # To the whole group, as a terminal's Ctrl-C goes.
    os.killpg(running.pid, number)
    _, errors = running.communicate(timeout=60)

    assert (running.returncode, errors) == (130, "")
    assert list(temporary.iterdir()) == []
    results = results_in(command.folder)
    assert results["summary"]["broken"] == 0
    assert results["interrupted"] is True
    assert results["summary"]["passed"] >= 2
    assert results["summary"]["passed"] < 1000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_again_and_again_ends_without_a_traceback(
    command: Command, number: signal.Signals
) -> None:
    """However far it has come with its ending: the second signal ends it at once, and a third finds nobody."""
    running = command.start("run", "account-200", "--repeat", "1000")
    read_until(running, "account-200 (2)")
    for _ in range(3):
        running.send_signal(number)
    _, errors = running.communicate(timeout=60)

    assert running.returncode == 130
    assert errors in ("", "ended at once, without a whole report\n")


def test_the_flow_passes_with_the_network_cut(command: Command) -> None:
    """In a network namespace whose only interface is loopback, nothing can leave the machine."""
    unshare = shutil.which("unshare")
    ip = shutil.which("ip")
    if unshare is None or ip is None:
        pytest.skip("unshare and ip are needed to cut the network (Debian: util-linux, iproute2)")
    cut = (unshare, "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")

    done = command("run", "account-200", prefix=cut)

    assert done.returncode == 0, done.stdout + done.stderr
    assert results_in(command.folder)["summary"]["passed"] == 1


def test_the_command_that_plays_it_again_names_the_variable_and_never_the_token() -> None:
    options = RunOptions(app="http://localhost:3000/", token="opaque-0123456789", token_env="SUB_ACCOUNT")
    assert replay_command(options) == [
        "oauth-window",
        "run",
        "--app",
        "http://localhost:3000/",
        "--token-env",
        "SUB_ACCOUNT",
    ]


def test_the_command_that_plays_it_again_plays_it_as_often() -> None:
    assert replay_command(RunOptions(repeat=5)) == ["oauth-window", "run", "--repeat", "5"]


def test_an_earlier_report_is_replaced_and_a_folder_with_foreign_files_is_refused(command: Command) -> None:
    command("run", "account-200", "account-401")
    command("run", "start-401")

    left = sorted(path.name for path in (command.folder / "oauth-window-report" / "scenarios").iterdir())
    assert left == ["start-401"]

    mine = command.folder / "index.html"
    mine.write_text("mine")
    refused = command("run", "start-401", "--output", ".")
    assert refused.returncode == 2
    assert "index.html" in refused.stderr
    assert mine.read_text() == "mine"
