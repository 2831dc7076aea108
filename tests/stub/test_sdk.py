"""The vendor's SDKs as clients of the stub: every call of the flow, success and errors."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.paths import JAVASCRIPT
from tests.servers import Server, server_in_a_thread
from tests.worlds import ACCOUNT, LOCATION, USER

highlevel = pytest.importorskip("highlevel")

TOKEN = "pit-00000000-0000-4000-8000-000000000000"
PAGE = {"type": "page", "originId": "u37swmmLbA02zgqKPpxITe2", "name": "FB Page", "avatar": "u37swmmLbA02zgqKPpxITe2"}

DOCUMENTED = {
    400: {"statusCode": 400, "message": "Bad Request"},
    401: {"statusCode": 401, "message": "Invalid token: access token is invalid", "error": "Unauthorized"},
    422: {"statusCode": 422, "message": ["Unprocessable Entity"], "error": "Unprocessable Entity"},
}
STATUSES = [400, 401, 403, 404, 422, 429, 500]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with server_in_a_thread() as running:
        yield running


# Python: `gohighlevel-api-client`, which speaks v3


class Python:
    """The SDK, asking the stub under a key."""

    def __init__(self, server: Server, key: str) -> None:
        self._url = f"{server.ready.stub}/__harness/keys/{key}"

    def __call__(self, call: str, prefer: str | None = None, **options: Any) -> Any:
        return asyncio.run(self._ask(call, {"headers": {"Prefer": prefer} if prefer else {}, **options}))

    async def _ask(self, call: str, options: dict[str, Any]) -> Any:
        class Client(highlevel.HighLevel):  # type: ignore[misc, name-defined]
            BASE_URL = self._url

        client = Client(private_integration_token=TOKEN, log_level="none")
        planner = client.social_planner
        try:
            if call == "start":
                return await planner.start_oauth("facebook", LOCATION, USER, "integration", "true", options)
            if call == "account":
                return await planner.get_oauth_accounts(LOCATION, "facebook", ACCOUNT, "page", options)
            return await planner.attach_oauth_accounts(LOCATION, "facebook", ACCOUNT, PAGE, options)
        finally:
            await client.http_client.aclose()


def test_python_reads_the_account_and_attaches_its_page(server: Server) -> None:
    ask = Python(server, "python-success")
    assert ask("account")["results"]["pages"][0]["id"] == PAGE["originId"]
    assert ask("attach")["statusCode"] == 201
    seen = server.requests("python-success")
    assert [(told["status"], told["headers"]["version"]) for told in seen] == [(200, "v3"), (201, "v3")]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("call", ["start", "account", "attach"])
def test_python_reports_each_error_with_its_status_and_body(server: Server, call: str, status: int) -> None:
    with pytest.raises(highlevel.GHLError) as caught:
        Python(server, "python-errors")(call, f"code={status}")
    assert caught.value.status_code == status
    body = caught.value.response
    assert body["statusCode"] == status
    if status in DOCUMENTED:
        assert body == DOCUMENTED[status]


def test_python_reports_the_error_of_a_scenario(server: Server) -> None:
    server.put("account-401", "python-scenario")
    with pytest.raises(highlevel.GHLError) as caught:
        Python(server, "python-scenario")("account")
    assert caught.value.response == DOCUMENTED[401]


def test_pythons_start_cannot_read_a_redirect_which_is_its_known_limit(server: Server) -> None:
    """It reads the body of every answer below 400 as JSON; the stub answers with a 302, as the service does."""
    with pytest.raises(json.JSONDecodeError):
        Python(server, "python-start")("start")
    (told,) = server.requests("python-start")
    assert (told["endpoint"], told["status"]) == ("start", 302)


# JavaScript: `@gohighlevel/api-client`, which speaks 2021-07-28 and sends another Version

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (JAVASCRIPT / "node_modules" / "@gohighlevel").is_dir(),
    reason="needs Node.js, and `npm ci --ignore-scripts` in fixtures/javascript (ci/test does that)",
)


def javascript(server: Server, key: str, calls: list[tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
    """Return the result of each call."""
    done = subprocess.run(
        ["node", str(JAVASCRIPT / "sdk.mjs"), f"{server.ready.stub}/__harness/keys/{key}", json.dumps(calls)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.mark.process
@needs_node
def test_javascript_reads_the_account_and_attaches_its_page(server: Server) -> None:
    account, attached = javascript(server, "js-success", [("account", {}), ("attach", {})])
    assert account["value"]["results"]["pages"][0]["id"] == PAGE["originId"]
    assert attached["value"]["statusCode"] == 201
    seen = server.requests("js-success")
    assert [(told["status"], told["headers"]["version"]) for told in seen] == [(200, "2023-02-21"), (201, "2023-02-21")]


@pytest.mark.process
@needs_node
def test_javascript_reports_each_error_with_its_status_and_body(server: Server) -> None:
    calls = [(call, status) for call in ("start", "account", "attach") for status in STATUSES]
    answers = javascript(server, "js-errors", [(call, {"Prefer": f"code={status}"}) for call, status in calls])
    for (call, status), told in zip(calls, answers, strict=True):
        assert told["status"] == told["body"]["statusCode"] == status, (call, told)
        if status in DOCUMENTED:
            assert told["body"] == DOCUMENTED[status], call


@pytest.mark.process
@needs_node
def test_javascripts_start_goes_after_the_redirect_which_is_its_known_limit(server: Server) -> None:
    """It follows the 302 to Facebook by itself, and never returns the address of the window to its caller."""
    (told,) = javascript(server, "js-start", [("start", {})])
    first = server.requests("js-start")[0]
    assert (first["endpoint"], first["status"]) == ("start", 302)
    # Where the resolver knows *.localhost, it reads Facebook's page and gives that; elsewhere it reaches nobody.
    assert "<title>Facebook" in str(told.get("value")) or told.get("error") == "GHLNetworkError"
