"""What counts as an effect, a reaction, a refusal or a new window: truth tables, each beside its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.event import is_doubtful
from oauth_window_harness.checks.evidence import outcome_lines
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.visible_changes import first_visible_change
from oauth_window_harness.checks.without_event import WithoutEvent
from oauth_window_harness.contract.rules import as_json
from oauth_window_harness.journal.events import (
    DocumentLoaded,
    Event,
    MessageReceived,
    OutcomeShown,
    WindowOpenCalled,
    WindowOpened,
)
from oauth_window_harness.journal.page_events import PageAnswered
from tests.journals import (
    ACCOUNT,
    EVENT,
    FIXTURES,
    FLOW,
    clicks,
    closes,
    flow_of,
    forged_account,
    listens,
    opens_popup,
    popup_shows,
    reads_closed,
    receives,
    request,
    says,
    shows,
    text,
)

CONNECTED = [request(2.1, "account", connectable_count=1), says(2.5, "Connected"), shows(2.6, "connected")]
NOISE = FIXTURES.event("noise-object").data
WIDGET = FIXTURES.event("noise-identified").data
QUOTED, QUOTED_NOISE = as_json(EVENT), as_json(NOISE)
FOREIGN = "https://attacker.example"
SUFFIX = "https://services.leadconnectorhq.com.evil.test"
#: The same flow where the provider cuts the opener.
CUT = [*FLOW[:6], popup_shows(1.3, has_opener=False), FLOW[7]]


def codes(play: Flow) -> list[str]:
    return [found.code for found in judge(play)]


def without(*events: Event) -> WithoutEvent:
    """Return what a page does without the event, of a play in which its window posts noise at the second 2."""
    message = next(event for event in receives(2.0, NOISE) if isinstance(event, MessageReceived))
    return WithoutEvent.of([*FLOW, message, *events], message)


# --- acting on the event ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "control", "code"),
    [
        # A reminder comes four seconds after the click, with the event and without it.
        ([says(5.0, "Connect\nStill waiting")], [says(5.0, "Connect\nStill waiting")], "event-ignored"),
        # A reminder beside a clock and a log is one all the same.
        ([says(5.0, "12:00:07\nConnect\nStill waiting")], [says(5.0, "12:00:01\nConnect\nStill waiting")],
         "event-ignored"),
        # A log of every message quotes each of them.
        ([says(2.1, f"Connect\nmessage {QUOTED}")], [says(2.1, f"Connect\nmessage {QUOTED_NOISE}")], "event-ignored"),
        # It may quote fields that another message has not.
        ([says(2.1, "Connect\nMessage from facebook: close")],
         [says(2.1, "Connect\nMessage from undefined: undefined")], "event-ignored"),
        ([says(2.1, "Connect\nMessage from facebook: close")], [says(2.1, "Connect\nMessage from [object Object]")],
         "event-ignored"),
        ([says(2.1, "Connect\nReading facebook")], [says(2.1, "Connect\nMessage from undefined")], "follow-up-missing"),
        # What is said of the event alone was caused by it, though a log or a reminder comes as well.
        ([says(2.1, "Connect\nReading your pages")], [says(5.0, "Connect\nStill waiting")], "follow-up-missing"),
        ([says(2.1, f"Connect\nmessage {QUOTED}\nReading your pages")], [says(2.1, f"Connect\nmessage {QUOTED_NOISE}")],
         "follow-up-missing"),
        # A log of nothing but the event is no log of every message.
        ([says(2.1, f"Connect\naccount {ACCOUNT}")], [], "follow-up-missing"),
    ],
)  # fmt: skip
def test_acting_on_the_event_is_what_the_event_caused(shown: list[Event], control: list[Event], code: str) -> None:
    flow = flow_of("account-200", FLOW, receives(2.0, read="origin data"), shown)
    assert is_doubtful(flow)
    assert codes(flow)[:1] == ["follow-up-missing"]
    assert codes(replace(flow, without_event=without(*control)))[:1] == [code]


@pytest.mark.parametrize(
    ("effect", "doubtful"),
    [([says(2.1, "Hm")], True), ([shows(2.1, "connected")], False), ([], False), (CONNECTED, False)],
)
def test_a_play_without_the_event_is_needed_only_where_there_is_a_doubt(effect: list[Event], doubtful: bool) -> None:
    assert is_doubtful(flow_of("account-200", FLOW, receives(2.0), effect)) is doubtful


@pytest.mark.parametrize(
    ("data", "caused", "accepted"),
    [
        (WIDGET, [request(1.65, "account", account=WIDGET["id"], status=422)], True),
        (WIDGET, [shows(1.65, "connected")], True),
        # To show a message is not to act on it.
        (WIDGET, [says(1.65, f"Connect\n{WIDGET}")], False),
        (WIDGET, [], False),
        (NOISE, [says(1.65, "Connect\nready")], False),
        (42, [], False),
        # The words of the service's addresses, and the ids of this flow, stand in its requests in any case.
        ({"page": "social-media-posting"}, [], False),
        ({"location": "ve9EPM428h8vShlRW1KT"}, [], False),
        ({"account": EVENT["accountId"]}, [], False),
    ],
)
def test_a_message_that_is_no_event_is_acted_on_where_more_is_done_than_to_show_it(
    data: Any, caused: list[Event], accepted: bool
) -> None:
    flow = flow_of("event-noise", FLOW, receives(1.6, data, read="data"), caused, receives(2.0), CONNECTED)
    assert codes(flow) == (["message-unchecked"] if accepted else [])


# --- refused is what was heard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listening", "code"),
    [(0.1, "origin-check-weak"), (1.38, "origin-unchecked")],
)
def test_a_forgery_that_nobody_heard_was_not_refused(listening: float, code: str) -> None:
    scenario = "forged-lookalike-suffix"
    plain, alike = (forged_account(scenario, "frame", origin) for origin in (FOREIGN, SUFFIX))
    story = [
        listens(listening), *FLOW[1:],
        *receives(1.35, {**EVENT, "accountId": plain}, origin=FOREIGN, other=True),
        *receives(1.4, {**EVENT, "accountId": alike}, origin=SUFFIX, other=True),
        request(1.45, "account", account=alike),
    ]  # fmt: skip
    assert codes(flow_of(scenario, story)) == [code]


def test_what_an_accepted_forgery_leads_to_is_not_told_as_a_second_cause() -> None:
    forged = forged_account("forged-before-open", "frame", "https://services.leadconnectorhq.com")
    message = receives(0.5, {**EVENT, "accountId": forged}, other=True)
    story = [*FLOW[:2], *message, shows(0.6, "connected"), *FLOW[2:], *receives(2.0), *CONNECTED[:2]]
    assert codes(flow_of("forged-before-open", story)) == ["source-unchecked"]
    # A page that says so before any message came is told as that, and as nothing else.
    story = [*FLOW[:2], shows(0.3, "connected"), *message, *FLOW[2:], *receives(2.0), *CONNECTED[:2]]
    assert codes(flow_of("forged-before-open", story)) == ["connected-beforehand"]


# --- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_at", "asked_at", "code"),
    [
        # The machine is slow: the page's server asks for start, and the page waits for its answer.
        (2.0, 1.1, "window-opened-late"),
        # It waits for something else, or by itself.
        (1.05, 1.1, "window-blocked"),
        (2.1, 2.05, "window-blocked"),
    ],
)
def test_the_time_that_start_takes_here_does_not_make_a_window_late(
    start_at: float, asked_at: float, code: str
) -> None:
    answered = PageAnswered(
        at=2.45, asked_at=asked_at, method="POST", url=text("http://localhost/start"), sent=text(""), status=200,
        failure=text(""), text=text(""),
    )  # fmt: skip
    events = [
        listens(0.1),
        clicks(1.0),
        request(start_at, "start", status=302),
        answered,
        asks(2.5, "fb", in_click=False),
    ]
    assert codes(flow_of("account-200", events))[:1] == [code]


def asks(at: float, target: str, *, active: bool = True, in_click: bool = True) -> Event:
    return WindowOpenCalled(
        at=at, window="app", url=text("https://x.test/"), target=text(target), features=text(""), returned=True,
        active=active, in_click=in_click,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([asks(1.01, "fb"), opens_popup(1.02), asks(1.1, "fb", active=False)], None),
        ([asks(1.01, "fb"), opens_popup(1.02), asks(1.1, "other", active=False)], "window-blocked"),
        ([asks(1.01, "_blank"), opens_popup(1.02), asks(1.1, "_blank", active=False)], "window-blocked"),
        ([asks(1.01, ""), opens_popup(1.02), asks(1.1, "", active=False)], "window-blocked"),
        # The window of that name has been closed: another one opens.
        ([asks(1.01, "fb"), opens_popup(1.02), closes(1.05), asks(1.1, "fb", active=False)], "window-blocked"),
        ([asks(1.01, "fb", active=False)], "window-blocked"),
        ([asks(1.01, "fb", in_click=False)], "window-opened-late"),
        ([asks(1.01, "fb"), opens_popup(1.02), asks(1.1, "fb", in_click=False)], None),
        ([asks(2.5, "fb", in_click=False)], "window-blocked"),
        # The click's own task opens many, and each takes its time.
        ([asks(1.01, "_blank"), opens_popup(1.02), asks(2.5, "_blank")], None),
    ],
)
def test_a_window_that_is_open_already_is_not_blocked(calls: list[Event], expected: str | None) -> None:
    found = codes(flow_of("account-200", listens(0.1), clicks(1.0), calls))
    told = [code for code in found if code in ("window-blocked", "window-opened-late")]
    assert told == ([] if expected is None else [expected])


def test_a_window_that_stays_empty_after_a_retry_was_not_sent_to_start() -> None:
    again = [clicks(3.0), asks(3.01, "fb"), WindowOpened(at=3.02, window="popup-2")]
    story = [*FLOW[:-1], closes(2.0, by_user=True), says(2.5, "Closed"), *again]
    assert codes(flow_of("window-retried", story)) == ["start-not-asked"]
    shown = DocumentLoaded(at=3.2, window="popup-2", url=text("https://www.facebook.com/"), has_opener=True)
    asked = request(3.1, "start", status=302)
    assert codes(flow_of("window-retried", story, asked, shown)) == []


def test_a_window_that_waits_at_facebook_is_no_fault_of_the_page() -> None:
    assert codes(flow_of("account-200", FLOW[:-1])) == []


def test_a_server_that_was_refused_and_told_its_user_has_no_window_to_close() -> None:
    refused = [clicks(1.0), request(1.2, "start", status=401)]
    assert flow_of("start-401", refused).server_was_refused
    assert codes(flow_of("start-401", says(0.5, "Connect"), refused, says(1.5, "Failed"))) == []
    assert codes(flow_of("start-401", says(0.5, "Connect"), refused)) == ["silent-hang"]


# --- the follow-up ----------------------------------------------------------------------------------------------------

MISMATCHES = ("follow-up-account-mismatch", "follow-up-location-mismatch")


@pytest.mark.parametrize(
    ("location", "account", "expected"),
    [
        (ACCOUNT, "l", ["follow-up-account-mismatch"]),
        ("other", "another", ["follow-up-account-mismatch", "follow-up-location-mismatch"]),
        (ACCOUNT, "another", ["follow-up-account-mismatch", "follow-up-location-mismatch"]),
    ],
)
def test_a_location_and_an_account_in_each_others_place_are_one_mistake(
    location: str, account: str, expected: list[str]
) -> None:
    start = replace(FLOW[5], location=text("l"))  # type: ignore[call-arg]
    flow = [*FLOW[:5], start, *FLOW[6:]]
    made = request(2.1, "account", account=account, status=403, problems=MISMATCHES)
    made = replace(made, location=text(location))
    assert codes(flow_of("account-200", flow, receives(2.0), made, says(2.5, "Sorry"))) == expected


# --- what moves by itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "later", "noticed"),
    [
        (["٢:٣٠:٠٥ م\nانتظر"], "٢:٣٠:٠٦ م\nانتظر", False),  # noqa: RUF001
        (["٢:٣٠:٠٥ م\nانتظر"], "٢:٣٠:٠٦ م\nفشل", True),  # noqa: RUF001
        (["१२:०३\nरुकिए"], "१२:०४\nरुकिए", False),
        # A clock in the numerals of Chinese and Japanese, from its first tick on.
        (["十二時三分\n待機"], "十二時四分\n待機", False),
        (["十二時三分\n待機"], "十二時四分\n失敗", True),
        (["14h30\nWait"], "14h31\nWait", False),
        # Counters, percentages, relative times: what went on twice before goes on.
        (["3 visitors\nWait", "4 visitors\nWait", "7 visitors\nWait"], "5 visitors\nWait", False),
        (["3 visitors\nWait", "4 visitors\nWait", "7 visitors\nWait"], "5 visitors\nFailed", True),
        (["2 visitors\nWait", "3 visitors\nWait", "2 visitors\nWait"], "1 visitor\nWait", False),
        (["10 %", "20 %", "30 %"], "40 %", False),
        (["vor 3 Sekunden", "vor 4 Sekunden", "vor 5 Sekunden"], "vor 1 Minute", False),
        (["zwölf Uhr drei", "zwölf Uhr vier", "zwölf Uhr fünf"], "zwölf Uhr sechs", False),
        (["zwölf Uhr drei\nWarten", "zwölf Uhr vier\nWarten", "zwölf Uhr fünf\nWarten"], "zwölf Uhr sechs\nFehler",
         True),
        # A picture says something, as words do; a spinner's hourglass and dots do not.
        (["⏳"], "❌", True),
        (["⏳\nWait"], "⌛\nWait", False),
        (["⠋ Wait"], "⠙ Wait", False),
        (["⚠ Wait"], "✅ Wait", True),
        # One change of a figure is news, and so is a word that never moved.
        (["3 accounts"], "4 accounts", True),
        (["Waiting 3", "Waiting 2", "Waiting 1"], "Failed", True),
        (["Connecting 3", "Connecting 2", "Connecting 1"], "Connecting failed", True),
    ],
)  # fmt: skip
def test_what_moves_by_itself_before_the_moment_is_no_reaction_after_it(
    texts: Sequence[str], later: str, noticed: bool
) -> None:
    events = [*(says(0.1 + number / 2, line) for number, line in enumerate(texts)), says(3.0, later)]
    assert (first_visible_change(events, 2.0) is not None) is noticed


def test_a_step_that_goes_on_because_of_the_user_is_no_counter() -> None:
    events = [
        says(0.1, "Step 1 of 3"),
        clicks(1.0),
        says(1.05, "Step 2 of 3"),
        *receives(2.0),
        says(2.1, "Step 3 of 3"),
    ]
    assert first_visible_change(events, 2.0) is not None


def test_a_change_of_figures_alone_is_not_certain() -> None:
    events = [says(1, "Accounts: 0"), says(3, "Accounts: 1")]
    assert first_visible_change(events, 2.0, certain=True) is None
    assert first_visible_change([*events, says(3.5, "Done")], 2.0, certain=True) is not None


# --- outcomes ---------------------------------------------------------------------------------------------------------


def test_the_evidence_of_an_outcome_is_what_its_selector_matched() -> None:
    shown = OutcomeShown(at=1.8, outcome="failed", visible=True, matched=text("Failed: out of sight"), is_both=True)
    story = [*CUT, reads_closed(1.6), says(1.7, "Failed: out of sight"), shown]
    (found,) = [one for one in judge(flow_of("coop-provider-same-origin", story)) if one.code == "false-cancel"]
    assert "--failed matched: 'Failed: out of sight'" in found.evidence
    assert [line for line in found.evidence if "--connected matches the same element" in line]
    assert "--failed" in found.mend


@pytest.mark.parametrize(
    ("selector", "matched", "lines"),
    [
        ("#error", "Failed: out of sight", ["--failed '#error' matched: 'Failed: out of sight'"]),
        (".dot", "", ["--failed '.dot' matched an element without text"]),
        ("", "", []),
    ],
)
def test_the_evidence_of_an_outcome_quotes_its_selector(selector: str, matched: str, lines: list[str]) -> None:
    shown = OutcomeShown(at=1.8, outcome="failed", visible=True, selector=text(selector), matched=text(matched))
    assert outcome_lines(shown) == lines


def test_another_platform_s_event_that_is_taken_for_success_is_told_with_what_said_so() -> None:
    other = receives(1.9, FIXTURES.event("event-other-platform").data)
    shown = OutcomeShown(at=1.95, outcome="connected", visible=True, selector=text("#ok"), matched=text("Connected"))
    (found, *_) = judge(flow_of("event-other-platform", *FLOW, *other, shown, *receives(2.0), *CONNECTED))
    assert found.code == "platform-unchecked"
    assert "--connected '#ok' matched: 'Connected'" in found.evidence


def test_a_window_that_reads_closed_is_closed_where_its_opener_was_not_cut() -> None:
    """A busy machine hears of the closing after the page has."""
    cancelled = [*FLOW, reads_closed(2.0), says(2.05, "Try again"), shows(2.05, "failed"), closes(2.1)]
    assert [found.code for found in judge(flow_of("facebook-cancel", *cancelled))] == []
