"""Files of the user's: each is read, or refused by one of our errors; what is read keeps the published schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oauth_window_harness.contract import fixture
from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.results.baseline import Baseline, read_baseline
from oauth_window_harness.results.earlier import words_to_repeat
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.configuration import read_configuration
from oauth_window_harness.run.storage_state import secrets_of, storage_state
from oauth_window_harness.scenario.file import read_scenario
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.verify.openapi.plain_file import read_plain
from tests.fuzz.inputs import as_bytes, changed, damaged, json_values
from tests.paths import ROOT

SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
FIXTURES = sorted((ROOT / "fixtures" / "contracts").rglob("*.json"))

scenario_texts = st.sampled_from([file.read_bytes() for file in SCENARIOS])
scenario_data = st.sampled_from([yaml.safe_load(file.read_bytes()) for file in SCENARIOS])
fixture_data = st.sampled_from([json.loads(file.read_bytes()) for file in FIXTURES])

CONFIGURATION = b"""
app = "http://localhost:3000/"
app-command = "npm start"
connect = "#connect"
before = ["#a", "#b"]
allow = ["cdn.example.com", "[::1]:3000"]
patience = 2.5
jobs = 4
headed = true
driver = "mock"
repeat = 2
token-env = "TOKEN"
storage-state = "state.json"
output = "report"
scenarios = ["contract", "hostile"]
"""
STATE = {
    "cookies": [
        {
            "name": "sid", "value": "secret", "domain": "localhost", "path": "/", "expires": -1, "httpOnly": True,
            "secure": False, "sameSite": "Lax",
        }
    ],
    "origins": [{"origin": "http://localhost:3000", "localStorage": [{"name": "token", "value": "secret"}]}],
}  # fmt: skip
KNOWN = {"schema_version": 1, "known": [{"scenario": "account-401", "code": "silent-hang"}]}
RESULTS = {
    "schema_version": 1, "tool": {"name": "oauth-window", "version": "0.1.0"}, "app": "reference", "driver": "mock",
    "browser": {"name": "mock", "version": "1"}, "summary": {"passed": 0, "warned": 0, "failed": 1},
    "started_at": "2026-11-26T08:00:00Z", "duration_ms": 5, "command": "oauth-window run", "error": None, "causes": [],
    "scenarios": [
        {
            "name": "account-401", "title": "T", "tags": ["contract"], "verdict": "failed", "duration_ms": 1,
            "findings": [
                {"code": "c", "severity": "error", "message": "m", "evidence": ["e"], "mend": "m", "clause": "c"}
            ],
            "events": [
                {"data": {}, "origin": "o", "source": "popup", "target_origin": "*", "delivered": True, "at_ms": 0}
            ],
            "requests": [
                {
                    "method": "GET", "url": "u", "headers": {}, "status": 401, "sent_by": "page", "at_ms": 0,
                    "endpoint": "account", "answer": "account-401",
                }
            ],
            "rests_on": {"code": "c", "scenario": "account-200"}, "artifacts": {"trace": None, "screenshots": []},
        }
    ],
}  # fmt: skip


def read(reader: Callable[[], Any]) -> Any:
    """Return what is read, or None if it is refused by one of our errors, whose parts are texts for people."""
    try:
        return reader()
    except HarnessError as error:
        told = str(error)
        assert error.what
        assert "Traceback" not in told
        assert len(told) < 20_000
        return None


def valid(value: Any, schema: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


SCENARIO_SCHEMA = Scenario.model_json_schema()


def check_scenario(content: bytes, folder: Path) -> None:
    file = folder / "a-story.yaml"
    file.write_bytes(content)
    scenario = read(lambda: read_scenario(file))
    if scenario is not None:
        data = {"name": "a-story", **json.loads(json.dumps(yaml.safe_load(content), default=str))}
        assert valid(data, SCENARIO_SCHEMA), data
        assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@given(content=damaged(scenario_texts, (b"\t", b": ", b"- ", b"[", b"{", b"*a", b"&a ", b"!!", b"---\n", b"| ", b"? ")))
def test_a_damaged_scenario_file_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    check_scenario(content, tmp_path)


@given(data=changed(scenario_data))
def test_a_changed_scenario_is_read_or_refused(data: Any, tmp_path: Path) -> None:
    try:
        content = yaml.safe_dump(data, allow_unicode=True).encode()
    except UnicodeEncodeError:
        content = as_bytes(data)
    check_scenario(content, tmp_path)


@given(content=st.binary(max_size=200) | json_values.map(as_bytes))
def test_any_bytes_are_no_scenario_and_no_plain_file_or_read_as_such(content: bytes, tmp_path: Path) -> None:
    check_scenario(content, tmp_path)
    file = tmp_path / "openapi.yaml"
    file.write_bytes(content)
    plain = read(lambda: read_plain(file))
    json.dumps(plain)


@given(
    content=damaged(
        st.just(CONFIGURATION),
        (b'"', b"'''", b"[", b"]", b"=", b"# ", b"nan", b"inf", b"1979-05-27", b"[tool.x]\n", b"\r"),
    )
)
def test_a_damaged_configuration_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "oauth-window.toml").write_bytes(content)
    configuration = read(lambda: read_configuration(tmp_path))
    if configuration is not None:
        options = configuration.defaults
        assert options.driver in ("mock", "playwright")
        assert options.repeat >= 1
        assert 0 < options.patience < float("inf")


@given(
    key=st.sampled_from(
        ["app", "allow", "jobs", "patience", "repeat", "driver", "output", "scenarios", "headed", "token"]
    ),
    value=json_values,
)
def test_any_value_of_an_option_is_read_or_refused(key: str, value: Any, tmp_path: Path) -> None:
    # What TOML has of JSON, in its inline form.
    text = json.dumps(value).replace("null", '"null"').replace("NaN", "nan").replace("Infinity", "inf")
    (tmp_path / "oauth-window.toml").write_text(f"{key} = {text}\n")
    read(lambda: read_configuration(tmp_path))


@given(state=changed(st.just(STATE)))
def test_a_changed_storage_state_is_read_or_refused_without_its_secrets(state: Any, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_bytes(as_bytes(state))
    try:
        read_state = storage_state(file)
    except HarnessError as error:
        assert "secret" not in str(error)
    else:
        assert all(isinstance(value, str) for value in secrets_of(file))
        assert {"cookies", "origins"} <= set(read_state)


@given(content=damaged(st.just(as_bytes(STATE)), (b'"', b"{", b"]", b"\\u", b",")))
def test_a_damaged_storage_state_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_bytes(content)
    read(lambda: storage_state(file))
    read(lambda: secrets_of(file))


FIXTURE_SCHEMA = fixture.schema()


@given(data=changed(fixture_data))
def test_a_changed_fixture_is_read_or_refused(data: Any, tmp_path: Path) -> None:
    (tmp_path / "account-200.json").write_bytes(as_bytes(data))
    fixtures = read(FixtureSet(tmp_path).all)
    if fixtures is not None:
        (one,) = fixtures.values()
        assert valid(json.loads(one.model_dump_json()), FIXTURE_SCHEMA)


@given(content=damaged(st.sampled_from([file.read_bytes() for file in FIXTURES]), (b'"', b"{", b"]", b"\\ud800", b",")))
def test_a_damaged_fixture_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "account-200.json").write_bytes(content)
    read(FixtureSet(tmp_path).all)


RESULTS_SCHEMA = Results.model_json_schema(mode="validation")


@given(data=changed(st.just(RESULTS)))
def test_changed_results_of_an_earlier_run_are_read_or_refused(data: Any, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_bytes(as_bytes(data))
    names = read(lambda: words_to_repeat(tmp_path))
    assert names is None or all(isinstance(name, str) for name in (*names, *names.values()))


@given(data=changed(st.just(KNOWN)))
def test_a_changed_baseline_is_read_or_refused(data: Any, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(as_bytes(data))
    baseline = read(lambda: read_baseline(file))
    if baseline is not None:
        assert valid(json.loads(baseline.model_dump_json()), Baseline.model_json_schema())
        assert {"known", "schema_version"} >= set(data)


@given(content=st.binary(max_size=100))
def test_any_bytes_are_no_state_no_fixture_no_results_and_no_baseline(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(content)
    readers: list[Callable[[Path], Any]] = [storage_state, read_baseline]
    for reader in readers:
        assert read(partial(reader, file)) is None or content.strip().startswith(b"{")
    read(lambda: words_to_repeat(tmp_path))
    read(FixtureSet(tmp_path).all)


@pytest.mark.parametrize("kind", ["folder", "missing"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    if kind == "folder":
        file.mkdir()
    readers: list[Callable[[Path], Any]] = [read_scenario, storage_state, read_baseline, read_plain]
    assert [read(partial(reader, file)) for reader in readers] == [None] * 4
