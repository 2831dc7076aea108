"""The stub as Facebook: the dialog, the login and the consent, and the way back to the finish page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from oauth_window_harness.journal.play import Play
from oauth_window_harness.stub.world import World
from tests.worlds import (
    FACEBOOK,
    FINISH,
    GOOD,
    LOCATED_PATH,
    LOCATION,
    NAVIGATION,
    SCOPES,
    SERVICE,
    START,
    USER,
    Window,
    plain_client,
    proxied_client,
    requests_of,
    scenario,
)

STATE = f"{LOCATION},{USER},integration,true,undefined,undefined,undefined"
REFUSAL = [
    ("error", "access_denied"),
    ("error_code", "200"),
    ("error_description", "Permissions error"),
    ("error_reason", "user_denied"),
    ("state", STATE),
]


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    with World((scenario(),)) as world:
        yield world


@pytest.fixture
def play(running: World) -> Play:
    """A scenario and a journal of the test's own."""
    return running.begin(scenario())


@pytest.fixture
def world(running: World, play: Play) -> World:
    """The running world, in which the test's own play is under way."""
    return running


@pytest.fixture
def web(world: World) -> Iterator[httpx.Client]:
    """A client that reaches the production names through the gateway, and keeps cookies as a browser does."""
    with proxied_client(world) as client:
        yield client


@pytest.fixture
def window(web: httpx.Client) -> Window:
    """A window that has nothing open yet."""
    return Window(web)


# The dialog


def test_the_dialog_asks_for_consent_with_every_permission(play: Play, window: Window) -> None:
    window.to_dialog(SERVICE)
    page = window.follow()
    assert page is not None
    assert {name: text for name, (_, _, text) in page.buttons.items()} == {
        "consent-approve": "Continue",
        "consent-cancel": "Cancel",
    }
    for permission in SCOPES:
        assert f"<li>{permission}</li>" in window.answer.text
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("dialog", 200)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redirect_uri", "https://evil.test/finish"),
        ("redirect_uri", SERVICE + FINISH + "/"),
        ("redirect_uri", SERVICE + FINISH.replace("facebook", "instagram")),
        ("redirect_uri", f"http://services.leadconnectorhq.com{FINISH}"),
        ("redirect_uri", SERVICE.replace(".com", ".com.evil.test") + FINISH),
        ("state", "never,issued"),
        ("state", STATE + "x"),
        ("state", STATE.upper()),
        *[(name, "") for name in ("client_id", "redirect_uri", "scope", "state", "response_type")],
        *[(name, None) for name in ("client_id", "redirect_uri", "scope", "state", "response_type")],
    ],
)
@pytest.mark.parametrize("login", [False, True])
def test_the_dialog_refuses_what_start_did_not_issue(
    world: World, window: Window, name: str, value: str | None, login: bool
) -> None:
    """It neither asks for consent nor redirects, least of all to the requested address."""
    play = world.begin(scenario(provider={"login": login}))
    dialog = window.to_dialog(SERVICE)
    wrong = dialog.copy_remove_param(name) if value is None else dialog.copy_set_param(name, value)
    page = window.go(wrong)
    assert window.answer.status_code == 400
    assert page is not None
    assert page.buttons == {}
    assert "Sorry, something went wrong." in window.answer.text
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("dialog", 400)


def test_a_state_is_not_known_to_the_next_scenario(world: World, window: Window) -> None:
    dialog = window.to_dialog(SERVICE)
    world.begin(scenario())
    window.go(dialog)
    assert window.answer.status_code == 400


def test_the_texts_of_a_request_are_shown_as_text_only(window: Window) -> None:
    evil = '"><script>alert(1)</script>'
    dialog = window.to_dialog(SERVICE, page=evil)
    page = window.go(dialog.copy_set_param("scope", evil))
    assert page is not None
    assert "<script>alert" not in window.answer.text
    assert page.fields["state"] == STATE.replace("integration", evil)


# The consent


@pytest.mark.parametrize("production", [True, False], ids=["production", "plain"])
@pytest.mark.parametrize("answer", ["approve", "cancel"])
def test_the_consent_returns_to_the_finish_page_where_start_was_asked(
    world: World, play: Play, production: bool, answer: str
) -> None:
    base = SERVICE if production else world.stub_url
    with proxied_client(world) if production else plain_client(world) as client:
        window = Window(client)
        window.to_dialog(base)
        window.follow()
        window.press(f"consent-{answer}")
        location = window.location
    assert str(location.copy_with(query=None, fragment="")).rstrip("#") == base + FINISH
    assert window.answer.headers["location"].endswith("#_=_")
    if answer == "cancel":
        assert location.params.multi_items() == REFUSAL
    else:
        assert list(location.params) == ["code", "state"]
        assert len(location.params["code"]) >= 20
        assert location.params["state"] == STATE
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("consent", 302)


def test_each_approval_gets_a_code_of_its_own(window: Window) -> None:
    codes = set()
    for _ in range(3):
        window.to_dialog(SERVICE)
        window.follow()
        window.press("consent-approve")
        codes.add(window.location.params["code"])
    assert len(codes) == 3


@pytest.mark.parametrize("state", [None, "", "never,issued"])
def test_a_consent_without_a_state_that_was_issued_is_refused(
    play: Play, web: httpx.Client, window: Window, state: str | None
) -> None:
    window.to_dialog(SERVICE)
    form = {"answer": "approve", "redirect_uri": SERVICE + FINISH, **({} if state is None else {"state": state})}
    answer = web.post(f"{FACEBOOK}/dialog/oauth/confirm", data=form, headers=NAVIGATION)
    assert answer.status_code == 400
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("consent", 400)


