"""A page that went on to another one is told from one that has only another form of its address."""

from __future__ import annotations

import pytest

from oauth_window_harness.drivers.playwright.arrival import elsewhere_error, is_other_page
from oauth_window_harness.drivers.playwright.sign_in import is_for_signing_in

NAMED = "http://localhost:3000/settings"
NOTHING = {"password": False, "fields": False, "words": ["Settings", "Connect Facebook"]}


@pytest.mark.parametrize(
    ("shown", "is_other"),
    [
        ("http://localhost:3000/settings", False),
        ("http://localhost:3000/settings/", False),
        ("http://localhost:3000/settings/index.html?tab=1#top", False),
        ("http://localhost:3000/en/settings", False),
        ("http://localhost:3000/de-DE/settings", False),
        ("http://localhost:3000/login", True),
        ("http://localhost:3000/", True),
        ("http://localhost:4000/settings", True),
        ("https://login.example.com/settings", True),
    ],
)
def test_another_page_is_another_path_or_origin(shown: str, is_other: bool) -> None:
    assert is_other_page(NAMED, shown) is is_other


@pytest.mark.parametrize(("named", "shown"), [("http://example.com/a", "https://www.example.com/a")])
def test_the_same_page_over_https_is_no_other(named: str, shown: str) -> None:
    assert not is_other_page(named, shown)


@pytest.mark.parametrize(
    ("path", "traces", "is_one"),
    [
        ("/channels", NOTHING, False),
        ("/login.html", NOTHING, True),
        ("/sign-in", NOTHING, True),
        ("/blog/logic", NOTHING, False),
        ("/start", {**NOTHING, "password": True}, True),
        ("/start", {**NOTHING, "fields": True, "words": ["Anmelden"]}, True),
        ("/start", {**NOTHING, "fields": True, "words": ["ログイン"]}, True),
        ("/start", {**NOTHING, "words": ["Sign in"]}, False),
        ("/channels", {**NOTHING, "fields": True, "words": ["Sign in with Facebook"]}, False),
    ],
)
def test_a_page_to_sign_in_at_is_known_by_its_path_and_its_form(
    path: str, traces: dict[str, object], is_one: bool
) -> None:
    assert is_for_signing_in(f"http://localhost:3000{path}", traces) is is_one


def test_an_address_that_did_not_load_is_told_as_that() -> None:
    error = elsewhere_error(NAMED, "chrome-error://chromewebdata/", signing_in=False)
    assert error.what == "the page under test went on to an address that did not load"
    assert "--allow" in error.todo


@pytest.mark.parametrize("signing_in", [True, False])
def test_the_error_names_the_address_and_how_to_give_a_session(signing_in: bool) -> None:
    error = elsewhere_error(NAMED, "http://localhost:3000/login", signing_in=signing_in)
    assert "went on to http://localhost:3000/login" in error.what
    assert "--storage-state" in error.todo
