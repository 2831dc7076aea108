"""``oauth-window serve``: stub and gateway for tests in any language."""

from __future__ import annotations

import signal
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.commands import Command
from tests.servers import ServeProcess

ACCOUNT = "/social-media-posting/oauth/facebook/accounts/658a9b6833b91e0ecb8f3958"
GOOD = {"Authorization": "Bearer anything-well-formed", "Version": "2021-07-28"}


@pytest.fixture
def served(command: Command) -> Iterator[ServeProcess]:
    running = ServeProcess(command)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (200, '{"success": true, "statusCode": 200, "message": "Fetched Facebook Account", "results": {"pages": '
              '[{"id": "u37swmmLbA02zgqKPpxITe2", "name": "FB Page", "avatar": "u37swmmLbA02zgqKPpxITe2", '
              '"isOwned": true, "isConnected": true}]}}'),
        (400, '{"statusCode": 400, "message": "Bad Request"}'),
        (401, '{"statusCode": 401, "message": "Invalid token: access token is invalid", "error": "Unauthorized"}'),
        (422, '{"statusCode": 422, "message": ["Unprocessable Entity"], "error": "Unprocessable Entity"}'),
    ],
)  # fmt: skip
def test_the_documented_bodies_come_back_letter_by_letter(served: ServeProcess, code: int, body: str) -> None:
    answer = httpx.get(served.ready["stub"] + ACCOUNT, headers={"Prefer": f"code={code}"})
    assert answer.status_code == code
    assert answer.text == body
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_the_production_name_is_reached_through_the_gateway_with_tls(served: ServeProcess) -> None:
    trust = ssl.create_default_context(cafile=served.ready["ca"])
    with httpx.Client(proxy=served.ready["gateway"], verify=trust) as client:
        answer = client.get(f"https://services.leadconnectorhq.com{ACCOUNT}", headers=GOOD)
    assert answer.json()["message"] == "Fetched Facebook Account"


def test_a_key_is_named_through_the_gateway_too_by_prefix_and_by_header(served: ServeProcess) -> None:
    trust = ssl.create_default_context(cafile=served.ready["ca"])
    service = "https://services.leadconnectorhq.com"
    with httpx.Client(proxy=served.ready["gateway"], verify=trust) as client:
        scenario = f"{service}/__harness/keys/one/__harness/scenario"
        assert client.put(scenario, json={"name": "account-401"}).json()["key"] == "one"
        statuses = [
            client.get(f"{service}/__harness/keys/one{ACCOUNT}", headers=GOOD).status_code,
            client.get(f"{service}{ACCOUNT}", headers={**GOOD, "X-Oauth-Window-Key": "one"}).status_code,
            client.get(f"{service}{ACCOUNT}", headers=GOOD).status_code,
        ]
    assert statuses == [401, 401, 200]


def test_curl_reaches_it_with_the_environment_alone(served: ServeProcess) -> None:
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--header", "Prefer: code=422", f"https://services.leadconnectorhq.com{ACCOUNT}"],
        env={"HTTPS_PROXY": served.ready["gateway"], "CURL_CA_BUNDLE": served.ready["ca"]},
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert done.stdout == '{"statusCode": 422, "message": ["Unprocessable Entity"], "error": "Unprocessable Entity"}'


def test_the_key_of_the_authority_is_in_no_file(served: ServeProcess) -> None:
    folder = Path(served.ready["ca"]).parent
    texts = [file.read_text() for file in folder.rglob("*") if file.is_file()]
    assert [text for text in texts if "BEGIN CERTIFICATE" in text]
    assert not [text for text in texts if "PRIVATE KEY" in text]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_in_order(served: ServeProcess, number: signal.Signals, code: int) -> None:
    assert served.ready["pid"] == served.process.pid
    assert served.stop(number) == code
    assert not served.file.exists()
    assert not Path(served.ready["ca"]).exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(served.ready["stub"])


def test_the_scenario_decides_where_the_request_does_not(command: Command) -> None:
    served = ServeProcess(command, "--scenario", "account-401")
    try:
        own = httpx.get(served.ready["stub"] + ACCOUNT, headers=GOOD)
        preferred = httpx.get(served.ready["stub"] + ACCOUNT, headers={**GOOD, "Prefer": "code=200"})
    finally:
        served.stop()
    assert (own.status_code, preferred.status_code) == (401, 200)


def test_strict_start_requires_its_headers_of_browsers_too(command: Command) -> None:
    url = "/social-media-posting/oauth/facebook/start?locationId=l&userId=u"
    navigation = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
    statuses = []
    for arguments in ((), ("--strict",)):
        served = ServeProcess(command, *arguments)
        try:
            statuses.append(httpx.get(served.ready["stub"] + url, headers=navigation).status_code)
            statuses.append(httpx.get(served.ready["stub"] + url, headers={**navigation, **GOOD}).status_code)
        finally:
            served.stop()
    assert statuses == [302, 302, 401, 302]


# Its end


@pytest.mark.parametrize("through", ["plain", "gateway"])
def test_a_request_that_is_under_way_is_answered_before_it_ends(command: Command, through: str) -> None:
    """The answer would take 2.5 s; the end does not wait for that, and does not drop it either."""
    served = ServeProcess(command, "--scenario", "account-slow")
    options: dict[str, Any] = {"base_url": served.ready["stub"]}
    if through == "gateway":
        trust = ssl.create_default_context(cafile=served.ready["ca"])
        options = {
            "base_url": "https://services.leadconnectorhq.com", "proxy": served.ready["gateway"], "verify": trust,
        }  # fmt: skip
    with httpx.Client(timeout=30, **options) as client, ThreadPoolExecutor() as pool:
        asked = [pool.submit(client.get, ACCOUNT, headers=GOOD) for _ in range(4)]
        while under_way(served) < len(asked):
            pass
        assert served.stop() == 0
        assert [answer.result().status_code for answer in asked] == [200] * 4
    assert not served.file.exists()


def under_way(served: ServeProcess) -> int:
    """Return how many requests are being answered."""
    count: int = httpx.get(f"{served.ready['stub']}/__harness/health").json()["under_way"]
    return count


@pytest.mark.parametrize(
    ("scenario", "error"), [("account-reset", httpx.ReadError), ("account-truncated", httpx.RemoteProtocolError)]
)
def test_faults_of_the_network_happen_on_a_connection_that_was_kept_open(
    served: ServeProcess, scenario: str, error: type[Exception]
) -> None:
    with httpx.Client(base_url=served.ready["stub"]) as client:
        client.put("/__harness/scenario", json={"name": scenario})
        with pytest.raises(error):
            client.get(ACCOUNT, headers=GOOD)
        client.put("/__harness/scenario", json={"name": "account-200"})
        assert client.get(ACCOUNT, headers=GOOD).status_code == 200
        told = client.get("/__harness/requests").json()["requests"]
    assert [request["status"] for request in told] == [None if scenario == "account-reset" else 200, 200]
