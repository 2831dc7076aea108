"""``oauth-window verify``: fixtures compared with a service that changes, and with a file, as a user sees it."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from werkzeug import Request, Response

from oauth_window_harness import resources
from oauth_window_harness.contract.fixture import Exchange, ExchangeResponse, FixtureSet
from oauth_window_harness.errors import UpstreamError, UsageError
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.reports.sarif import sarif
from oauth_window_harness.service.request import LiveValues, live_request
from oauth_window_harness.verify.verification import Verification, VerifyOptions, verify
from tests.commands import Command
from tests.paths import SPECS
from tests.sarif import SARIF

CONTRACTS = resources.bundled("contracts") / "facebook"
FIXTURES = FixtureSet(CONTRACTS)

TOKEN = "pit-7f3c9a52-1b6d-4e80-9c47-d2a85be01f36"
LIVE = LiveValues(TOKEN, "ve9EPM428h8vShlRW1KT", "s8qyTiO1UrYvKUxr9Yw2", "65e7f3ca5028d4b16c0f7e53")
ACCOUNT_PATH = f"/social-media-posting/oauth/{LIVE.location}/facebook/accounts/{LIVE.account}"
LIST_PATH = f"/social-media-posting/{LIVE.location}/accounts"
START_PATH = "/social-media-posting/oauth/facebook/start"

Bodies = dict[str, Any]


@dataclass
class Service:
    """A stand-in that keeps to the documented contract, until it is changed.

    Attributes:
        answers: a response by the name of the fixture that it is, to be changed.
        asked: every request that came.
    """

    answers: dict[str, ExchangeResponse] = field(
        default_factory=lambda: {
            name: FIXTURES.exchange(name).response.model_copy(deep=True)
            for name in (
                "account-200", "account-400", "account-401", "account-422", "accounts-200", "start-302", "start-400",
                "start-401", "start-422",
            )
        }
    )  # fmt: skip
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers[self._name(request)]
        body = json.dumps(answer.body) if answer.text is None and answer.body is not None else answer.text
        headers = {
            name: value.format(facebook="https://www.facebook.com", redirect_uri="https://x/finish", state="s")
            for name, value in answer.headers.items()
        }
        return Response(body, answer.status, headers)

    def change(self, name: str, change: Callable[[Any], object] = lambda _: None, **update: Any) -> None:
        change(self.answers[name].body)
        self.answers[name] = self.answers[name].model_copy(update=update)

    @staticmethod
    def _name(request: Request) -> str:
        if request.path == LIST_PATH and request.headers.get("Authorization") == f"Bearer {TOKEN}":
            return "accounts-200"
        endpoint = "start" if request.path == START_PATH else "account"
        if request.headers.get("Version") != "2021-07-28":
            return f"{endpoint}-400"
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return f"{endpoint}-401"
        right = request.args.get("userId") == LIVE.user if endpoint == "start" else request.path == ACCOUNT_PATH
        return ("start-302" if endpoint == "start" else "account-200") if right else f"{endpoint}-422"


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[str]:
    with LoopbackServer(answer) as server:
        yield server.url_for("/").rstrip("/")


def verified(answer: Callable[[Request], Response], folder: Path = CONTRACTS, **options: Any) -> Verification:
    with serving(answer) as url:
        return asyncio.run(verify(VerifyOptions(**{"fixtures": folder, "upstream": url, "live": LIVE, **options})))


def told(found: Verification) -> list[tuple[str, str, str, str]]:
    return [(one.fixture, one.kind, one.severity, one.path) for one in found.drift.differences]


# --- the service -----------------------------------------------------------------------------------------------------


def test_a_service_that_keeps_to_the_contract_has_not_drifted() -> None:
    found = verified(Service())
    assert told(found) == []
    assert not found.drift.is_drift
    assert {"account-200", "account-400", "account-401", "account-422", "start-302"} <= set(found.drift.compared)


def page(body: Bodies) -> Bodies:
    first: Bodies = body["results"]["pages"][0]
    return first


DRIFTS: dict[str, tuple[Callable[[Service], object], tuple[str, str, str, str]]] = {
    "a field is gone": (
        lambda service: service.change("account-200", lambda body: body.pop("message")),
        ("account-200", "removed", "error", "$.message"),
    ),
    "a field of every page is gone": (
        lambda service: service.change("account-200", lambda body: page(body).pop("name")),
        ("account-200", "removed", "error", "$.results.pages[*].name"),
    ),
    "a field is added": (
        lambda service: service.change("account-200", lambda body: page(body).update(category="x")),
        ("account-200", "added", "info", "$.results.pages[*].category"),
    ),
    "a field is retyped": (
        lambda service: service.change("account-200", lambda body: page(body).update(isOwned="yes")),
        ("account-200", "retyped", "error", "$.results.pages[*].isOwned"),
    ),
    "a field is null": (
        lambda service: service.change("account-200", lambda body: page(body).update(avatar=None)),
        ("account-200", "retyped", "error", "$.results.pages[*].avatar"),
    ),
    "a list is an object": (
        lambda service: service.change("account-200", lambda body: body["results"].update(pages={})),
        ("account-200", "retyped", "error", "$.results.pages"),
    ),
    "an array of sentences is a sentence": (
        lambda service: service.change("account-422", lambda body: body.update(message="Unprocessable Entity")),
        ("account-422", "retyped", "error", "$.message"),
    ),
    "an error's message is another": (
        lambda service: service.change("account-401", lambda body: body.update(message="Token expired")),
        ("account-401", "changed", "warning", "$.message"),
    ),
    "an error's status is another": (
        lambda service: service.change("account-422", status=400),
        ("account-422", "status", "error", "status"),
    ),
    "an error is none any more": (
        lambda service: service.answers.update({"account-400": service.answers["account-200"]}),
        ("account-400", "status", "error", "status"),
    ),
    "success is told as failure": (
        lambda service: service.change("account-200", lambda body: body.update(success=False)),
        ("account-200", "changed", "warning", "$.success"),
    ),
    "the content type is another": (
        lambda service: service.change("account-200", headers={"content-type": "text/plain"}),
        ("account-200", "header", "warning", "headers.content-type"),
    ),
    "the body is no JSON": (
        lambda service: service.change("account-200", body=None, text="OK"),
        ("account-200", "retyped", "error", "$"),
    ),
    "the redirect lacks its state": (
        lambda service: service.change(
            "start-302",
            headers={"location": "https://www.facebook.com/dialog/oauth?response_type=code&client_id=1&"
                                 "redirect_uri=x&scope=y"},
        ),
        ("start-302", "header", "warning", "headers.location"),
    ),
    "start answers JSON instead of redirecting": (
        lambda service: service.change("start-302", status=200, headers={}, body={"url": "https://x"}),
        ("start-302", "status", "error", "status"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS)
def test_each_drift_of_a_service_is_reported_with_its_path_and_severity(drift: str) -> None:
    change, wanted = DRIFTS[drift]
    service = Service()
    change(service)
    found = verified(service)
    assert wanted in told(found)
    # Nothing is told of what has not moved. The same drift may show in several fixtures of the same answer; a form of
    # an error that integrators saw (`api-…`) was another before.
    assert {one[1:] for one in told(found) if not one[0].startswith("api-")} == {wanted[1:]}
    assert found.drift.is_drift == (wanted[2] != "info")


def test_example_values_may_differ() -> None:
    service = Service()
    service.change("account-200", lambda body: page(body).update(id="1", name="Jane", avatar="https://x"))
    service.change("account-200", lambda body: body["results"]["pages"].append(dict(page(body))))
    assert told(verified(service)) == []


def test_requests_are_made_with_the_live_values_and_change_nothing() -> None:
    service = Service()
    verified(service)
    assert {request.method for request in service.asked} == {"GET"}
    plain = next(request for request in service.asked if request.path == ACCOUNT_PATH)
    assert plain.headers["Authorization"] == f"Bearer {TOKEN}"
    asked = [(request.full_path, request.headers.get("Version"), request.headers.get("Authorization"))
             for request in service.asked]  # fmt: skip
    assert len(asked) == len(set(asked))


def test_a_fixture_that_cannot_be_requested_is_left_out_with_the_reason() -> None:
    found = verified(Service())
    reasons = {one.fixture: one.reason for one in found.drift.not_compared}
    assert "never made" in reasons["attach-201"]
    assert "cannot be seen over HTTP; `oauth-window record`" in reasons["event"]
    assert "no request is known that provokes this 429" in reasons["api-429"]
    assert "the service answers as in account-422" in reasons["api-422-validator"]
    assert {*reasons, *found.drift.compared} == set(FIXTURES.names())


def test_a_refused_token_is_reported_as_such_and_not_judged_by_a_schema() -> None:
    service = Service()
    service.answers["account-200"] = service.answers["account-401"]
    found = verified(service)
    assert {one[1:] for one in told(found) if one[0].startswith("account-200")} == {("status", "error", "status")}
    (rejected,) = {(one.status, one.message) for one in found.drift.rejected}
    assert rejected == (401, "Invalid token: access token is invalid")
    assert "check that the token is valid today" in found.drift.rejected[0].todo
    reasons = {one.fixture: one.reason for one in found.drift.not_compared}
    assert "the token was refused" in reasons["account-422"]


@pytest.mark.parametrize(
    ("status", "todo"),
    [
        (403, "belongs to the location"),
        (404, "--account-id"),
        (422, "--account-id"),
        (429, "ten seconds"),
        (500, "later"),
    ],
)
def test_a_rejected_request_comes_with_what_to_do(status: int, todo: str) -> None:
    service = Service()
    service.change("account-200", status=status)
    found = verified(service)
    assert {one[1:] for one in told(found)} == {("status", "error", "status")}
    assert todo in found.drift.rejected[0].todo


def test_too_many_requests_are_not_drift_of_an_error() -> None:
    service = Service()
    service.change("account-401", status=429)
    found = verified(service)
    assert told(found) == []
    assert "429" in next(one.reason for one in found.drift.not_compared if one.fixture == "account-401")


def test_without_a_user_start_is_not_requested() -> None:
    service = Service()
    found = verified(service, live=LiveValues(TOKEN, LIVE.location, None, LIVE.account))
    assert told(found) == []
    assert {request.args.get("userId") for request in service.asked if request.path == START_PATH} == {None}
    assert {one.reason for one in found.drift.not_compared if one.fixture == "start-302"} == {"--user was not given"}


def test_it_is_an_error_if_nothing_can_be_compared() -> None:
    with pytest.raises(UsageError, match="no fixture could be compared") as caught:
        verified(Service(), live=LiveValues(TOKEN))
    assert "--location was not given" in caught.value.seen or "--account-id was not given" in caught.value.seen


# --- what answers in the service's place -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response("<h1>Welcome to the hotel</h1>", content_type="text/html"), "a page answers where the API should"),
        (Response("", 302, {"Location": f"https://portal.example/login?t={TOKEN}"}), "the service redirects"),
        (Response("", 307, {"Location": f"/{LIVE.account}"}), "the service redirects"),
        (Response(" " * 1_000_001, content_type="application/json"), "longer than 1,000,000 bytes"),
    ],
    ids=["html", "redirect", "path", "long"],
)
def test_what_is_not_the_service_is_reported(answer: Response, said: str) -> None:
    with pytest.raises(UpstreamError, match=said) as caught:
        verified(lambda _: answer)
    assert TOKEN not in str(caught.value)
    assert str(LIVE.account) not in str(caught.value)


# --- a recorded folder -----------------------------------------------------------------------------------------------


def recorded(folder: Path, name: str, **changes: Any) -> Exchange:
    """Write a fixture as if it had been recorded."""
    fixture = FIXTURES.exchange(changes.pop("like", name))
    provenance = {"grade": "seen", "source": "recorded", "upstream": "https://x", "recorded": "2026-11-01"}
    data = {**fixture.model_dump(mode="json", exclude_none=True), "provenance": provenance, **changes}
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(data, indent=2))
    return fixture


def test_an_error_is_provoked_as_its_fixture_says(tmp_path: Path) -> None:
    """A bad Version may be answered with 401; its recording is compared by the same bad request."""
    service = Service()
    service.answers["account-400"] = ExchangeResponse(
        status=401, headers={"content-type": "application/json"}, body={"statusCode": 401, "message": "no version"}
    )
    request = {"method": "GET", "path": "/social-media-posting/oauth/c1/facebook/accounts/a1",
               "provoked_by": "version-not-a-date"}  # fmt: skip
    response = service.answers["account-400"].model_dump(mode="json", exclude_none=True)
    recorded(tmp_path, "account-400-was-401", like="account-400", request=request, response=response)
    found = verified(service, tmp_path)
    assert (told(found), found.drift.compared) == ([], ("account-400-was-401",))


def test_an_error_that_was_not_provoked_is_requested_without_provocation(tmp_path: Path) -> None:
    service = Service()
    service.answers["account-200"] = service.answers["account-401"]
    request = {"method": "GET", "path": ACCOUNT_PATH, "headers": {"version": "2021-07-28"}}
    recorded(tmp_path, "account-200-was-401", like="account-401", request=request)
    found = verified(service, tmp_path)
    assert (told(found), found.drift.rejected) == ([], ())
    assert [one.path for one in service.asked] == [ACCOUNT_PATH]
    assert service.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_value_that_a_service_echoes_is_recognized_behind_its_pseudonym(tmp_path: Path) -> None:
    """The recording has pseudonyms where the service has the live ids."""
    service = Service()
    service.change("account-401", lambda body: body.update(message=f"no access to {LIVE.location}: {LIVE.account}"))
    body = {"statusCode": 401, "message": "no access to location000001: account0000001", "error": "Unauthorized"}
    path = "/social-media-posting/oauth/location000001/facebook/accounts/account0000001"
    recorded(
        tmp_path, "account-401", request={"method": "GET", "path": path, "provoked_by": "bearer-bad"},
        response={"status": 401, "headers": {}, "body": body},
    )  # fmt: skip
    assert told(verified(service, tmp_path)) == []
    service.change("account-401", lambda body: body.update(message=f"no access at all to {LIVE.location}"))
    drift = verified(service, tmp_path).drift
    assert [one.path for one in drift.differences] == ["$.message"]
    assert str(LIVE.location) not in drift.model_dump_json()


def test_folders_of_platforms_are_compared_with_their_names(tmp_path: Path) -> None:
    for name in ("facebook", "instagram"):
        recorded(tmp_path / name, "account-200")
    (tmp_path / "README").write_text("not a fixture")
    assert verified(Service(), tmp_path).drift.compared == ("facebook/account-200", "instagram/account-200")


@pytest.mark.parametrize(("days", "stale"), [(23, True), (24, False), (None, False)])
def test_a_recording_beyond_its_age_is_reported_and_blamed(tmp_path: Path, days: int | None, stale: bool) -> None:
    recorded(tmp_path, "account-200")
    service = Service()
    service.change("account-200", lambda body: body.pop("success"))
    found = verified(service, tmp_path, max_age=days, today=date(2026, 11, 25))
    aged = ("account-200", "changed", "warning", "provenance.recorded")
    assert told(found) == [*([aged] if stale else []), ("account-200", "removed", "error", "$.success")]
    assert {one.blame for one in found.drift.differences} == {"fixture" if stale else "service"}


def test_the_age_alone_can_be_checked(tmp_path: Path) -> None:
    recorded(tmp_path, "account-200")
    shutil.copy(CONTRACTS / "account-401.json", tmp_path)
    drift = asyncio.run(verify(VerifyOptions(tmp_path, max_age=1))).drift
    assert [(one.fixture, one.path) for one in drift.differences] == [("account-200", "provenance.recorded")]
    assert [(one.fixture, one.reason) for one in drift.not_compared] == [("account-401", "it has no day of recording")]


def test_fixtures_without_a_day_are_of_unknown_age() -> None:
    with pytest.raises(UsageError, match="no fixture could be compared"):
        asyncio.run(verify(VerifyOptions(CONTRACTS, max_age=1)))
    drift = verified(Service(), max_age=1).drift
    assert not drift.is_drift
    assert re.search(r"\d+ of \d+ fixtures have no day of recording", drift.notes[0])


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_live_value_that_a_service_echoes_is_shown_nowhere() -> None:
    service = Service()
    echo = f"{TOKEN} {LIVE.location} {LIVE.account} eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
    service.change("account-401", lambda body: body.update(message=echo))
    service.change("account-200", lambda body: body.update({TOKEN: 1}), status=403)
    service.change("start-302", headers={"location": f"https://www.facebook.com/{TOKEN}?state=1"})
    found = verified(service)
    text = found.drift.model_dump_json() + sarif(found.drift, found.files, CONTRACTS)
    for secret in (TOKEN, LIVE.location, LIVE.account, "eyJzdWIiOiIxMjM0In0"):
        assert secret is not None
        assert secret not in text
    assert "<redacted>" in text
    options = VerifyOptions(live=LIVE)
    assert TOKEN not in repr(options) + repr(live_request(FIXTURES.exchange("account-200"), LIVE))


# --- as a user sees it -----------------------------------------------------------------------------------------------

VALUES = ("--location", str(LIVE.location), "--user", str(LIVE.user), "--account-id", str(LIVE.account))


def test_no_drift_ends_with_0_and_the_next_command(command: Command) -> None:
    with serving(Service()) as url:
        done = command("verify", "--upstream", url, "--token-env", "LIVE", *VALUES, variables={"LIVE": TOKEN})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"compared with {url}" in done.stdout
    assert done.stdout.splitlines()[-1] == "next: oauth-window run"
    assert "0 errors, 0 warnings" in done.stdout
    assert TOKEN not in done.stdout


def test_drift_ends_with_1_and_who_has_moved(command: Command) -> None:
    service = Service()
    service.change("account-200", lambda body: page(body).pop("name"))
    with serving(service) as url:
        done = command("verify", "--upstream", url, "--token-env", "LIVE", *VALUES, variables={"LIVE": TOKEN})
    assert done.returncode == 1
    assert "✗ removed  $.results.pages[*].name  in account-200" in done.stdout
    assert "the service changed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"next: oauth-window record --upstream {url} --token-env LIVE")


def test_infos_alone_end_with_0(command: Command) -> None:
    service = Service()
    service.change("account-200", lambda body: body.update(traceId="t"))
    with serving(service) as url:
        done = command("verify", "--upstream", url, "--token-env", "LIVE", *VALUES, "--format", "json",
                       variables={"LIVE": TOKEN})  # fmt: skip
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["summary"]["errors"] == report["summary"]["warnings"] == 0
    assert report["summary"]["infos"] > 0


def test_json_has_the_promised_shape(command: Command) -> None:
    spec = json.loads((SPECS / "posting.json").read_text())
    del spec["components"]["schemas"]["FacebookPageSchema"]["properties"]["name"]
    shutil.copy(SPECS / "common-schemas.json", command.folder)
    (command.folder / "changed.json").write_text(json.dumps(spec))
    done = command("verify", "--spec", "changed.json", "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["schema_version"] == 1
    assert report["summary"] == {"errors": 2, "warnings": 0, "infos": 8}
    first = next(one for one in report["differences"] if one["fixture"] == "account-200")
    assert first == {
        "fixture": "account-200",
        "path": "$.results.pages[*].name",
        "kind": "removed",
        "severity": "error",
        "expected": "string",
        "seen": None,
        "blame": "service",
    }
    assert any("common-schemas.json is not there" in one["what"] for one in report["faults"])


def test_sarif_is_valid_and_leads_to_the_fixtures_file_and_line(command: Command) -> None:
    recorded(command.folder / "mine", "account-200")
    spec = json.loads((SPECS / "posting.json").read_text())
    del spec["components"]["schemas"]["FacebookPageSchema"]["properties"]["name"]
    (command.folder / "changed.json").write_text(json.dumps(spec))
    # It was seen, and the file is silent: nobody's word against it. What is retyped is drift.
    spec["components"]["schemas"]["FacebookPageSchema"]["properties"]["isOwned"] = {"type": "string"}
    (command.folder / "changed.json").write_text(json.dumps(spec))
    done = command("verify", "mine", "--spec", "changed.json", "--format", "sarif")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    Draft7Validator(SARIF).validate(report)
    (run,) = report["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("retyped", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "retyped"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "mine/account-200.json"
    line = location["physicalLocation"]["region"]["startLine"]
    told_beside = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("not listed, and seen (account-200): $.results.pages[*].name" in text for text in told_beside)
    assert '"isOwned"' in (command.folder / "mine" / "account-200.json").read_text().splitlines()[line - 1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "nothing to compare"),
        (["--upstream", "https://x.test"], 2, "--token-env"),
        (["--upstream", "https://x.test", "--token-env", "EMPTY"], 2, "export EMPTY=…"),
        (["--upstream", "https://x.test", "--token-env", "QUOTED", *VALUES], 2, "no quotes"),
        (["--upstream", "http://x.test", "--token-env", "LIVE", *VALUES], 2, "not sent in the clear"),
        (["--upstream", "x.test", "--token-env", "LIVE", *VALUES], 2, "not the origin"),
        (["--upstream", "https://x.test", "--spec", "a.json"], 2, "one thing at a time"),
        (["--spec", "none.json"], 2, "cannot be read"),
        (["nowhere", "--spec", "none.json"], 2, "no such folder"),
        (["empty", "--spec", "none.json"], 2, "no contract fixtures"),
        (["bad", "--spec", "none.json"], 2, "wrong shape"),
        (["--max-age", "-1"], 2, "--max-age"),
        (["--upstream", "http://127.0.0.1:9", "--token-env", "LIVE", *VALUES], 3, "cannot be reached"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_bad_input_is_reported_with_the_right_exit_code(
    command: Command, arguments: list[str], code: int, said: str
) -> None:
    for name in ("bad", "empty"):
        (command.folder / name).mkdir()
    (command.folder / "bad" / "account-200.json").write_text('{"kind": "exchange"}')
    variables = {"EMPTY": "", "LIVE": TOKEN, "QUOTED": f'"{TOKEN}"'}
    done = command("verify", *arguments, variables=variables)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_a_service_that_never_answers_is_not_waited_for_forever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        options = VerifyOptions(CONTRACTS, upstream=url, live=LIVE, patience=0.2)
        with pytest.raises(UpstreamError, match="did not answer within"):
            asyncio.run(verify(options))