def test_a_consent_never_returns_to_an_address_that_start_did_not_issue(web: httpx.Client, window: Window) -> None:
    window.to_dialog(SERVICE)
    form = {"answer": "approve", "redirect_uri": "https://evil.test/", "state": STATE}
    answer = web.post(f"{FACEBOOK}/dialog/oauth/confirm", data=form, headers=NAVIGATION)
    assert not answer.headers.get("location", "").startswith("https://evil.test")


# The login


def test_a_user_who_is_not_logged_in_makes_a_detour(world: World, window: Window) -> None:
    play = world.begin(scenario(provider={"login": True}))
    dialog = window.to_dialog(SERVICE)

    assert window.follow() is None
    detour = window.location
    assert str(detour.copy_with(query=None)) == f"{FACEBOOK}/login.php"
    assert list(detour.params) == ["next", "cancel_url"]
    assert httpx.URL(detour.params["next"]).params == dialog.params
    assert httpx.URL(detour.params["next"]).copy_with(query=None) == dialog.copy_with(query=None)
    cancel = httpx.URL(detour.params["cancel_url"])
    assert str(cancel.copy_with(query=None)) == SERVICE + FINISH
    assert cancel.params.multi_items() == REFUSAL

    login = window.follow()
    assert login is not None
    assert {name: text for name, (_, _, text) in login.buttons.items()} == {"login-submit": "Log in"}
    window.press("login-submit")
    assert window.location.params == dialog.params
    consent = window.follow()
    assert consent is not None
    assert set(consent.buttons) == {"consent-approve", "consent-cancel"}
    assert [request.endpoint for request in requests_of(play)] == ["start", "dialog", "login", "login", "dialog"]


def test_a_user_who_has_logged_in_makes_no_second_detour(world: World, window: Window) -> None:
    world.begin(scenario(provider={"login": True}))
    for detours in (True, False):
        window.to_dialog(SERVICE)
        page = window.follow()
        assert (page is None) is detours
        if detours:
            window.follow()
            window.press("login-submit")
            window.follow()
        window.press("consent-approve")
        window.follow()
        assert window.page.finish["posts"]


def test_there_is_no_login_unless_the_scenario_requires_one(window: Window) -> None:
    window.to_dialog(SERVICE)
    assert window.follow() is not None
    assert window.answer.status_code == 200


def test_cancelling_the_login_ends_on_the_finish_page_without_an_event(world: World, window: Window) -> None:
    world.begin(scenario(provider={"login": True}))
    window.to_dialog(SERVICE)
    window.follow()
    window.go(window.location.params["cancel_url"])
    assert window.answer.status_code == 200
    assert window.page.finish == {"posts": [], "closes": True, "delay_ms": 0}


@pytest.mark.parametrize(
    "goal",
    [
        "",
        "https://evil.test/",
        "//evil.test/",
        "javascript:alert(1)",
        f"{FACEBOOK}.evil.test/",
        f"{FACEBOOK}@evil.test/",
    ],
)
def test_the_login_leads_nowhere_but_on_facebook(play: Play, web: httpx.Client, goal: str) -> None:
    answer = web.post(f"{FACEBOOK}/login.php", data={"next": goal}, headers=NAVIGATION)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].status) == ("login", 400)


# Facebook as a whole


def test_the_whole_way_with_production_addresses_ends_in_a_follow_up(
    world: World, web: httpx.Client, window: Window
) -> None:
    play = world.begin(scenario(provider={"login": True}))
    window.to_dialog(SERVICE)
    window.follow()
    window.follow()
    window.press("login-submit")
    window.follow()
    window.press("consent-approve")
    window.follow()
    (post,) = window.page.finish["posts"]
    path = LOCATED_PATH.rpartition("/")[0]
    assert web.get(f"{SERVICE}{path}/{post['data']['accountId']}", headers=GOOD).status_code == 200
    assert [request.problems for request in requests_of(play)] == [()] * 8
    assert {httpx.URL(request.url).host for request in requests_of(play)} == {
        "services.leadconnectorhq.com",
        "www.facebook.com",
    }


def test_facebook_is_read_by_no_other_page_and_kept_by_no_cache(window: Window) -> None:
    window.to_dialog(SERVICE)
    window.follow()
    assert window.answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in window.answer.headers


@pytest.mark.parametrize(
    ("method", "url", "nearest"),
    [
        ("GET", f"{FACEBOOK}/dialog/oath", "/dialog/oauth"),
        ("GET", f"{FACEBOOK}/v19.0/dialog/oauth", "/dialog/oauth"),
        ("GET", f"{FACEBOOK}{START}", None),
        ("OPTIONS", f"{FACEBOOK}/dialog/oauth", "/dialog/oauth"),
        ("GET", f"{SERVICE}/dialog/oauth", None),
        ("GET", f"{SERVICE}/login.php", None),
    ],
)
def test_each_name_answers_for_its_own_routes_only(
    play: Play, web: httpx.Client, method: str, url: str, nearest: str | None
) -> None:
    answer = web.request(method, url)
    assert answer.status_code == 404
    told = answer.json()["nearest"]
    ours = "/social-media-posting" if url.startswith(SERVICE) else "/"
    assert all(row["path"].startswith(ours) for row in told)
    if nearest is not None:
        assert told[0]["path"] == nearest
    # What comes near to no route of the service is a part of it that is not played.
    problem = "not-played-here" if url.startswith(SERVICE) else "path-unknown"
    assert (requests_of(play)[-1].endpoint, requests_of(play)[-1].problems) == ("unknown", (problem,))
