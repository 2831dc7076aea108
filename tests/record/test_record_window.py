"""``oauth-window record`` with a window: the project's own stub as the service, and a person who approves or not."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Response

from oauth_window_harness.contract.fixture import contracts
from tests.commands import Command, InProcess
from tests.upstreams import ACCOUNT, LOCATION, TOKEN, USER, Person, service

pytestmark = pytest.mark.browser

FOLDER = "oauth-window-fixtures"


def arguments(origin: str, *more: str) -> list[str]:
    """Return the command line of a recording whose browser nobody sees."""
    return [
        "record", "--location", LOCATION, "--user", USER, "--token-env", "TOKEN", "--upstream", origin, "--headless",
        *more,
    ]  # fmt: skip


def recorded(folder: Path, name: str) -> Any:
    return json.loads((folder / FOLDER / f"{name}.json").read_text())


def test_the_event_is_recorded_as_it_came_and_run_passes_on_it(command: Command) -> None:
    with Person("approve", "event-page-underscore").at() as origin:
        done = command(*arguments(origin), variables={"TOKEN": TOKEN})
        assert done.returncode == 0, done.stdout + done.stderr
        first = {file.name: file.read_bytes() for file in (command.folder / FOLDER).iterdir()}
        again = command(*arguments(origin), variables={"TOKEN": TOKEN})

    # What was seen, in the terminal and in the files.
    assert "page is `social_media_posting`, documented `social-media-posting`" in done.stdout
    assert f"origin is `{origin}`, assumed `https://services.leadconnectorhq.com`" in done.stdout
    assert sorted(first) == [
        "account-200.json", "account-400.json", "account-401.json", "account-422.json", "event.json", "start-302.json",
    ]  # fmt: skip
    event = recorded(command.folder, "event")
    assert (event["origin"], event["target_origin"]) == (origin, "*")
    assert list(event["data"].items())[:2] == [("actionType", "close"), ("page", "social_media_posting")]
    location = recorded(command.folder, "start-302")["response"]["headers"]["location"]
    assert location.startswith("{facebook}/dialog/oauth?response_type=code&client_id=9000000000000001&")
    assert location.endswith("&state={state}")

    # One id, one pseudonym, wherever it stands; and nothing of the person.
    account = event["data"]["accountId"]
    assert recorded(command.folder, "account-200")["request"]["path"].endswith(f"/accounts/{account}")
    start = recorded(command.folder, "start-302")["request"]["query"]
    assert f"/{start['locationId']}/" in recorded(command.folder, "account-422")["request"]["path"]
    told = [*(content.decode() for content in first.values()), done.stdout, done.stderr]
    assert not [text for text in told for secret in (TOKEN, LOCATION, USER, ACCOUNT) if secret in text]

    # The same again, and played.
    assert again.returncode == 0
    assert {file.name: file.read_bytes() for file in (command.folder / FOLDER).iterdir()} == first
    played = command(
        "run", "--fixtures", FOLDER, "account-200", "account-400", "account-401", "account-422", "event-page-hyphen",
        "forged-other-window",
    )  # fmt: skip
    assert played.returncode == 0, played.stdout + played.stderr
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    sent = [result["events"][-1]["data"] for result in results["scenarios"]]
    # In a run the account of each play is counted on from the recorded one.
    assert [data["accountId"] for data in sent[:4]] == [f"{int(account, 16) + number:024x}" for number in range(4)]
    assert [data["page"] for data in sent] == ["social_media_posting"] * 4 + [
        "social-media-posting", "social_media_posting",
    ]  # fmt: skip


def test_the_event_as_it_was_captured_live_is_recorded_and_told_to_be_as_captured(command: Command) -> None:
    with Person("approve", "event-seen").at() as origin:
        done = command(*arguments(origin, "--statuses", "200"), variables={"TOKEN": TOKEN})

    assert done.returncode == 0, done.stdout + done.stderr
    captured = contracts().event("event-seen").data
    assert isinstance(captured, dict)
    data = recorded(command.folder, "event")["data"]
    assert {**data, "accountId": captured["accountId"]} == captured
    (told,) = [line for line in done.stdout.splitlines() if "page is `social_media_posting`" in line]
    assert told.endswith("; as in event-seen")
    assert command("run", "--fixtures", FOLDER, "account-200").returncode == 0


def test_an_event_that_is_a_json_string_stays_one(command: Command) -> None:
    with Person("approve", "noise-string", "event-json-string").at() as origin:
        done = command(*arguments(origin, "--statuses", "200"), variables={"TOKEN": TOKEN})

    assert done.returncode == 0, done.stdout + done.stderr
    event = recorded(command.folder, "event")
    assert isinstance(event["data"], str)
    assert json.loads(event["data"])["accountId"] in recorded(command.folder, "account-200")["request"]["path"]
    assert isinstance(recorded(command.folder, "message-1")["data"], str)
    assert "the whole is `string`, assumed `object`" in done.stdout
    assert command("run", "--fixtures", FOLDER, "account-200").returncode == 0


def test_no_secret_of_a_message_reaches_a_file_or_a_line(command: Command, tmp_path_factory: Any) -> None:
    secrets = ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2ln", "jane@bakery.org", "Zx81Kq0pLm77", "Wilhelmina", TOKEN]
    noise = contracts().event("noise-string").model_copy(update={"data": f"sid={secrets[2]} " + " ".join(secrets)})
    listed = noise.model_copy(update={"data": [*secrets, 320]})
    planted = tmp_path_factory.mktemp("planted")
    for name, event in (("noise-string", noise), ("noise-array", listed)):
        (planted / f"{name}.json").write_text(event.model_dump_json())

    with Person("approve", "noise-string", "event", "noise-array", fixtures=planted).at() as origin:
        done = command(*arguments(origin, "--statuses", "401"), variables={"TOKEN": TOKEN})

    assert done.returncode == 0, done.stdout + done.stderr
    files = {file.name: file.read_text() for file in command.folder.rglob("*") if file.is_file()}
    assert sorted(files) == ["account-401.json", "event.json", "message-1.json", "message-2.json", "start-302.json"]
    told = [*files.values(), done.stdout, done.stderr]
    assert not [secret for secret in secrets for text in told if secret in text]
    listed_now = recorded(command.folder, "message-2")["data"]
    assert (listed_now[1], listed_now[-1]) == ("user-1@example.com", 320)


@pytest.mark.parametrize(
    ("does", "more", "says"),
    [
        ("leave", [], "the window was closed, and had posted nothing"),
        ("nothing", ["--patience", "1.5"], "nobody went through the window in time"),
    ],
)
def test_a_person_who_does_not_approve_is_reported_and_nothing_is_written(
    command: Command, does: str, more: list[str], says: str
) -> None:
    with Person(does).at() as origin:
        done = command(*arguments(origin, *more), variables={"TOKEN": TOKEN})

    assert done.returncode == 3
    assert says in done.stderr
    assert "Log in to Facebook" in done.stdout
    assert list(command.folder.iterdir()) == []


def test_a_window_whose_event_names_no_account_is_recorded_without_a_follow_up(command: Command) -> None:
    with Person("approve", "event-without-account-id").at() as origin:
        done = command(*arguments(origin), variables={"TOKEN": TOKEN})

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The event names no account" in done.stdout
    assert "accountId is missing, documented as string" in done.stdout
    assert not (command.folder / FOLDER / "account-200.json").exists()
    assert recorded(command.folder, "account-401")["response"]["status"] == 401


def test_the_event_is_kept_even_if_its_follow_up_fails(command: Command) -> None:
    with Person("approve", account="api-404-no-route").at() as origin:
        done = command(*arguments(origin, "--statuses", "200"), variables={"TOKEN": TOKEN})

    assert done.returncode == 0, done.stdout + done.stderr
    assert "account GET, asked as documented: 404, where 200 was expected" in done.stdout
    assert recorded(command.folder, "event")["data"]["page"] == "social-media-posting"
    body = recorded(command.folder, "account-200-was-404")["response"]["body"]
    assert body["message"].startswith(
        "Cannot GET /social-media-posting/oauth/location000000000001/facebook/accounts/a0000"
    )


def test_start_that_refuses_ends_it_before_a_browser_opens(command: Command) -> None:
    with Person("approve").at() as origin:
        done = command(*arguments(origin), variables={"TOKEN": "another-token"})

    assert done.returncode == 3
    assert "start refuses the window" in done.stderr
    assert "seen:  status 401" in done.stderr
    assert "A browser opens" not in done.stdout


def test_an_unknown_redirect_is_reported_before_a_browser_opens(in_process: InProcess) -> None:
    to = "https://www.facebook.com/dialog/oauth?client_id=1234567890&state=a,b&extras=jane"
    with service(lambda _, status: Response("", 302, {"Location": to})) as origin:
        done = in_process(*arguments(origin), variables={"TOKEN": TOKEN})

    assert done.returncode == 3
    assert "where: start-302.json: headers.location: extras" in done.stderr
    assert "--field extras=pseudonym" in done.stderr
    assert "A browser opens" not in done.stdout
    assert "jane" not in done.stdout + done.stderr
    assert list(in_process.folder.iterdir()) == []


def test_where_there_is_no_screen_the_way_without_a_window_is_named(command: Command) -> None:
    with Person("nothing").at() as origin:
        line = [*arguments(origin, "--patience", "2"), "--headed"]
        done = command(*line, variables={"TOKEN": TOKEN, "DISPLAY": "", "WAYLAND_DISPLAY": ""})

    assert done.returncode == 3
    assert "without a window with --account-id" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_wait_closes_the_browser_and_keeps_the_token_from_it(command: Command) -> None:
    with Person("nothing").at() as origin:
        running = command.start(*arguments(origin, "--patience", "60"), TOKEN=TOKEN)
        assert running.stdout is not None
        for line in running.stdout:
            if "The window is at" in line:
                break
        lines = command.processes_left()
        environments = [environ for pid, environ in command.environments() if pid != running.pid]
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "Traceback" not in errors
    assert environments
    assert not [environ for environ in environments if TOKEN.encode() in environ]
    assert lines
    assert not [line for line in lines if TOKEN in line]
    assert list(command.folder.iterdir()) == []
