"""A key of a scenario that has no effect in its story is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.scenario.file import read_scenario

STORY = "title: A story\nuser: [{user}]\n{rest}\nexpect: {{outcome: not-connected, follow_up: {follow_up}}}\n"

CUT = "provider: {opener_policy: same-origin}"


@pytest.mark.parametrize(
    ("user", "rest", "seen"),
    [
        ("click", "finish: {posts: [event]}", "finish.posts: the user neither approves nor cancels"),
        ("click, close", "answers: {account: account-401}", "answers.account: the user neither approves nor cancels"),
        ("click, approve", "answers: {start: start-401}\nprovider: {login: true}", "provider.login: start answers"),
        ("click, approve", "blocked: true\nprovider: {login: true}", "provider.login: the window is blocked"),
        ("click, approve", "provider: {error: true}\nfinish: {posts: []}", "finish.posts: Facebook shows an error"),
        ("click, approve", "finish: {posts: [], closes: false, delay: 2}", "finish.delay: the finish page neither"),
        ("click, approve", f"{CUT}\nfinish: {{posts: [event-seen]}}", "finish.posts: the opener is cut"),
        ("click, approve", f"{CUT}\nfinish: {{window: new}}", "finish.window: the opener is cut"),
        ("click, approve", f"{CUT}\nfinish: {{delay: 3}}", "finish.delay: the opener is cut"),
        ("click, approve", f"{CUT}\nfinish: {{closes: true}}", "finish.closes: the opener is cut"),
        ("click, approve", "finish: {posts: [], window: new}", "finish.window: the finish page posts nothing"),
        ("click, cancel", "finish: {window: new}", "finish.window: the finish page posts nothing"),
        ("click", "blocked: true\nanswers: {account: account-401}", "answers.account: the window is blocked"),
        ("click", "blocked: true\nanswers: {start: start-401}", "answers.start: the window is blocked"),
        ("click, close", "answers: {start: start-401, account: api-500}", "answers.account: start answers start-401"),
        ("click, close", "answers: {start: start-401, delay: 5}", "answers.delay: start answers start-401"),
        ("click, cancel", "answers: {account: api-500}", "answers.account: the user cancels"),
        ("click, cancel", "answers: {delay: 5}", "answers.delay: the user cancels"),
        ("click, cancel", "answers: {fault: reset}", "answers.fault: the user cancels"),
        ("click, approve", "provider: {login: true}", "provider.login: the user does not log in"),
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
    ("user", "rest", "seen"),
    [
        ("click, log-in, approve", "provider: {detour: true}", "user: log-in: Facebook does not ask for it"),
        ("click, close, approve", "finish: {delay: 1}", "user: approve: the user has closed the window"),
    ],
)
def test_a_step_that_nothing_leads_to_is_refused(tmp_path: Path, user: str, rest: str, seen: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY.format(user=user, rest=rest, follow_up="false"))
    with pytest.raises(BadFileError, match="no effect") as told:
        read_scenario(file)
    assert told.value.seen.startswith(seen)
    assert told.value.where == f"{file}:2"


@pytest.mark.parametrize(
    ("user", "rest"),
    [
        ("click, cancel", "finish: {posts: [event-without-account-id]}"),
        ("click, approve", "finish: {posts: [], delay: 2}"),  # it closes later
        ("click, cancel", "finish: {posts: [event]}\nanswers: {account: account-401}"),
        ("click, cancel", "finish: {delay: 2}"),  # it closes later
        ("click, close", "provider: {login: true}"),  # the user closes the login page
        ("click, close, click, approve", "finish: {delay: 1}"),
        ("click, approve, close", f"{CUT}\nfinish: {{closes: false}}"),  # as it is without an opener
        ("click, approve", "answers: {account: account-401}"),  # the list of accounts may be asked
    ],
)
def test_a_key_that_has_an_effect_stays(tmp_path: Path, user: str, rest: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY.format(user=user, rest=rest, follow_up="false"))
    assert read_scenario(file).name == "story"
