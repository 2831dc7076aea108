"""A file of cookies is read as Playwright saves it, and what is wrong with it is said without what it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.run.drivers import world_for
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.storage_state import secrets_of, storage_state
from oauth_window_harness.scenario import catalog
from tests.commands import Command

SECRET = "s3ss10n-0f-4-us3r"
STATE: dict[str, Any] = {
    "cookies": [
        {
            "name": "session", "value": SECRET, "domain": "localhost", "path": "/", "expires": -1, "httpOnly": True,
            "secure": False, "sameSite": "Lax",
        }
    ],
    "origins": [
        {"origin": "http://localhost:3000", "localStorage": [{"name": "token", "value": "t0k3n-1n-l0c4l-st0r4g3"}]}
    ],
}  # fmt: skip


def written(folder: Path, content: str) -> Path:
    file = folder / "state.json"
    file.write_text(content)
    return file


def test_a_storage_state_is_read_as_playwright_saves_it(tmp_path: Path) -> None:
    state = storage_state(written(tmp_path, json.dumps(STATE)))
    assert [(one["name"], one["value"], one["httpOnly"]) for one in state["cookies"]] == [("session", SECRET, True)]
    assert [one["origin"] for one in state["origins"]] == ["http://localhost:3000"]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("session=" + SECRET, "no JSON"),
        (json.dumps([SECRET]), "should be an object"),
        ("{}", "neither cookies nor origins"),
        (json.dumps({"session": SECRET}), "neither cookies nor origins"),
        (json.dumps({"cookies": [{"name": "session", "value": SECRET, "path": "/"}]}), "cookies.0.domain"),
        (json.dumps({"cookies": {"session": SECRET}}), "cookies"),
        (json.dumps({"cookies": [{**STATE["cookies"][0], "domain": ""}]}), "cookies.0.domain"),
        (json.dumps({"cookies": [*STATE["cookies"], {**STATE["cookies"][0], "expires": -5}]}), "cookies.1.expires"),
        (json.dumps({"origins": [{"origin": f"no url {SECRET}", "localStorage": []}]}), "origins.0.origin"),
    ],
)
def test_a_file_that_is_none_is_told_without_what_it_holds(tmp_path: Path, content: str, seen: str) -> None:
    with pytest.raises(BadFileError) as raised:
        storage_state(written(tmp_path, content))
    assert seen in raised.value.seen
    assert raised.value.where == f"--storage-state {tmp_path / 'state.json'}"
    assert SECRET not in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        storage_state(tmp_path / "none.json")


def test_no_cookie_reaches_a_report(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(STATE))
    assert len(secrets_of(file)) == 2
    options = RunOptions(driver="mock", storage_state=file)
    scenario = catalog.bundled_scenarios()["account-200"]
    with world_for([scenario], options) as world:
        play = world.begin(scenario)
        assert SECRET not in play.redactor.text(f"GET http://localhost:3000/?s={SECRET}")


@pytest.mark.browser
def test_what_only_the_browser_refuses_is_told_with_its_file_and_place(command: Command) -> None:
    good = STATE["cookies"][0]
    file = written(
        command.folder, json.dumps({"cookies": [good, {**good, "name": f"__Host-{SECRET}", "path": "no path"}]})
    )

    done = command("run", "account-200", "--storage-state", str(file))

    assert done.returncode == 2, done.stdout + done.stderr
    assert f"where: --storage-state {file}\nseen:  the browser does not take cookies.1" in done.stderr
    assert SECRET not in done.stdout + done.stderr
