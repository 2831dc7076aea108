"""A key of a scenario that has no effect in its story is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.scenario.file import read_scenario

STORY = "title: A story\nuser: [{user}]\n{rest}\nexpect: {{outcome: not-connected, follow_up: {follow_up}}}\n"


@pytest.mark.parametrize(
    ("user", "rest", "seen"),
    [
        ("click", "finish: {posts: [event]}", "finish.posts: the user neither approves nor cancels"),
        ("click, close", "answers: {account: account-401}", "answers.account: the user neither approves nor cancels"),
        ("click, approve", "answers: {start: start-401}\nprovider: {login: true}", "provider.login: start answers"),
        ("click, approve", "blocked: true\nprovider: {login: true}", "provider.login: the window is blocked"),
        ("click, approve", "provider: {error: true}\nfinish: {posts: []}", "finish.posts: Facebook shows an error"),
        ("click, approve", "finish: {posts: [], closes: false, delay: 2}", "finish.delay: the finish page neither"),
    ],
)
def test_a_key_without_effect_is_refused(tmp_path: Path, user: str, rest: str, seen: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY.format(user=user, rest=rest, follow_up="false"))
    with pytest.raises(BadFileError, match="no effect") as told:
        read_scenario(file)
    assert told.value.seen.startswith(seen)
    assert told.value.where == f"{file}:{2 + len(rest.splitlines())}"


@pytest.mark.parametrize(
    ("user", "rest"),
    [
        ("click, cancel", "finish: {posts: [event-without-account-id]}"),
        ("click, approve", "finish: {posts: [], delay: 2}"),  # it closes later
        ("click, approve", "answers: {account: account-401}"),  # the list of accounts may be asked
    ],
)
def test_a_key_that_has_an_effect_stays(tmp_path: Path, user: str, rest: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY.format(user=user, rest=rest, follow_up="false"))
    assert read_scenario(file).name == "story"
