"""`MockBrowser`: the window for a backend's own unit tests, and for who has no browser."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

import oauth_window_harness
from oauth_window_harness import MockBrowser, NoEventError, NoFollowUpError
from oauth_window_harness.drivers.mock.driver import MockDriver
from oauth_window_harness.errors import UsageError
from tests.fixtures.backend import app as backend_app
from tests.pages import snippet
from tests.paths import ROOT
from tests.worlds import scenario

SERVICE = "https://services.leadconnectorhq.com"
HEADERS = {"Authorization": "Bearer a-backends-token", "Version": "2021-07-28"}


class Backend:
    """What is under test: it has the production address in its code, and knows nothing of the harness."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def connected(self, account: str | None) -> int:
        """Make the follow-up."""
        path = f"/social-media-posting/oauth/location/facebook/accounts/{account}"
        return self._http.get(SERVICE + path, headers=HEADERS).status_code


@pytest.fixture(scope="module")
def mock() -> Iterator[MockBrowser]:
    with MockBrowser() as mock:
        yield mock


@pytest.fixture
def backend(mock: MockBrowser) -> Iterator[Backend]:
    with httpx.Client(transport=mock.transport(), trust_env=False) as http:
        yield Backend(http)


def test_the_captured_event_goes_through_the_backend(mock: MockBrowser, backend: Backend) -> None:
    event = mock.connect()

    assert event.account_id == "658a9b6833b91e0ecb8f3958"
    assert (event.origin, event.source, event.is_genuine) == (SERVICE, "popup", True)
    assert event.data["page"] == "social-media-posting"
    assert mock.requests[-1].endpoint == "finish"

    assert backend.connected(event.account_id) == 200
    assert mock.follow_up is not None
    assert (mock.follow_up.status, mock.follow_up.sent_by) == (200, "server")
    assert mock.findings() == []


@pytest.mark.parametrize("status", [400, 401, 422, 429, 500])
def test_a_scenario_also_says_how_the_follow_up_is_answered(mock: MockBrowser, backend: Backend, status: int) -> None:
    event = mock.connect(f"account-{status}")
    assert backend.connected(event.account_id) == status


def test_each_play_begins_anew(mock: MockBrowser, backend: Backend) -> None:
    backend.connected(mock.connect().account_id)
    mock.connect("account-401")
    follow_up = mock.follow_up
    assert follow_up is None
    assert [request.endpoint for request in mock.requests] == ["start", "dialog", "consent", "finish"]


def test_what_is_wrong_with_the_follow_up_is_found(mock: MockBrowser) -> None:
    event = mock.connect()
    path = f"/social-media-posting/oauth/facebook/accounts/{event.account_id}x"
    with httpx.Client(transport=mock.transport(), trust_env=False) as http:
        http.get(SERVICE + path)
    codes = [found.code for found in mock.findings()]
    assert codes == ["follow-up-account-mismatch", "authorization-missing", "version-missing"]


