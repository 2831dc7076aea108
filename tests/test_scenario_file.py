"""Scenario files: what people may write, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.scenario_file import read_scenario

STORY = """title: The service fails once
user: [click, approve]
answers:
  account: {}
expect: {{outcome: not-connected, follow_up: true}}
"""


@pytest.mark.parametrize(
    ("written", "answers"),
    [("api-500", ("api-500",)), ("[api-500, account-200]", ("api-500", "account-200"))],
)
def test_the_account_get_has_one_answer_or_one_after_another(
    tmp_path: Path, written: str, answers: tuple[str, ...]
) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY.format(written))
    assert read_scenario(file).answers.account == answers
