"""Which of the stacks of a play show where a finding lies, and which finding lies in no line of a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.code_places import stacks_of
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.events import ClosedRead, Event, MessageRead, WindowOpenCalled
from oauth_window_harness.journal.scripts import (
    CallMade,
    CloseCalled,
    Frame,
    ListenerAdded,
    LocationSet,
    Reading,
    ScriptThrew,
    Stack,
)
from tests.journals import (
    ACCOUNT,
    EVENT,
    FLOW,
    START,
    clicks,
    closes,
    flow_of,
    listens,
    page_loads,
    receives,
    request,
    text,
)

API = "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/accounts"
ACCOUNT_URL = f"{API}/{ACCOUNT}"
OWN = "http://127.0.0.1:3000/api/connect"

#: Each thing that the page does stands on a line of its own.
OPEN, ADD, ORIGIN, PAGE, TYPE, FETCH, CLOSED, CLOSE, THROW, OTHER = range(1, 11)


def at_line(line: int) -> Stack:
    return (Frame(text("http://127.0.0.1:3000/app.js"), line, 1),)


def opening(at: float, line: int = OPEN, url: str = START, *, returned: bool = True, features: str = "") -> Event:
    return WindowOpenCalled(
        at=at, window="app", url=text(url), target=text(""), features=text(features), returned=returned, active=True,
        stack=at_line(line),
    )  # fmt: skip


def calls(at: float, url: str = ACCOUNT_URL, line: int = FETCH) -> Event:
    return CallMade(at=at, window="app", url=text(url), stack=at_line(line))


def adds(at: float, line: int = ADD) -> Event:
    return ListenerAdded(at=at, window="app", stack=at_line(line))


def throws(at: float, message: str = "x is null", *, listening: bool = False) -> Event:
    return ScriptThrew(at=at, window="app", message=text(message), listening=listening, stack=at_line(THROW))


def hears(at: float, *readings: tuple[str, int], data: Any = None) -> list[Event]:
    """Return a message with what the page reads of it, each on a line."""
    message, read = receives(at, data)
    assert isinstance(read, MessageRead)
    places = tuple(Reading(text(name), at_line(line)) for name, line in readings)
    return [message, replace(read, read=tuple(one.name for one in places), readings=places)]


READS = (("origin", ORIGIN), ("data", TYPE), ("data.page", PAGE), ("data.type", TYPE))

#: The plain flow, in which the page opens its window by a call that is known.
BEGIN = [*(event for event in FLOW if not isinstance(event, WindowOpenCalled)), opening(1.001), adds(0.1)]


def lines(flow: Flow, code: str, evidence: Sequence[str] = ()) -> list[int]:
    """Return the lines that show where a finding lies, the plainest first, each once."""
    found = next((one for one in judge(flow) if one.code == code), None) or finding(code, evidence)
    return list(dict.fromkeys(stack[0].line for stack in stacks_of(found, flow)))


@pytest.mark.parametrize(
    ("code", "events", "line"),
    [
        ("event-ignored", [*BEGIN, *hears(2.0, *READS)], TYPE),
        ("event-ignored", [*BEGIN, *hears(2.0)], ADD),
        ("page-underscore-ignored", [*BEGIN, *hears(2.0, *READS)], PAGE),
        ("listener-missing", [*BEGIN, listens(1.9, 0), *receives(2.0)], ADD),
        ("listener-missing", [opening(1.0), *receives(2.0)], OPEN),
        ("listener-threw", [*BEGIN, *hears(2.0, *READS), throws(2.005, listening=True)], THROW),
        ("follow-up-missing", [*BEGIN, *hears(2.0, *READS)], TYPE),
        ("version-missing", [*BEGIN, *hears(2.0, *READS), calls(2.05),
                             request(2.1, "account", problems=("version-missing",), by_page=True)], FETCH),
        ("window-closed-early", [*BEGIN[:-4], CloseCalled(at=1.3, window="app", stack=at_line(CLOSE)), closes(1.4)],
         CLOSE),
        ("window-blocked-unhandled", [clicks(1.0), opening(1.1, returned=False)], OPEN),
        ("window-blocked-unhandled", [clicks(1.0), opening(1.1, returned=False), throws(1.2)], THROW),
        ("false-cancel", [ClosedRead(at=2.0, window="app", closed=True, stack=at_line(CLOSED))], CLOSED),
        ("opener-detached", [opening(1.0, features="noopener")], OPEN),
    ],
)  # fmt: skip
def test_a_finding_lies_where_the_page_did_what_it_is_about(code: str, events: list[Event], line: int) -> None:
    assert lines(flow_of("account-200", events), code)[:1] == [line]


@pytest.mark.parametrize(
    ("code", "events", "evidence"),
    [
        # The page's server asked, not the page.
        ("version-missing", [*BEGIN, calls(2.0, OWN)], [f"GET {ACCOUNT_URL} (sent by the server)"]),
        ("start-parameter-missing", [opening(1.0, url=OWN)], [f"GET {START} (sent by the server)"]),
        # The window was sent there later, by what is not seen.
        ("token-in-url", [opening(1.0, url="about:blank")], [f"GET {START}&access_token=x (sent by the page)"]),
        # A header of the page cut the opener, or a link opened the window.
        ("opener-detached", BEGIN, ["http://127.0.0.1/ came with Cross-Origin-Opener-Policy: same-origin"]),
        # Another address only begins alike.
        ("follow-up-path-unknown", [*BEGIN, calls(2.0, API)], [f"GET {ACCOUNT_URL} (sent by the page)"]),
        # An error that the finding does not quote is about something else.
        ("window-not-opened", [throws(0.5)], ["the control was clicked"]),
        ("connected-beforehand", BEGIN, ["--connected was visible before the click"]),
        ("target-origin-mismatch", BEGIN, ["posted to https://other"]),
    ],
)  # fmt: skip
def test_no_line_is_accused_of_what_none_did(code: str, events: list[Event], evidence: list[str]) -> None:
    flow = flow_of("account-200", events)
    assert stacks_of(finding(code, evidence), flow) == []


def test_an_address_lies_where_the_window_was_sent_to_it() -> None:
    evidence = [f"GET {START} (sent by the page)"]
    assert lines(flow_of("account-200", BEGIN), "start-parameter-unknown", evidence) == [OPEN]
    sent = LocationSet(at=1.1, window="app", url=text(START), stack=at_line(OTHER))
    flow = flow_of("account-200", [opening(1.0, url=""), sent])
    assert lines(flow, "start-parameter-unknown", evidence) == [OTHER]
    refused = ["services.example.com:443 is not one of the service's hosts"]
    flow = flow_of("account-200", [opening(1.0, url="https://services.example.com/start")])
    assert lines(flow, "start-path-unknown", refused) == [OPEN]


def test_the_last_of_the_same_calls_is_the_one_too_many() -> None:
    flow = flow_of("account-200", [*BEGIN, calls(2.0), calls(3.0, line=OTHER)])
    assert lines(flow, "duplicate-acted-on", [f"GET {ACCOUNT_URL} (sent by the page)"]) == [OTHER, FETCH]


def test_a_listener_that_is_added_again_and_again_is_what_acts_twice() -> None:
    events = [*BEGIN, adds(1.0), listens(1.0, 2), *hears(2.0, *READS), calls(2.1), calls(2.2)]
    evidence = [f"GET {ACCOUNT_URL} (sent by the page)"]
    assert lines(flow_of("account-200", events), "duplicate-acted-on", evidence) == [ADD, FETCH]
    # One that is removed before the next is added is not.
    once = [event if event != listens(1.0, 2) else listens(1.0, 1) for event in events]
    assert lines(flow_of("account-200", once), "duplicate-acted-on", evidence) == [FETCH]


def test_a_weak_check_of_the_origin_lies_where_the_forged_message_was_checked() -> None:
    forged = {**EVENT, "accountId": "forgedAccount"}
    events = [*BEGIN, *hears(1.7, ("data", OTHER), ("origin", ORIGIN), data=forged), *hears(2.0, ("origin", PAGE))]
    evidence = [
        "a forged event from https://services.leadconnectorhq.com.evil.test, with the accountId forgedAccount123"
    ]
    assert lines(flow_of("account-200", events), "origin-check-weak", evidence)[0] == ORIGIN
    assert lines(flow_of("account-200", events), "origin-unchecked", evidence)[0] == OTHER


def test_what_is_asked_of_a_refused_host_lies_in_the_call_of_it() -> None:
    flow = flow_of("account-200", [*BEGIN, calls(1.0, "https://stats.example.com/hit")])
    assert lines(flow, "unexpected-request", ["stats.example.com:443, requested by the page"]) == [FETCH]
    assert lines(flow, "unexpected-request", ["stats.example.com:443, requested by the server"]) == []


def test_an_answer_that_the_page_made_nothing_of_lies_in_its_call() -> None:
    made = request(2.1, "account", status=401, by_page=True)
    flow = flow_of("account-401", [*BEGIN, *hears(2.0, *READS), calls(2.05), made])
    assert lines(flow, "silent-hang")[0] == FETCH


def test_a_call_to_the_pages_own_server_lies_behind_the_follow_up_of_that() -> None:
    page = page_loads(0.1, "http://127.0.0.1:3000/")
    own, elsewhere = calls(2.05, OWN, OTHER), calls(2.06, "https://stats.example/beat", FETCH)
    begun = [page, *BEGIN, *hears(2.0, *READS), own, elsewhere]
    follow_up = request(2.1, "account", status=401)
    assert lines(flow_of("account-401", [*begun, follow_up]), "silent-hang")[0] == OTHER
    # Of two calls to it nobody knows which one it was.
    second = calls(2.07, "http://127.0.0.1:3000/beat", THROW)
    assert OTHER not in lines(flow_of("account-401", [*begun, second, follow_up]), "silent-hang")


def test_each_code_with_places_is_one_of_the_table() -> None:
    from oauth_window_harness.checks import code_places  # noqa: PLC0415 - its table is its own

    assert set(code_places._PLACES) - set(CAUSES) == set()
