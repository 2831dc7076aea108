"""Scenario files: what people may write, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from oauth_window_harness.resources import bundled
from oauth_window_harness.scenario.file import read_scenario
from tests.commands import InProcess

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


def test_every_bundled_file_keeps_the_published_schema(in_process: InProcess) -> None:
    schema = json.loads(in_process("scenarios", "schema").stdout)
    files = sorted(bundled("scenarios").rglob("*.yaml"))
    assert len(files) >= 48
    for file in files:
        jsonschema.validate(yaml.safe_load(file.read_text()), schema)
