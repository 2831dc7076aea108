"""Clients of a world: they reach the stub and the gateway over real sockets; and a window without scripts."""

from __future__ import annotations

import json
import socket
import ssl
from html.parser import HTMLParser
from typing import Any

import httpx

from oauth_window_harness.journal.events import RequestRefused, RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.stub.world import World

LOCATION = "ve9EPM428h8vShlRW1KT"
USER = "s8qyTiO1UrYvKUxr9Yw2"
ACCOUNT = "658a9b6833b91e0ecb8f3958"

OAUTH = "/social-media-posting/oauth"
START = f"{OAUTH}/facebook/start"
FINISH = f"{OAUTH}/facebook/finish"
#: The path of the account GET in the vendor's prose, and the one in its OpenAPI files.
PROSE_PATH = f"{OAUTH}/facebook/accounts/{ACCOUNT}"
LOCATED_PATH = f"{OAUTH}/{LOCATION}/facebook/accounts/{ACCOUNT}"

SERVICE = "https://services.leadconnectorhq.com"
FACEBOOK = "https://www.facebook.com"

#: The permissions that the service asks for, as they were seen.
SCOPES = (
    "email", "pages_show_list", "pages_read_engagement", "pages_manage_metadata", "pages_manage_posts",
    "pages_manage_engagement", "pages_read_user_content", "business_management", "public_profile", "read_insights",
)  # fmt: skip

#: The headers that every API call needs, and those that a browser sends when a window opens.
GOOD = {"Authorization": "Bearer anything-well-formed", "Version": "2021-07-28"}
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", "Accept": "text/html,*/*;q=0.8"}

#: The time after which an answer on loopback counts as hanging, in seconds.
LONGEST = 10.0


def scenario(**parts: Any) -> Scenario:
    """Return a scenario with these parts and defaults for all others."""
    expect = {"outcome": "connected", "follow_up": True}
    return Scenario.model_validate({"name": "a-story", "title": "A story", "expect": expect, **parts})


class ByName(httpx.HTTPTransport):
    """Connects every name to loopback: every browser does so for ``*.localhost``, but not every resolver."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        on_loopback = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(on_loopback)


def plain_client(world: World) -> httpx.Client:
    """Return a client of the stub's plain address."""
    return httpx.Client(base_url=world.stub_url, transport=ByName(verify=False), trust_env=False, timeout=LONGEST)


def trust(world: World) -> ssl.SSLContext:
    """Return a TLS context for clients that trusts the world's authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=world.authority.pem().decode())
    return context


def proxied_client(world: World, gateway_url: str | None = None) -> httpx.Client:
    """Return a client that goes through the page's gateway, or the one given, and trusts the world's authority."""
    proxy = world.gateway_url if gateway_url is None else gateway_url
    return httpx.Client(proxy=proxy, verify=trust(world), trust_env=False, timeout=LONGEST)


def dial(url: str) -> socket.socket:
    """Return a bare socket that is connected to a ``http://host:port``."""
    goal = httpx.URL(url)
    assert goal.port is not None
    return socket.create_connection((goal.host, goal.port), timeout=LONGEST)


def start_query(**changes: str | None) -> dict[str, str]:
    """Return the query of start with these changes; a parameter that is None is left out."""
    query = {"locationId": LOCATION, "userId": USER, "page": "integration", "reconnect": "true", **changes}
    return {name: value for name, value in query.items() if value is not None}


def requests_of(play: Play) -> list[RequestSeen]:
    """Return the requests that the stub answered, from the journal."""
    return play.journal.of(RequestSeen)


def refusals_of(play: Play) -> list[RequestRefused]:
    """Return the requests that the gateway refused, from the journal."""
    return play.journal.of(RequestRefused)


class Page(HTMLParser):
    """A page of the stub, read without running scripts.

    Attributes:
        action: the action of its form.
        fields: the form's fields.
        buttons: the buttons by test id: name, value and visible text.
        finish: the data that a finish page carries; None for other pages.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, tuple[str, str, str]] = {}
        self.finish: Any = None
        self._inside = ("", "")
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found["action"]
        elif tag == "input":
            self.fields[found["name"]] = found["value"]
        elif tag == "button":
            self.buttons[found["data-testid"]] = (found.get("name", ""), found.get("value", ""), "")
            self._inside = (tag, found["data-testid"])
        elif tag == "script":
            self._inside = (tag, found.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ("", "")

    def handle_data(self, data: str) -> None:
        tag, name = self._inside
        if tag == "button":
            self.buttons[name] = (*self.buttons[name][:2], data)
        elif (tag, name) == ("script", "finish"):
            self.finish = json.loads(data)


class Window:
    """The OAuth window, one hop at a time, so that tests can examine each answer.

    Attributes:
        answer: the last one.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.answer: httpx.Response

    @property
    def page(self) -> Page:
        """The page of the last answer."""
        assert self.answer.headers["content-type"] == "text/html; charset=utf-8"
        return Page(self.answer.text)

    @property
    def location(self) -> httpx.URL:
        """The address to which the last answer redirects."""
        assert self.answer.status_code == 302, self.answer.text
        return self.answer.url.join(self.answer.headers["location"])

    def go(self, url: str | httpx.URL, **query: str) -> Page | None:
        """Navigate, and return the page; None where the answer is a redirect."""
        self.answer = self._client.get(url, params=query or None, headers=NAVIGATION)
        return None if self.answer.has_redirect_location else self.page

    def follow(self) -> Page | None:
        """Follow the redirect of the last answer."""
        return self.go(self.location)

    def press(self, test_id: str) -> None:
        """Press a button of the form on the page."""
        page = self.page
        name, value, _ = page.buttons[test_id]
        form = {**page.fields, **({name: value} if name else {})}
        self.answer = self._client.post(self.answer.url.join(page.action), data=form, headers=NAVIGATION)

    def to_dialog(self, base: str = "", /, **changes: str | None) -> httpx.URL:
        """Open start, and return the address of the dialog to which it redirects."""
        self.go(base + START, **start_query(**changes))
        return self.location

    def connect(self, base: str = "", /, **changes: str | None) -> None:
        """Go the whole way from start to the finish page."""
        self.to_dialog(base, **changes)
        self.follow()
        self.press("consent-approve")
        self.follow()
        assert self.answer.status_code == 200, self.answer.text
