"""A page that asks its user to sign in is told as that, and no page is that has its control beside a password field."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import async_playwright
from werkzeug import Request, Response

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.arrival_check import ArrivalCheck
from oauth_window_harness.drivers.playwright.async_calls import AsyncCalls
from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.redact import Redactor

pytestmark = pytest.mark.browser

FIELDS = "<input type=email aria-label=E-mail><input type=password aria-label=Password>"
FORM = f"<form>{FIELDS}<button type=button>Sign in</button></form>"
SOCIAL = "<button>Continue with Google</button><button>Continue with Facebook</button>"
CONNECT = "<button>Connect Facebook</button>"
SHADOW = f"<script>login.attachShadow({{ mode: 'open' }}).innerHTML = `{FORM}`;</script>"
OVER = "style='position: fixed; inset: 0; background: white'"

MAIN = "document.querySelector('main')"
CHANGE = "<form><input type=password><input type=password><button>Change password</button></form>"
WAY = "<button>Continue with Facebook</button>"

#: Pages whose users have to sign in first, at the address that was named.
SIGNED_OUT = {
    "a form, and a way with Facebook beside it": f"<h1>Sign in</h1>{FORM}<p>or</p>{SOCIAL}",
    "a form without that element": f"<title>Log in</title><div><p>{FIELDS}</p><button>Log in</button></div>{SOCIAL}",
    "in German": f"<form>{FIELDS}<button>Anmelden</button></form><a href=#>Mit Facebook anmelden</a>",
    "a button that only the heading explains": f"<h1>Sign in</h1><form>{FIELDS}<button>→</button></form>{SOCIAL}",
    "a way that connects by its word": f"<h1>Sign in</h1>{FORM}<button>Connect with Facebook</button>",
    "two ways with Facebook": f"{FORM}<button>Sign in with Facebook</button><button>Sign up with Facebook</button>",
    "no control at all": f"<h1>Welcome back</h1>{FORM}",
    "in a shadow root": f"<h1>Welcome</h1><x-login id=login></x-login>{SHADOW}",
    "a layer over the page": f"<h1>Channels</h1>{CONNECT}<div {OVER}><h2>Session expired</h2>{FORM}</div>",
    "a modal dialog over the page": f"{CONNECT}<dialog id=d>{FORM}</dialog><script>d.showModal()</script>",
    "a route": f"<main>{CONNECT}</main><script>location.hash = '#/login'; {MAIN}.innerHTML"
    f" = `<h1>Sign in</h1>{FORM}{SOCIAL}`;</script>",
}

#: Pages that have the control: its name, and what is in the page.
SIGNED_IN = {
    "a token": ("Connect Facebook", f"<h1>Settings</h1><label>API token <input type=password></label>{CONNECT}"),
    "a form to change the password": (
        "Connect Facebook",
        f"<h1>Account</h1>{CONNECT}{CHANGE}",
    ),
    "that form, and a control with another verb": (
        "Log in with Facebook",
        f"<h1>Account</h1>{CHANGE}<button>Log in with Facebook</button>",
    ),
    "a control that signs in with Facebook, and no password": (
        "Log in with Facebook", "<h1>Channels</h1><input type=search><button>Log in with Facebook</button>",
    ),
    "another service that is signed in to": (
        "Connect Facebook", f"<h1>Channels</h1><section><h2>Bluesky</h2>{FORM}</section><section>{CONNECT}</section>",
    ),
    "a token near a way to another service": (
        "Continue with Facebook",
        "<h1>Integrations</h1><div><input type=password><button>Save</button></div><button>Sign in with Slack</button>"
        "<button>Continue with Facebook</button>",
    ),
    "a form that nobody sees": ("Continue with Facebook", f"<div hidden>{FORM}</div>{WAY}"),
    "a dialog that asks for the password once more": (
        "Connect Facebook", f"{CONNECT}<div role=dialog><input type=password><button>Confirm</button></div>",
    ),
    "a route of its own": ("Connect Facebook", f"{CONNECT}<script>location.hash = '#/channels/all';</script>"),
}  # fmt: skip

#: Pages at another address than the one that was named: whether people sign in there, by the address and the page.
ELSEWHERE = {
    "/login": (f"<title>Acme</title>{SOCIAL}", True),
    "/start": (f"<title>Sign in</title><input type=email><button>Next</button>{SOCIAL}", True),
    "/dashboard": (f"<h1>Dashboard</h1><label>Token <input type=password></label>{CONNECT}", False),
    "/auth/channels": (f"<h1>Channels</h1>{CONNECT}", False),
}


def pages() -> dict[str, str]:
    """Return the HTML of all pages, by their paths."""
    found = {f"/out-{place}": html for place, html in enumerate(SIGNED_OUT.values())}
    found |= {f"/in-{place}": html for place, (_, html) in enumerate(SIGNED_IN.values())}
    for place, (path, (html, _)) in enumerate(ELSEWHERE.items()):
        found |= {path: html, f"/leads-{place}": f"<script>location.replace('{path}')</script>"}
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackServer]:
    served = pages()

    def answer(request: Request) -> Response:
        return Response(f"<!doctype html>{served.get(request.path, '')}", content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


async def found_at(url: str, connect: str | None = None) -> str:
    """Open a page, and return the name of its control."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            page = await browser.new_page()
            await page.goto(url)
            await page.wait_for_load_state()
            arrival = ArrivalCheck(AsyncCalls(), page, Target(url, connect, None, None, 0.3), Redactor())
            return (await arrival.find()).name()
        finally:
            await browser.close()


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_a_page_that_asks_its_user_to_sign_in_is_told_as_that(site: LoopbackServer, name: str) -> None:
    url = site.url_for(f"/out-{list(SIGNED_OUT).index(name)}")
    with pytest.raises(AppUnreachableError) as raised:
        asyncio.run(found_at(url))
    assert "a password field and the button" in raised.value.seen
    assert "--storage-state" in raised.value.todo
    assert raised.value.where == url


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_that_has_its_control_is_none_to_sign_in_at(site: LoopbackServer, name: str) -> None:
    control, _ = SIGNED_IN[name]
    assert asyncio.run(found_at(site.url_for(f"/in-{list(SIGNED_IN).index(name)}"))) == control


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_page_that_went_on_is_judged_by_what_it_went_on_to(site: LoopbackServer, path: str) -> None:
    url = site.url_for(f"/leads-{list(ELSEWHERE).index(path)}")
    if not ELSEWHERE[path][1]:
        assert asyncio.run(found_at(url)) == "Connect Facebook"
        return
    with pytest.raises(AppUnreachableError) as raised:
        asyncio.run(found_at(url))
    assert f"went on to {site.url_for(path)}" in raised.value.what
    assert "a page to sign in at" in raised.value.seen


def test_a_control_that_the_user_named_is_taken_at_its_word(site: LoopbackServer) -> None:
    selector = "text=Continue with Facebook"
    assert asyncio.run(found_at(site.url_for("/out-0"), selector)) == selector
