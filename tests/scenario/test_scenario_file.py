"""Scenario files: what people may write, and which faults are reported."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from oauth_window_harness.errors import BadFileError
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
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    keeping = kind(schema)
    for file in files:
        keeping.validate(yaml.safe_load(file.read_text()))


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize(
    ("rest", "seen"), [("\t- click", "a tab"), ("a: [", "expected the node content"), ("}", "expected the node")]
)
def test_invalid_yaml_is_reported_with_its_line_whatever_breaks_the_lines(
    tmp_path: Path, line_break: str, rest: str, seen: str
) -> None:
    file = tmp_path / "story.yaml"
    file.write_bytes(line_break.join(["title: x", "user:", "tags:", rest]).encode())
    with pytest.raises(BadFileError) as told:
        read_scenario(file)
    assert told.value.where == f"{file}:4"
    assert seen in told.value.seen


def test_every_fault_of_a_file_is_reported_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(
        "name: other\ntitle: 2021-13-45\nuser: [click, aprove]\ntags: []\ntags: [x]\nanswers: {acount: api-500}\n"
        "finish: {delay: -1, tempo: slow}\nexpct: {}\n"
    )
    with pytest.raises(BadFileError) as told:
        read_scenario(file)
    faults = [told.value, *told.value.further]
    assert [(fault.where.removeprefix(f"{file}:"), fault.seen.partition(":")[0]) for fault in faults] == [
        ("1", "name"),
        ("2", "2021-13-45"),
        ("3", "user.1"),
        ("5", "tags, first on line 4"),
        ("6", "answers.acount"),
        ("7", "finish.delay"),
        ("7", "finish.tempo"),
        ("8", "expct"),
    ]
    assert all(fault.what in str(told.value) and fault.where in str(told.value) for fault in faults)


def test_a_missing_key_is_reported_beside_an_unknown_one_that_does_not_mean_it(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text("title: x\nsomething: else\n")
    with pytest.raises(BadFileError) as told:
        read_scenario(file)
    assert [fault.seen for fault in (told.value, *told.value.further)] == ["no expect", "something"]


def test_every_alias_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text("a: &a [x, x]\nb: &b [*a]\nc: [*b]\n")
    with pytest.raises(BadFileError) as told:
        read_scenario(file)
    assert [(fault.where, fault.seen) for fault in (told.value, *told.value.further)] == [
        (f"{file}:2", "*a"),
        (f"{file}:3", "*b"),
    ]


def test_the_command_reports_all_faults(in_process: InProcess, tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text("title: [1]\nuser: [hop]\nexpect: {outcome: connected, follow_up: maybe}\n")
    done = in_process("scenarios", "check", str(file))
    assert done.returncode == 2
    assert [f"{file}:{line}" in done.stderr for line in (1, 2, 3)] == [True, True, True]
