"""The table of engines: which program is driven, with which arguments, and what is said of a name that none has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.drivers import browsers
from oauth_window_harness.drivers.engines import CHROMIUM, ENGINES, FIREFOX, WEBKIT, Engine, check_name
from oauth_window_harness.errors import BrowserMissingError, UsageError


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which Debian's Chromium and Firefox are, and nothing else."""
    for name in ("chromium", "firefox-esr", "own/firefox", "own/playwright.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for engine in ENGINES.values():
        monkeypatch.delenv(engine.variable, raising=False)
    return tmp_path


def arguments(engine: Engine, given: dict[str, Any] | None = None, **named: Any) -> dict[str, Any]:
    named = {"own_build": "/nowhere", "executable": None, "fingerprint": "abc=", **named}
    return browsers.launch_arguments(given or {}, engine=engine, **named)


def test_every_engine_has_what_a_user_needs_to_name_it() -> None:
    assert list(ENGINES) == ["chromium", "firefox", "webkit"]
    assert [engine.variable for engine in ENGINES.values()] == [
        "OAUTH_WINDOW_BROWSER", "OAUTH_WINDOW_FIREFOX", "OAUTH_WINDOW_WEBKIT",
    ]  # fmt: skip
    assert [engine.is_proven for engine in ENGINES.values()] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("chrome", "chromium"),
        ("Chromium", "chromium"),
        ("firfox", "firefox"),
        ("safari", "webkit"),
        ("al", "all"),
        ("edge", "chromium"),
    ],
)
def test_a_name_that_no_engine_has_is_told_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_name(name)
    assert (caught.value.where, caught.value.seen) == ("--browser", name)
    assert f"did you mean {nearest}?" in caught.value.todo


def test_a_name_that_is_near_to_none_is_told_with_all_of_them() -> None:
    with pytest.raises(UsageError) as caught:
        check_name("xyz")
    assert caught.value.todo == "name chromium, firefox, webkit or all"
    for name in (*ENGINES, "all"):
        check_name(name)


def test_a_stock_firefox_is_driven_by_bidi_and_blocks_popups_as_a_user_s(programs: Path) -> None:
    found = arguments(FIREFOX)
    assert found["executable_path"] == str(programs / "firefox-esr")
    assert found["channel"] == "moz-firefox"
    assert found["firefox_user_prefs"]["dom.disable_open_during_load"] is True
    assert not {"args", "ignore_default_args"} & set(found)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, {"own_build": "own/firefox"}),
        ({}, {"executable": "own/firefox"}),
        ({}, {"executable": "own/firefox", "own_build": "own/firefox"}),
        ({"executable_path": "own/firefox"}, {}),
    ],
)
def test_playwright_s_own_firefox_is_driven_by_its_own_protocol(
    programs: Path, given: dict[str, Any], named: dict[str, Any]
) -> None:
    found = arguments(
        FIREFOX,
        {name: str(programs / value) for name, value in given.items()},
        **{name: str(programs / value) for name, value in named.items()},
    )
    assert "channel" not in found
    assert found["firefox_user_prefs"]["dom.disable_open_during_load"] is True


def test_what_a_suite_gives_to_a_firefox_stays(programs: Path) -> None:
    given = {"firefox_user_prefs": {"dom.disable_open_during_load": False, "intl.locale.requested": "de"}}
    found = arguments(FIREFOX, given)
    assert found["firefox_user_prefs"].items() >= given["firefox_user_prefs"].items()
    assert arguments(FIREFOX, {"channel": "firefox-beta"})["channel"] == "firefox-beta"
    stock = arguments(FIREFOX, {"executable_path": "/opt/firefox/firefox"})
    assert (stock["executable_path"], stock["channel"]) == ("/opt/firefox/firefox", "moz-firefox")


def test_each_engine_s_program_is_named_by_a_variable_of_its_own(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTH_WINDOW_BROWSER", str(programs / "chromium"))
    monkeypatch.setenv("OAUTH_WINDOW_FIREFOX", str(programs / "own/firefox"))
    assert arguments(CHROMIUM)["executable_path"] == str(programs / "chromium")
    assert arguments(FIREFOX)["executable_path"] == str(programs / "own/firefox")


def test_an_engine_that_is_not_here_is_told_with_what_to_do(programs: Path) -> None:
    with pytest.raises(BrowserMissingError) as caught:
        arguments(WEBKIT)
    assert caught.value.what == "WebKit is not here"
    assert "playwright install webkit" in caught.value.todo
    (programs / "firefox-esr").unlink()
    with pytest.raises(BrowserMissingError) as caught:
        arguments(FIREFOX)
    assert "Debian, Ubuntu: firefox-esr" in caught.value.todo
    here = [engine.name for engine in ENGINES.values() if browsers.is_here(engine, "/nowhere", headed=False)]
    assert here == ["chromium"]


@pytest.mark.parametrize(
    ("program", "engine", "other"),
    [
        ("/usr/bin/firefox-esr", CHROMIUM, FIREFOX),
        ("/opt/firefox/firefox", CHROMIUM, FIREFOX),
        ("/usr/bin/chromium", FIREFOX, CHROMIUM),
        ("/usr/bin/google-chrome-stable", FIREFOX, CHROMIUM),
        ("/usr/bin/chromium-headless-shell", CHROMIUM, None),
        ("/opt/a/browser", FIREFOX, None),
        ("/opt/a/browser", CHROMIUM, None),
    ],
)
def test_a_program_of_another_engine_is_known_by_its_name(program: str, engine: Engine, other: Engine | None) -> None:
    assert browsers.other_engine_of(Path(program), engine) is other
