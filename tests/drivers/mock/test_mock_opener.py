"""What a page may do with a window in the mock browser, and how its requests travel: over real sockets, by name."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.drivers.mock.capturing_page import CapturingPage
from oauth_window_harness.drivers.mock.driver import windows_of
from oauth_window_harness.drivers.mock.network import Profile, RoutedTransport
from oauth_window_harness.journal.events import (
    ClosedRead,
    DocumentLoaded,
    RequestRefused,
    RequestSeen,
    WindowOpenCalled,
    WindowOpened,
)
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World

BUNDLED = catalog.bundled_scenarios()
SERVICE = "https://services.leadconnectorhq.com"
START = f"{SERVICE}/social-media-posting/oauth/facebook/start?locationId=here&userId=me"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(list(BUNDLED.values())) as world:
        yield world


@pytest.fixture(scope="module")
def transport(world: World) -> Iterator[RoutedTransport]:
    transport = RoutedTransport(lambda: world.offloaded_routes)
    yield transport
    transport.close()


class Page(CapturingPage):
    """A page that does what its test wants."""

    def __init__(self) -> None:
        super().__init__("here", "me")

    def click(self) -> None:
        pass


class House:
    """The windows of one play, and the page that acts in them."""

    def __init__(self, world: World, transport: RoutedTransport, scenario: str = "account-200") -> None:
        self.play: Play = world.begin(BUNDLED[scenario])
        self.page = Page()
        self.windows = windows_of(self.play, Profile(transport, 5.0), self.page)

    def begin(self, url: str = "https://app.example.test/") -> None:
        self.windows.show_page(url)
        self.windows.click()
        self.windows.tasks.run()


@pytest.fixture
def house(world: World, transport: RoutedTransport) -> House:
    house = House(world, transport)
    house.begin()
    return house


def asked(house: House) -> list[tuple[bool, bool]]:
    return [(event.active, event.returned) for event in house.play.journal.of(WindowOpenCalled)]


# --- user activation, and openers -------------------------------------------------------------------------------------


def test_one_click_allows_one_window(house: House) -> None:
    assert house.page.window.open(START) is not None
    assert house.page.window.open(START) is None
    assert asked(house) == [(True, True), (False, False)]


def test_a_click_is_forgotten_after_five_seconds(house: House) -> None:
    house.windows.clock.skip(4.0)
    house.windows.click()
    house.windows.clock.skip(5.1)
    assert house.page.window.open(START) is None
    house.windows.click()
    house.windows.clock.skip(4.9)
    assert house.page.window.open(START) is not None


@pytest.mark.parametrize("features", ["noopener", "popup,noopener", "width=1, noreferrer", "NoOpener=1"])
def test_a_window_without_an_opener_is_not_given_to_the_page(house: House, features: str) -> None:
    assert house.page.window.open(START, "_blank", features) is None
    house.windows.tasks.run()
    assert len(house.play.journal.of(WindowOpened)) == 1
    assert house.play.journal.of(DocumentLoaded)[-1].has_opener is False


def test_a_blocked_window_is_none_in_spite_of_the_click(world: World, transport: RoutedTransport) -> None:
    house = House(world, transport, "window-blocked")
    house.begin()
    assert house.page.window.open(START) is None
    assert asked(house) == [(True, False)]


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ("same-origin", False),
        ("same-origin-allow-popups", True),
        ("unsafe-none", True),
        ("noopener-allow-popups", True),
    ],
)
def test_the_apps_own_policy_cuts_its_window(world: World, transport: RoutedTransport, policy: str, kept: bool) -> None:
    def app(_request: Request) -> Response:
        return Response("<p>an app", content_type="text/html", headers={"Cross-Origin-Opener-Policy": policy})

    house = House(world, transport)
    with LoopbackServer(app) as server:
        world.let_pass(f"{LOOPBACK}:{server.port}")
        house.windows.load(server.url_for("/"))
        house.windows.click()
        opened = house.page.window.open(START)
        assert opened is not None
        assert opened.closed is False
        house.windows.tasks.run()
    assert house.play.journal.of(DocumentLoaded)[-1].has_opener is kept
    assert opened.closed is not kept
    assert [read.closed for read in house.play.journal.of(ClosedRead)] == ([False] if kept else [False, True])


# --- the network ------------------------------------------------------------------------------------------------------


def test_the_stub_speaks_in_production_addresses(world: World, transport: RoutedTransport) -> None:
    play = world.begin(BUNDLED["account-200"])
    answer = Profile(transport, 5.0).ask("GET", START, headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"})
    assert answer.redirect is not None
    assert answer.redirect.startswith("https://www.facebook.com/dialog/oauth?")
    (seen,) = play.journal.of(RequestSeen)
    assert (seen.url, seen.sent_by) == (START, "page")


def test_nothing_else_is_reached(house: House) -> None:
    house.page.window.open("https://elsewhere.example/start")
    house.windows.tasks.run()
    assert [refused.host for refused in house.play.journal.of(RequestRefused)] == ["elsewhere.example:443"]
    assert house.play.journal.of(DocumentLoaded)[-1].url == "chrome-error://chromewebdata/"


def test_each_profile_has_cookies_of_its_own(world: World, transport: RoutedTransport) -> None:
    def app(request: Request) -> Response:
        response = Response(request.cookies.get("seen", "nothing"))
        response.set_cookie("seen", "before", httponly=True)
        return response

    with LoopbackServer(app, keep_alive=True) as server:
        world.let_pass(f"{LOOPBACK}:{server.port}", f"localhost:{server.port}")
        one, other = Profile(transport, 5.0), Profile(transport, 5.0)
        url = server.url_for("/")
        told = [one.ask("GET", url).text, one.ask("GET", url).text, other.ask("GET", url).text]
        elsewhere = one.ask("GET", f"http://localhost:{server.port}/")
    assert told == ["nothing", "before", "nothing"]
    assert elsewhere.text == "nothing"


def test_a_kept_connection_is_none_the_worse_for_a_body_that_nobody_reads() -> None:
    parts = ((b"POST / HTTP/1.1\r\nContent-Length: 5\r\n", b"GET /"), (b"GET / HTTP/1.1\r\n", b""))
    with (
        LoopbackServer(lambda request: Response(request.method), keep_alive=True) as server,
        socket.create_connection((LOOPBACK, server.port), timeout=10) as connection,
        connection.makefile("rb") as answers,
    ):
        for head, body in parts:
            connection.sendall(head + b"Host: x\r\n\r\n" + body)
            lines = [answers.readline() for _ in range(4)]
            assert lines[0] == b"HTTP/1.1 200 OK\r\n"
            length = next(int(line.split()[1]) for line in lines if line.lower().startswith(b"content-length"))
            assert answers.read(length) == head.split()[0]
