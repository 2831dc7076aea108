"""What the mock browser knows of browsers: truth tables of the standards that it follows."""

from __future__ import annotations

import pytest

from oauth_window_harness.drivers.mock.documents import Document, SelectorError
from oauth_window_harness.drivers.mock.messages import Message
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy, leaves_group
from oauth_window_harness.drivers.mock.origins import TargetOriginError, is_same, origin_of, reaches
from oauth_window_harness.drivers.mock.tasks import Tasks
from oauth_window_harness.journal.clock import Clock, SkippingClock

APP = "http://localhost:3000"
SERVICE = "https://services.leadconnectorhq.com"
FACEBOOK = "https://www.facebook.com"


# --- origins ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://services.leadconnectorhq.com/a?b#c", SERVICE),
        ("https://services.leadconnectorhq.com:443/", SERVICE),
        ("HTTPS://SERVICES.leadconnectorhq.com/", SERVICE),
        ("http://services.leadconnectorhq.com/", "http://services.leadconnectorhq.com"),
        ("http://localhost:3000/x", APP),
        ("http://localhost:80/x", "http://localhost"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("about:blank", "null"),
        ("data:text/html,x", "null"),
        ("http://[", "null"),
        ("http://host:port/", "null"),
        ("", "null"),
    ],
)
def test_an_address_has_the_origin_that_scripts_see(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_an_opaque_origin_is_the_same_as_none() -> None:
    assert is_same(APP, APP)
    assert not is_same("null", "null")


@pytest.mark.parametrize(
    ("target_origin", "delivered"),
    [
        ("*", True),
        (APP, True),
        (f"{APP}/settings?x", True),
        ("http://localhost:3001", False),
        ("https://localhost:3000", False),
        (SERVICE, False),
        ("/", False),
    ],
)
def test_a_message_reaches_whom_its_target_origin_names(target_origin: str, delivered: bool) -> None:
    assert reaches(target_origin, sender=SERVICE, receiver=APP) is delivered


def test_a_slash_reaches_the_senders_own_origin() -> None:
    assert reaches("/", sender=APP, receiver=APP)
    assert not reaches("/", sender="null", receiver="null")


@pytest.mark.parametrize("wrong", ["", "no origin", "services.leadconnectorhq.com", "null"])
def test_what_is_no_origin_is_posted_to_nobody(wrong: str) -> None:
    with pytest.raises(TargetOriginError):
        reaches(wrong, sender=SERVICE, receiver=APP)


# --- Cross-Origin-Opener-Policy ---------------------------------------------------------------------------------------

NONE, SAME, POPUPS, NOOPENER = "unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"


@pytest.mark.parametrize(
    ("opener", "blank", "response", "origin", "cut"),
    [
        (NONE, True, NONE, FACEBOOK, False),
        (NONE, True, SAME, FACEBOOK, True),
        (NONE, True, POPUPS, FACEBOOK, True),
        # The app's own policy: its window begins with it.
        (SAME, True, NONE, FACEBOOK, True),
        (POPUPS, True, NONE, FACEBOOK, False),
        (POPUPS, True, SAME, FACEBOOK, True),
        (SAME, True, SAME, APP, False),
        # Later in the same window.
        (NONE, False, SAME, SERVICE, True),
        (POPUPS, False, NONE, FACEBOOK, True),
        (SAME, False, SAME, APP, False),
        (SAME, False, SAME, FACEBOOK, True),
        (NONE, True, NOOPENER, FACEBOOK, True),
    ],
)
def test_a_policy_cuts_the_opener(opener: str, blank: bool, response: str, origin: str, cut: bool) -> None:
    current = OpenerPolicy(opener, APP)
    assert leaves_group(current, OpenerPolicy(response, origin), initial_blank=blank) is cut


@pytest.mark.parametrize(
    ("header", "origin", "value"),
    [
        (None, SERVICE, NONE),
        ("same-origin", SERVICE, SAME),
        ('same-origin; report-to="x"', SERVICE, SAME),
        ("Same-Origin", SERVICE, NONE),
        ("nonsense", SERVICE, NONE),
        ("same-origin", "http://plain.example", NONE),
        ("same-origin", "http://localhost:3000", SAME),
    ],
)
def test_a_header_is_a_policy_in_a_secure_context(header: str | None, origin: str, value: str) -> None:
    assert OpenerPolicy.of(header, origin).value == value


# --- documents --------------------------------------------------------------------------------------------------------

FORM = """<!doctype html><form method=post action="/go?x">
<input name=hidden type=hidden value="a&amp;b"><input name=text value=t><input name=off disabled value=1>
<input type=checkbox name=box checked><input type=checkbox name=box value=2><input type=radio name=r value=1 checked>
<input type=submit name=other value=o><input type=file name=f><textarea name=area>words</textarea>
<select name=one><option value=1>x<option selected value=2>y</select><select name=first><option>only</select>
<button data-testid=go name=answer value=yes>Go</button><button data-testid=no name=answer value=no formaction=/no
 formmethod=get>No</button></form>
<button data-testid=alone>Alone</button><div hidden><p class=in>x</p></div><p class=in>y</p>
<a data-testid=on href="next?y#z">on</a><script type="application/json" id=told>{"a": "</p>"}</script>"""


def test_a_form_is_sent_as_its_pressed_button_wants_it() -> None:
    document = Document("https://www.facebook.com/dialog/oauth?state=1", 200, FORM)
    sent = document.submission("go")

    assert sent is not None
    assert (sent.method, sent.url) == ("POST", "https://www.facebook.com/go?x")
    assert sent.fields == (
        ("hidden", "a&b"), ("text", "t"), ("box", "on"), ("r", "1"), ("area", "words"), ("one", "2"),
        ("first", "only"), ("answer", "yes"),
    )  # fmt: skip
    other = document.submission("no")
    assert other is not None
    query = "hidden=a%26b&text=t&box=on&r=1&area=words&one=2&first=only&answer=no"
    assert (other.method, other.url, other.fields) == ("GET", f"https://www.facebook.com/no?{query}", ())
    assert document.submission("alone") is None
    assert document.submission("nowhere") is None


def test_a_document_tells_its_links_and_data_and_what_is_visible() -> None:
    document = Document("https://a.example/b/c", 200, FORM)
    assert document.link("on") == "https://a.example/b/next?y#z"
    assert document.link("go") is None
    assert document.data("told") == {"a": "</p>"}
    assert document.data("nothing") is None
    assert [node.text() for node in document.find(".in")] == ["y"]
    with pytest.raises(SelectorError):
        document.find("text=Connect")


@pytest.mark.parametrize(
    ("url", "status", "location", "goal"),
    [
        ("https://a.example/x#f", 302, "/y", "https://a.example/y#f"),
        ("https://a.example/x#f", 302, "/y#g", "https://a.example/y#g"),
        ("https://a.example/x", 303, "https://b.example/", "https://b.example/"),
        ("https://a.example/x", 200, "/y", None),
        ("https://a.example/x", 304, "/y", None),
    ],
)
def test_a_redirect_keeps_the_fragment(url: str, status: int, location: str, goal: str | None) -> None:
    assert HttpAnswer(url, status, {"location": location}).redirect == goal


# --- time and messages ------------------------------------------------------------------------------------------------


def test_time_passes_from_timer_to_timer_without_anybody_waiting() -> None:
    clock = Clock()
    began = clock.now()
    tasks, ran = Tasks(clock), list[str]()
    tasks.start_timer(3500, lambda: ran.append("hour"))
    ticking = tasks.start_timer(600, lambda: ran.append("tick"), again=True)

    assert tasks.until(lambda: "hour" in ran, 4000)
    assert ran == [*["tick"] * 5, "hour"]
    assert clock.now() - began >= 3500
    ticking.is_cancelled = True
    assert not tasks.until(lambda: len(ran) > 100, 86_400)
    assert clock.now() - began >= 86_400


def test_what_needs_the_network_comes_after_what_is_at_hand() -> None:
    tasks, ran = Tasks(SkippingClock()), list[int]()
    tasks.queue_request(lambda: ran.append(3))

    def first() -> None:
        ran.append(1)
        tasks.queue(lambda: ran.append(2))

    tasks.queue(first)
    tasks.run()
    assert ran == [1, 2, 3]


def test_a_message_notes_what_is_read_of_it() -> None:
    message = Message({"page": "x", "accountId": "1"}, SERVICE, None)
    assert message.fields_read() == ()
    assert message.origin == SERVICE
    assert message.data.get("page") == "x"
    assert message.data.get("nothing") is None
    assert message.fields_read() == ("origin", "data", "data.page")
    text = Message("{}", SERVICE, None)
    assert text.data == "{}"
    assert text.fields_read() == ("data",)
