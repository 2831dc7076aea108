"""The model app, which people copy: it learns of its connection by the event, and by the list where none can come."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oauth_window_harness.journal.events import PageRequested, RequestSeen, TextShown
from oauth_window_harness.results.events import RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog

LIST = "/api/facebook/accounts"


def play(name: str, output: Path) -> ScenarioEnded:
    """Play a bundled scenario on the model app, without a browser: the parity test compares both."""
    ended = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            ended.append(event)

    options = RunOptions(driver="mock", output=output)
    asyncio.run(run([catalog.bundled_scenarios()[name]], options, ArtifactFolder(output), [listen]))
    (only,) = ended
    return only


@pytest.mark.parametrize(
    ("story", "connected"),
    [
        ("account-200", True),
        ("accounts-listed", True),
        ("accounts-listed-opener-cut", True),
        ("coop-finish-same-origin", True),
        ("facebook-cancel", False),
        ("window-closed-by-user", False),
    ],
)
def test_it_says_connected_where_the_event_or_the_list_says_so(tmp_path: Path, story: str, connected: bool) -> None:
    ended = play(story, tmp_path)

    assert (ended.result.verdict, ended.result.findings) == ("passed", ())
    texts = [shown.text for shown in ended.journal.of(TextShown)]
    assert any("\nConnected. 1 page found:" in text for text in texts) is connected


def test_it_asks_for_the_list_at_its_loading_and_where_its_window_is_out_of_sight(tmp_path: Path) -> None:
    by_event, by_list = (play(name, tmp_path / name) for name in ("account-200", "accounts-listed-opener-cut"))

    asked = [
        [made.url for made in ended.journal.of(PageRequested) if made.url.endswith(LIST)]
        for ended in (by_event, by_list)
    ]
    assert [len(urls) for urls in asked] == [1, 3]
    lists = [made for made in by_list.journal.of(RequestSeen) if made.endpoint == "accounts"]
    assert {(made.sent_by, made.problems) for made in lists} == {("server", ())}
    assert {"authorization", "version"} <= set(lists[0].headers)