def test_requests_reaches_the_stub_by_the_environment(mock: MockBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in mock.environment.items():
        monkeypatch.setenv(name, value)
    event = mock.connect("account-422")
    path = f"/social-media-posting/oauth/facebook/accounts/{event.account_id}"
    assert requests.get(SERVICE + path, headers=HEADERS, timeout=10).status_code == 422
    assert mock.wait_for_follow_up().sent_by == "server"


def test_a_follow_up_that_comes_later_is_waited_for(mock: MockBrowser, backend: Backend) -> None:
    event = mock.connect()
    later = threading.Thread(target=backend.connected, args=(event.account_id,))
    later.start()
    assert mock.wait_for_follow_up().status == 200
    later.join()


def test_a_follow_up_that_does_not_come_is_told(mock: MockBrowser) -> None:
    mock.connect()
    with pytest.raises(NoFollowUpError, match=r"within 0\.1 s.*no request by a server.*transport"):
        mock.wait_for_follow_up(0.1)


@pytest.mark.parametrize(
    "name", ["facebook-cancel", "event-none", "start-401", "window-blocked", "coop-provider-same-origin"]
)
def test_a_window_that_posts_nothing_is_told(mock: MockBrowser, name: str) -> None:
    with pytest.raises(NoEventError, match=name):
        mock.connect(name)
    assert mock.play(name) == ()


def test_forgeries_are_captured_and_told_from_the_event(mock: MockBrowser) -> None:
    event = mock.connect("forged-lookalike-suffix")
    origins = [message.origin for message in mock.messages]
    foreign, lookalike = "https://attacker.example", "https://services.leadconnectorhq.com.evil.test"
    assert [origin for origin, _ in groupby(origins)] == [
        foreign,
        lookalike,
        foreign,
        lookalike,
        foreign,
        lookalike,
        SERVICE,
    ]
    assert mock.messages[-1] == event
    assert [message.is_genuine for message in mock.messages] == [False] * (len(origins) - 1) + [True]


def test_an_event_as_text_is_read_all_the_same(mock: MockBrowser) -> None:
    first, second = mock.play("event-json-string")
    assert isinstance(first.data, str)
    assert first.account_id == "65c1a70e52d94b8f3a6e0d17"
    assert first.fields["platform"] == "facebook"
    assert second.account_id != first.account_id


def test_a_story_of_ones_own_is_played(mock: MockBrowser) -> None:
    event = mock.connect(scenario(finish={"posts": ["event-reconnect"], "delay": 30}))
    assert event.fields["reconnectAccounts"]


def test_an_intruder_of_ones_own_is_heard(mock: MockBrowser) -> None:
    intruder = {"senders": ["popup"], "origins": ["https://nobody-announced.example"]}
    mock.connect(scenario(intruder=intruder))
    origins = [origin for origin, _ in groupby(message.origin for message in mock.messages)]
    assert origins == ["https://nobody-announced.example", SERVICE]


@pytest.mark.parametrize(("name", "told"), [("acount-200", "account-200"), ("contract", "13 of that name")])
def test_a_name_that_names_no_scenario_is_told(mock: MockBrowser, name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        mock.connect(name)


def test_a_story_whose_window_opens_another_one_is_refused_and_not_played_as_another_story(
    mock: MockBrowser,
) -> None:
    """It would give an event from the window that the page holds, which is not what the scenario says."""
    story = scenario(finish={"window": "new"})
    with pytest.raises(UsageError, match="real browser") as raised:
        mock.connect(story)
    assert "finish.window: new" in raised.value.seen
    driver = MockDriver(lambda: mock.world.offloaded_routes)
    assert "--driver playwright" in str(driver.skip_reason(story))


def test_several_browsers_share_a_world() -> None:
    with MockBrowser(location="here") as one, MockBrowser(one.world, location="here", user="me") as other:
        assert other.connect().account_id == one.connect().account_id
        assert one.requests[0].location == "here"


def test_only_what_is_accepted_is_answered() -> None:
    with MockBrowser(token="the-right-token") as mock, httpx.Client(transport=mock.transport()) as http:
        assert Backend(http).connected(mock.connect().account_id) == 401


def test_it_plays_inside_a_running_event_loop(mock: MockBrowser) -> None:
    import asyncio  # noqa: PLC0415

    async def test() -> str | None:
        return mock.connect().account_id

    assert asyncio.run(test()) == "658a9b6833b91e0ecb8f3958"


def test_the_package_has_no_other_name() -> None:
    with pytest.raises(AttributeError, match="Mockbrowser"):
        oauth_window_harness.Mockbrowser  # noqa: B018


def test_the_example_of_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    example = snippet("docs/mock.md", "In the tests of a backend", "python")
    names: dict[str, Any] = {}
    exec(compile(example, "docs/mock.md", "exec"), names)
    names["test_an_expired_token_is_told"](backend_app.test_client(), monkeypatch)


MOCK_RUN = """
import sys, runpy
sys.argv = ["oauth-window", "run", "--driver", "mock", "account-200", "forged-foreign-origin", "--output", sys.argv[1]]
try:
    runpy.run_module("oauth_window_harness", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print(sorted(name for name in sys.modules if name.partition(".")[0] == "playwright"))
"""


@pytest.mark.process
@pytest.mark.parametrize(
    "script",
    [
        "import sys, oauth_window_harness\n"
        "print(sorted({'playwright', 'httpx', 'pydantic', 'selectolax'} & set(sys.modules)))",
        "import sys\nfrom oauth_window_harness import MockBrowser\nwith MockBrowser() as b: b.connect()\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] == 'playwright'))",
        MOCK_RUN,
    ],
    ids=["import", "MockBrowser", "run"],
)
def test_playwright_is_never_loaded(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "report")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr


def test_a_browser_that_has_not_begun_says_how_to_begin() -> None:
    with pytest.raises(UsageError, match="outside its `with` statement"):
        MockBrowser().connect()
