"""``oauth-window record`` by HTTP alone: the files that it writes, what it refuses to write, and bad input."""

from __future__ import annotations

import base64
import json
import logging
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import pytest
from werkzeug import Request, Response

from oauth_window_harness import resources
from oauth_window_harness.contract.fixture import Exchange, contracts
from tests.commands import Command, InProcess
from tests.servers import ServeProcess
from tests.upstreams import (
    ACCOUNT,
    ANSWERS,
    LOCATION,
    PAGES,
    TOKEN,
    Answer,
    Endless,
    as_json,
    documented_answer,
    service,
)

FOLDER = "oauth-window-fixtures"


@pytest.fixture
def command(in_process: InProcess) -> InProcess:
    return in_process


def record(
    command: InProcess | Command, origin: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Record an account from a service; check that there is no traceback and that the token is not shown."""
    done = command(
        "record", "--location", LOCATION, "--account-id", ACCOUNT, "--token-env", "TOKEN", "--upstream", origin,
        *arguments, variables={"TOKEN": TOKEN},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done


def contents(folder: Path) -> dict[str, str]:
    """Return all files below a folder, hidden ones too, by name."""
    return {
        str(file.relative_to(folder)): file.read_bytes().decode("utf-8", "replace")
        for file in folder.rglob("*")
        if file.is_file()
    }


def recorded(command: InProcess, name: str) -> Any:
    return json.loads((command.folder / FOLDER / f"{name}.json").read_text())


def test_the_follow_up_and_three_errors_that_were_provoked_are_recorded(command: InProcess) -> None:
    with service() as origin:
        done = record(command, origin)

    assert done.returncode == 0, done.stderr
    files = sorted(contents(command.folder / FOLDER))
    assert files == ["account-200.json", "account-400.json", "account-401.json", "account-422.json"]
    asked = {status: recorded(command, f"account-{status}")["request"] for status in ANSWERS}
    assert [asked[status].get("provoked_by") for status in ANSWERS] == [
        None, "version-not-a-date", "bearer-bad", "parameter-bad",
    ]  # fmt: skip
    assert asked[400]["headers"]["version"] == "not-a-date"
    assert asked[401]["headers"]["authorization"] == "Bearer undefined"
    assert asked[422]["path"].endswith("/facebook/accounts/not-an-account-id")
    assert [recorded(command, f"account-{status}")["response"]["body"] for status in (400, 401, 422)] == [
        ANSWERS[status] for status in (400, 401, 422)
    ]
    assert "account GET, with a bad bearer: 401" in done.stdout
    assert "Nothing differs from the documented contract." in done.stdout
    assert done.stdout.rstrip().endswith(f"oauth-window run --fixtures {FOLDER}")


def test_ids_names_and_pictures_are_pseudonyms_of_the_same_shape(command: InProcess) -> None:
    with service() as origin:
        record(command, origin)

    told = recorded(command, "account-200")
    assert told["response"]["body"] == {
        **ANSWERS[200],
        "results": {
            "pages": [
                {
                    "id": "200000000000001",
                    "name": "Page 1",
                    "avatar": "https://url-1.invalid/part/part/part.jpg",
                    "isOwned": True,
                    "isConnected": False,
                }
            ]
        },
    }
    assert told["request"] == {
        "method": "GET",
        "path": "/social-media-posting/oauth/location000000000001/facebook/accounts/a00000000000000000000001",
        "headers": {"version": "2021-07-28", "authorization": "Bearer pit-00000000-0000-4000-8000-000000000001"},
    }


def test_two_recordings_of_the_same_thing_are_the_same(command: InProcess) -> None:
    """Signatures, trace ids, quotas and moments differ each time."""
    times = iter(range(100))

    def answer(_request: Request, status: int) -> Response:
        time = next(times)
        page = {**PAGES[0], "avatar": f"https://scontent.xx.fbcdn.net/p.jpg?oh={time}abc&oe={time}"}
        body = {**ANSWERS[status], "traceId": f"dc9dbc34-1d05-41f4-b2a4-6d75e0bcd{time:03d}"}
        if status == 200:
            body["results"] = {"pages": [page]}
        if status == 422:
            body["timestamp"] = f"2026-11-25T08:00:{time:02d}.123Z"
        quota = {"X-RateLimit-Max": "100", "X-RateLimit-Remaining": str(99 - time), "Date": str(time)}
        return as_json(body, status, quota)

    with service(answer) as origin:
        record(command, origin)
        first = contents(command.folder / FOLDER)
        again = record(command, origin)

    assert again.returncode == 0
    assert contents(command.folder / FOLDER) == first
    assert recorded(command, "account-422")["volatile"] == [
        "$.timestamp", "$.traceId", "headers.x-ratelimit-remaining",
    ]  # fmt: skip


def test_headers_are_kept_by_a_list(command: InProcess) -> None:
    came = {
        "Set-Cookie": "sid=s3cr3t",
        "X-Trace": "abc",
        "X-RateLimit-Max": "100",
        "Server": "x",
        "Location": "/elsewhere",
    }

    with service(lambda _, status: as_json(ANSWERS[status], status, came)) as origin:
        record(command, origin, "--statuses", "200")

    assert recorded(command, "account-200")["response"]["headers"] == {
        "content-type": "application/json; charset=utf-8", "x-ratelimit-max": "100",
    }  # fmt: skip


def test_an_unexpected_answer_is_kept_under_its_own_status(command: InProcess) -> None:
    def answer(request: Request, status: int) -> Response:
        return documented_answer(request, 401 if status == 400 else status)

    with service(answer) as origin:
        done = record(command, origin)

    assert done.returncode == 0
    assert "account GET, with a Version that is not a date: 401, where 400 was expected" in done.stdout
    assert recorded(command, "account-400-was-401")["response"]["status"] == 401
    assert not (command.folder / FOLDER / "account-400.json").exists()
    assert "status is `401`, documented `400`" in done.stdout


def test_what_an_earlier_recording_says_no_more_is_taken_away_and_foreign_files_stay(command: InProcess) -> None:
    with service(lambda request, status: documented_answer(request, 401 if status == 400 else status)) as origin:
        record(command, origin)
    (command.folder / FOLDER / "mine.json").write_text("{}")
    (command.folder / FOLDER / "account-200-no-pages.json").write_text("{}")

    with service() as origin:
        record(command, origin)

    assert sorted(contents(command.folder / FOLDER)) == [
        "account-200-no-pages.json", "account-200.json", "account-400.json", "account-401.json", "account-422.json",
        "mine.json",
    ]  # fmt: skip


def test_a_token_that_is_refused_spoils_no_earlier_recording(command: InProcess) -> None:
    with service() as origin:
        record(command, origin)
    before = contents(command.folder)

    with service(lambda request, _: documented_answer(request, 401)) as origin:
        done = record(command, origin)

    assert done.returncode == 3
    assert "the service refuses a request that it should answer, so nothing was written" in done.stderr
    assert contents(command.folder) == before


def test_only_the_given_statuses_are_recorded(command: InProcess) -> None:
    asked: list[int] = []

    def answer(request: Request, status: int) -> Response:
        asked.append(status)
        return documented_answer(request, status)

    with service(answer) as origin:
        done = record(command, origin, "--statuses", "401, 200", "--out", "deep/down", "--api", "v3")

    assert done.returncode == 0
    assert asked == [200, 401]
    assert sorted(contents(command.folder / "deep")) == ["down/account-200.json", "down/account-401.json"]
    told = json.loads((command.folder / "deep/down/account-200.json").read_text())
    assert (told["api"], told["request"]["headers"]["version"]) == ("v3", "v3")


def test_differences_from_the_documented_contract_are_reported(command: InProcess) -> None:
    def answer(_request: Request, status: int) -> Response:
        body = {name: value for name, value in ANSWERS[status].items() if name != "error"}
        return as_json({**body, "traceId": "abc"} if status == 401 else body, status)

    with service(answer) as origin:
        done = record(command, origin)

    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "account-401.json error is missing, documented as string" in lines
    assert "account-401.json traceId is there as string, not documented" in lines
    assert "account-422.json error is missing, documented as string" in lines


# --- secrets ------------------------------------------------------------------------------------------------------

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"

#: What is planted, and what of it must be nowhere.
PLANTED = {
    "the live token": TOKEN,
    "the live token, percent-encoded": quote(TOKEN, safe="").replace("-", "%2D"),
    "the live token in base64": base64.b64encode(TOKEN.encode()).decode(),
    "a JSON web token": JWT,
    "another Private Integration token": "pit-0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f",
    "an e-mail address": "jane.roe@bakery.example.org",
    "a signed address": "https://storage.googleapis.com/b/o.png?X-Goog-Signature=8f3ab2c1d0",
    "a bearer": "Bearer q9Lm-Opaque.Token_77",
    "a cookie": "sid=Zx81Kq0pLm",
    "a service's key": "sk_live_4eC39HqLyjWDarjtT1",
    "a private key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
    "the location": LOCATION,
    "the account": ACCOUNT,
    "a page's name": "Jane Roe Bakery",
    "a person's name": "Wilhelmina",
    "a phone number": "+49 170 5550123",
    "an address of a machine": "203.0.113.77",
    "a number": "244405123411687",
}  # fmt: skip


def planted(secret: str) -> Answer:
    """Return a service that echoes a secret wherever an answer has room for it."""

    def answer(_request: Request, status: int) -> Response:
        body = dict(ANSWERS[status])
        headers = {
            "Set-Cookie": f"a={secret!r}",
            "X-Echo": repr(secret),
            "Content-Type": f"application/json; {secret!r}",
        }
        if status == 200:
            body["results"] = {"pages": [{**PAGES[0], "name": secret, "avatar": secret}, {**PAGES[0], "id": secret}]}
        elif status == 422:
            body["message"] = [f"accountId must be valid, not {secret}", f"'{secret}'"]
        else:
            body["message"] = f'Invalid token: "{secret}" is invalid ({secret}).'
            body["error"] = secret
        return as_json(body, status, headers)

    return answer


@pytest.mark.parametrize("kind", PLANTED)
def test_no_planted_secret_reaches_a_file_a_line_or_a_log(
    command: InProcess, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = PLANTED[kind]
    caplog.set_level(logging.DEBUG)

    with service(planted(secret)) as origin:
        done = record(command, origin)

    assert done.returncode == 0, done.stderr
    texts = [*contents(command.folder).values(), done.stdout, done.stderr, caplog.text]
    assert len(texts) == 7
    value = secret.partition("=")[2]
    parts = {secret, json.dumps(secret)[1:-1], secret.casefold(), value if len(value) > 3 else secret}
    for text in texts:
        assert not [part for part in parts if part in text or part in text.casefold()]


@pytest.mark.parametrize(
    ("status", "change", "where"),
    [
        (401, {"debug": f"token {TOKEN}"}, "account-401.json: $.debug"),
        (200, {"results": {"pages": [{**PAGES[0], "owner": "Jane"}]}}, "account-200.json: $.results.pages[0].owner"),
        (422, {"options": {"deep": {"er": JWT}}}, "account-422.json: $.options.deep"),
        (422, {"options": {JWT: 1}}, "account-422.json: $.options[a name that may be personal itself]"),
        (401, {"message": {"jane@bakery.org": 1}}, "account-401.json: $.message[a name that may be personal itself]"),
        (200, {"success": "jane"}, "account-200.json: $.success"),
        (200, {"statusCode": 4915550123}, "account-200.json: $.statusCode"),
    ],
)
def test_an_unknown_field_is_refused(command: InProcess, status: int, change: dict[str, Any], where: str) -> None:
    with service(lambda _, came: as_json({**ANSWERS[came], **(change if came == status else {})}, came)) as origin:
        done = record(command, origin)

    assert done.returncode == 3
    assert f"where: {where}" in done.stderr
    assert "nothing was written" in done.stderr
    assert not [part for part in (JWT, "jane", "Jane", "4915550123") if part in done.stderr + done.stdout]
    assert list(command.folder.iterdir()) == []


def test_a_refusal_leaves_an_earlier_recording_as_it_was(command: InProcess) -> None:
    with service() as origin:
        record(command, origin)
    before = contents(command.folder)

    with service(lambda _, status: as_json({**ANSWERS[status], "new": "x"}, status)) as origin:
        assert record(command, origin).returncode == 3

    assert contents(command.folder) == before


@pytest.mark.parametrize(
    ("rule", "told"), [("keep", {"plan": "gold", "seats": 3}), ("pseudonym", {"plan": "opaque1", "seats": 1})]
)
def test_the_user_can_give_the_rule_of_a_field_by_its_name(command: InProcess, rule: str, told: dict[str, Any]) -> None:
    body = {**ANSWERS[200], "plan": "gold", "seats": 3}

    with service(lambda _, status: as_json(body, status)) as origin:
        done = record(command, origin, "--statuses", "200", "--field", f"plan={rule}", "--field", f"seats={rule}")

    assert done.returncode == 0, done.stderr
    came = recorded(command, "account-200")["response"]["body"]
    assert sorted(came) == ["message", "plan", "results", "seats", "statusCode", "success"]
    assert (came == {**came, **told}) is (rule == "keep")


def test_all_unknown_fields_are_answered_by_one_command_which_is_printed_whole(command: InProcess) -> None:
    body = {**ANSWERS[200], "plan": "gold", "meta": {"owner": "Wilhelmina Roe", "trial": True, "seats": [3, 1.5]}}

    with service(lambda _, status: as_json(body, status)) as origin:
        refused = record(command, origin, "--statuses", "200", "--out", "fixtures of mine")
        line = refused.stderr.rpartition("pseudonym`")[0] and refused.stderr.rpartition(": ")[2].strip()
        typed = shlex.split(line.replace("LOCATION", LOCATION).replace("ACCOUNT", ACCOUNT))
        done = command(*typed[1:], variables={"TOKEN": TOKEN})

    assert refused.returncode == 3
    assert "2 fields that redaction does not know" in refused.stderr
    assert "account-200.json: $.plan; account-200.json: $.meta" in refused.stderr
    assert typed[:2] == ["oauth-window", "record"]
    assert done.returncode == 0, done.stderr
    text = (command.folder / "fixtures of mine" / "account-200.json").read_text()
    assert "Wilhelmina" not in text
    assert "gold" not in text


# --- what bad input gets --------------------------------------------------------------------------------------------

GOOD = ["--location", LOCATION, "--account-id", ACCOUNT, "--token-env", "TOKEN", "--upstream", "http://127.0.0.1:9"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["--token-env", "NOT_THERE"], "--token-env NOT_THERE"),
        (["--token-env", "EMPTY"], "--token-env EMPTY"),
        (["--token-env", "BROKEN"], "the token holds characters that no bearer token has"),
        (["--statuses", "200,500"], "seen:  500"),
        (["--statuses", "ok"], "seen:  ok"),
        (["--statuses", ""], "--statuses"),
        (["--platform", "instagram"], "choose one of: facebook"),
        (["--api", "2020-01-01"], "choose one of: 2021-07-28, v3"),
        (["--upstream", "http://services.leadconnectorhq.com"], "a token is not sent in the clear"),
        (["--upstream", "https://user:secret@services.leadconnectorhq.com"], "--upstream"),
        (["--upstream", "services.leadconnectorhq.com"], "--upstream"),
        (["--location", " "], "--location"),
        (["--account-id", "a\nb"], "--account-id"),
        (["--field", "plan"], "NAME=keep or NAME=pseudonym"),
        (["--field", "plan=drop"], "NAME=keep or NAME=pseudonym"),
        (["--patience", "0"], "--patience"),
    ],
)
def test_wrong_use_is_reported(command: InProcess, change: list[str], says: str) -> None:
    done = command("record", *GOOD, *change, variables={"TOKEN": TOKEN, "EMPTY": " ", "BROKEN": "two words-s3cr3t"})

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cr3t" not in done.stderr
    assert list(command.folder.iterdir()) == []


def test_no_token_at_all_is_reported(command: InProcess) -> None:
    done = command("record", "--location", LOCATION, "--account-id", ACCOUNT)

    assert done.returncode == 2
    assert "where: --token-env" in done.stderr


def test_the_window_needs_a_user(command: InProcess) -> None:
    done = command("record", "--location", LOCATION, "--token-env", "TOKEN", variables={"TOKEN": TOKEN})

    assert done.returncode == 2
    assert "where: --user" in done.stderr


def _redirects(_request: Request, _status: int) -> Response:
    return Response("", 302, {"Location": f"https://evil.example/{TOKEN}?jwt={JWT}"})


def _html(_request: Request, status: int) -> Response:
    return Response(f"<html>Jane Roe {JWT}</html>", status, content_type="text/html")


def _half(_request: Request, _status: int) -> Response:
    return Response(b'{"statusCode": 2', 200, {"Content-Length": "16"}, content_type="application/json")


def _nested(_request: Request, _status: int) -> Response:
    return Response("[" * 100_000, 200, content_type="application/json")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (_redirects, "the service redirects where it should answer"),
        (_html, "the service answers with HTML"),
        (_half, "text that is not JSON"),
        (_nested, "text that is not JSON"),
    ],
)
def test_an_answer_that_is_not_that_of_an_api_ends_the_recording(command: InProcess, answer: Answer, says: str) -> None:
    with service(answer) as origin:
        done = record(command, origin)

    assert done.returncode == 3
    assert says in done.stderr
    assert origin in done.stderr
    assert not [part for part in ("evil.example", "Jane", JWT) if part in done.stderr + done.stdout]
    assert list(command.folder.iterdir()) == []


def test_an_answer_without_end_is_not_waited_for(command: InProcess) -> None:
    endless = Endless()
    with service(endless) as origin:
        done = record(command, origin)
        endless.over.set()

    assert done.returncode == 3
    assert "longer than" in done.stderr
    assert list(command.folder.iterdir()) == []


def test_a_slow_service_is_waited_for_no_longer_than_the_patience(command: InProcess) -> None:
    over = threading.Event()

    def answer(request: Request, status: int) -> Response:
        over.wait(60)
        return documented_answer(request, status)

    with service(answer) as origin:
        done = record(command, origin, "--patience", "0.5")
        over.set()

    assert done.returncode == 3
    assert "0.5 s" in done.stderr
    assert list(command.folder.iterdir()) == []


def test_a_service_that_is_down_is_reported(command: InProcess) -> None:
    with service() as origin:
        pass

    done = record(command, origin)

    assert done.returncode == 3
    assert "the service cannot be reached" in done.stderr


def test_a_folder_that_cannot_be_written_is_reported_before_any_request(command: InProcess) -> None:
    (command.folder / "taken").write_text("a file")
    asked: list[int] = []

    def answer(request: Request, status: int) -> Response:
        asked.append(status)
        return documented_answer(request, status)

    with service(answer) as origin:
        done = record(command, origin, "--out", "taken/fixtures")

    assert done.returncode == 3
    assert "a file stands in its place" in done.stderr
    assert asked == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_recording_leaves_nothing(process: Command, number: signal.Signals) -> None:
    reached, over = threading.Event(), threading.Event()

    def answer(request: Request, status: int) -> Response:
        reached.set()
        over.wait(60)
        return documented_answer(request, status)

    with service(answer) as origin:
        line = ["record", *GOOD[:-1], origin]
        running = process.start(*line, TOKEN=TOKEN)
        assert reached.wait(30)
        running.send_signal(number)
        out, errors = running.communicate(timeout=30)
        over.set()

    assert running.returncode == 130
    assert "Traceback" not in errors
    assert TOKEN not in out + errors
    assert list(process.folder.iterdir()) == []


# --- replaying ------------------------------------------------------------------------------------------------------


def test_serve_replays_what_was_recorded_and_beneath_it_what_is_bundled(process: Command) -> None:
    body = {**ANSWERS[401], "message": "Invalid JWT"}
    with service(lambda _, status: as_json(body if status == 401 else ANSWERS[status], status)) as origin:
        record(process, origin)
    served = ServeProcess(process, "--fixtures", FOLDER)
    try:
        url = f"{served.ready['stub']}/social-media-posting/oauth/facebook/accounts/{ACCOUNT}"
        told = [httpx.get(url, headers={"Prefer": f"code={code}"}) for code in (401, 403)]
    finally:
        served.stop()
    assert told[0].json() == body
    assert told[1].json() == contracts().exchange("api-403-location").response.body


@pytest.mark.parametrize("command_name", ["run", "serve"])
@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "no contract fixtures"),
        ({"account-200.json": "{"}, "a fixture has the wrong shape"),
        ({"event.json": '{"kind": "event", "surprise": 1}'}, "a fixture has the wrong shape"),
    ],
)
def test_a_folder_that_holds_no_fixtures_is_reported(
    command: InProcess, command_name: str, files: dict[str, str], says: str
) -> None:
    (command.folder / "mine").mkdir()
    for name, text in files.items():
        (command.folder / "mine" / name).write_text(text)

    done = command(command_name, "--fixtures", "mine")

    assert done.returncode == 2
    assert says in done.stderr
    assert "mine" in done.stderr


# --- the format -----------------------------------------------------------------------------------------------------


def test_the_published_schema_is_that_of_the_fixtures(command: InProcess) -> None:
    done = command("scenarios", "schema", "--fixtures")

    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {part["properties"]["kind"]["const"] for part in told["$defs"].values() if "kind" in part["properties"]} == {
        "event", "exchange",
    }  # fmt: skip
    assert set(told["$defs"]["Exchange"]["properties"]) == set(Exchange.model_fields)


def test_every_bundled_and_every_recorded_fixture_keeps_the_published_schema(command: InProcess) -> None:
    told = json.loads(command("scenarios", "schema", "--fixtures").stdout)
    with service() as origin:
        record(command, origin)
    validator = jsonschema.Draft202012Validator(told)
    files = [*resources.bundled("contracts").rglob("*.json"), *(command.folder / FOLDER).iterdir()]
    assert len(files) > 40
    wrong = [
        f"{file.name}: {fault.message}"
        for file in files
        for fault in validator.iter_errors(json.loads(file.read_text()))
    ]
    assert wrong == []
    assert list(validator.iter_errors({"kind": "event"}))


#: Sentences of errors that name what was asked for, or somebody; told by the path of the request.
SENTENCES: dict[str, Callable[[Request], Any]] = {
    "a path": lambda request: f"Cannot GET {request.path}",
    "an id": lambda request: [
        f"accountId {request.path.rpartition('/')[2]} of location {LOCATION} must be a mongodb id"
    ],
    "an address": lambda _request: "Invalid token undefined for alice@example.com",
    "a token": lambda _request: "Bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9mLWl0",
    "a name": lambda _request: "The token of Mallory Fitzwilliam does not belong to this location",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_names_somebody_is_not_drift_and_is_shown_nowhere(command: InProcess, sentence: str) -> None:
    def naming(request: Request, status: int) -> Response:
        body = {**ANSWERS[status], "message": SENTENCES[sentence](request)} if status != 200 else ANSWERS[200]
        return as_json(body, status)

    with service(naming) as origin:
        assert record(command, origin).returncode == 0
        done = verify(command, origin)
    assert json.loads(done.stdout)["differences"] == []
    assert done.returncode == 0


def test_a_sentence_that_says_something_else_is_drift_and_names_nobody(command: InProcess) -> None:
    with service() as origin:
        record(command, origin)

    def moved(request: Request, status: int) -> Response:
        body = (
            ANSWERS[status] if status != 401 else {**ANSWERS[401], "message": "The token of alice@example.com is bad"}
        )
        return as_json(body, status)

    with service(moved) as origin:
        done = verify(command, origin)
    told = json.loads(done.stdout)["differences"]
    assert [(one["fixture"], one["path"], one["kind"]) for one in told] == [("account-401", "$.message", "changed")]
    assert "alice" not in done.stdout


def verify(command: InProcess, origin: str) -> subprocess.CompletedProcess[str]:
    """Compare a recording with a service."""
    line = ["verify", FOLDER, "--upstream", origin, "--token-env", "TOKEN", "--location", LOCATION]
    return command(*line, "--account-id", ACCOUNT, "--format", "json", variables={"TOKEN": TOKEN})


def test_verify_finds_no_drift_where_nothing_has_moved(command: InProcess) -> None:
    with service() as origin:
        record(command, origin)
        done = verify(command, origin)

    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["differences"] == []
    assert told["compared"] == ["account-200", "account-400", "account-401", "account-422"]


def test_one_schema_is_printed_at_a_time(command: InProcess) -> None:
    assert command("scenarios", "schema", "--fixtures", "--results").returncode == 2
