"""The end of a run in its three reports: when it began, its command, and the error that ended it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from werkzeug import Response

from oauth_window_harness.cli.next_command import typed_command
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.results.model import Results
from tests.commands import Command, InProcess
from tests.page_parts import LISTENS, WINDOW

TOKEN = "opaque-access-token-0123456789"


@pytest.fixture
def command(in_process: InProcess) -> InProcess:
    return in_process


@pytest.fixture
def closed() -> Iterator[str]:
    """An address at which nothing answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"


def results_in(command: Command | InProcess) -> dict[str, Any]:
    text = (command.folder / "oauth-window-report" / "results.json").read_text()
    Results.model_validate_json(text)
    told: dict[str, Any] = json.loads(text)
    return told


def told_in_all_reports(command: Command | InProcess, error: dict[str, str]) -> None:
    """Check that the reports for people and for CI servers tell the error as results.json does."""
    folder = command.folder / "oauth-window-report"
    page = (folder / "index.html").read_text()
    (case,) = (case for case in ET.parse(folder / "junit.xml").getroot().iter("testcase") if case.get("name") == "run")
    told = case.find("error")
    assert told is not None
    assert (told.get("message"), told.get("type")) == (error["what"], error["kind"])
    for part in ("what", "where", "todo"):
        assert error[part].split("`")[0].split("'")[0] in page
        assert error[part] in (told.text or "")


@pytest.mark.parametrize(
    ("options", "strict"),
    [((), False), (("--strict-warnings",), True), (("--strict-warnings", "--write-baseline"), False)],
)
def test_the_results_say_whether_a_warning_fails_their_run(
    command: InProcess, options: tuple[str, ...], strict: bool
) -> None:
    command("run", "account-200", "--driver", "mock", *options)
    results = results_in(command)
    assert results["strict_warnings"] is strict
    assert ("--strict-warnings" in results["again"]) is ("--strict-warnings" in options)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("options", "code", "judged"),
    [(("--strict-warnings",), 1, 1), ((), 0, 2), (("--strict-warnings", "--write-baseline"), 0, 2)],
)
def test_exitfirst_ends_a_run_at_a_warning_that_fails_it(
    command: InProcess, options: tuple[str, ...], code: int, judged: int
) -> None:
    page = f"<!doctype html><body>{LISTENS}<a id=go href='{WINDOW}' target=fb>Connect Facebook</a>"
    with LoopbackServer(lambda _request: Response(page, content_type="text/html")) as server:
        app = ("--app", server.url_for("/"), "--patience", "3")
        done = command("run", "account-200", "event-noise", *app, "--jobs", "1", "--exitfirst", *options)
    assert done.returncode == code, done.stdout + done.stderr
    verdicts = [result["verdict"] for result in results_in(command)["scenarios"]]
    assert verdicts == ["warned"] * judged + ["skipped"] * (2 - judged)


def test_a_run_tells_when_it_began_how_long_it_took_and_its_command(command: InProcess) -> None:
    before = datetime.now(UTC)
    command("run", "account-200", "--driver", "mock", "--token", TOKEN, "--user", "Ann Other")
    results = results_in(command)
    assert before <= datetime.fromisoformat(results["started_at"]) <= datetime.now(UTC)
    assert results["started_at"].endswith("Z")
    assert results["duration_ms"] >= results["scenarios"][0]["duration_ms"]
    assert results["command"] == ("oauth-window run account-200 --driver mock --token '<redacted>' --user 'Ann Other'")
    assert results["error"] is None
    assert "<error" not in (command.folder / "oauth-window-report" / "junit.xml").read_text()


@pytest.mark.parametrize("words", [["--token", TOKEN], [f"--token={TOKEN}"], ["--user", f"x{TOKEN}"]])
def test_the_command_that_is_kept_has_no_token(words: list[str]) -> None:
    assert TOKEN not in typed_command(["run", *words], TOKEN)
    assert typed_command(["run", "--token=short"], "short") == "oauth-window run '--token=<redacted>'"


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (["--app", "URL", "--app-command", "false"], 3, "the app ended before it answered"),
        (["--app", "URL", "--app-command", "no-such-program"], 3, "the app cannot be started"),
        (["--executable", "/no/such/browser"], 3, "browser"),
        (["--driver", "mock", "--app", "localhost"], 2, "the address of the app cannot be used"),
        (["--driver", "mock", "--headed"], 2, "--headed is of no use"),
        (["--driver", "mock", "--fixtures", "gone"], 2, ""),
    ],
)
def test_an_error_that_ends_a_run_stands_in_all_reports(
    command: InProcess, closed: str, arguments: list[str], code: int, what: str
) -> None:
    done = command("run", "account-200", *[closed if word == "URL" else word for word in arguments])
    assert done.returncode == code
    if arguments[-1] == "gone":  # told before the report folder is opened
        assert not (command.folder / "oauth-window-report").exists()
        return
    results = results_in(command)
    assert what in results["error"]["what"]
    assert results["error"]["what"] in done.stderr
    assert (results["interrupted"], results["scenarios"]) == (True, [])
    told_in_all_reports(command, results["error"])


def test_what_was_played_before_the_error_is_kept(command: InProcess) -> None:
    done = command(
        "run", "account-200", "--driver", "mock", "--write-baseline", "--baseline", "no/such/folder/known.json"
    )
    assert done.returncode == 3
    results = results_in(command)
    assert [result["verdict"] for result in results["scenarios"]] == ["passed"]
    assert "no/such/folder/known.json" in results["error"]["where"]
    told_in_all_reports(command, results["error"])
    assert "account-200" in (command.folder / "oauth-window-report" / "index.html").read_text()


def test_an_error_tells_no_token(command: InProcess, closed: str) -> None:
    app = ("--app", f"{closed}?x={TOKEN}", "--app-command", f"sh -c 'echo {TOKEN}; exit 4'")
    done = command("run", "account-200", "--token", TOKEN, *app)
    assert done.returncode == 3
    assert "exit code 4; <redacted>" in results_in(command)["error"]["seen"]
    for file in (command.folder / "oauth-window-report").iterdir():
        assert file.is_dir() or TOKEN not in file.read_text()
