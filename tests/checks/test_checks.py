"""The findings of the checks: a table of journals, each with the findings that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from oauth_window_harness.checks.broken_link import judge
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.visible_changes import first_visible_change
from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.contract.rules import ORIGIN
from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.finding import first_broken_link
from oauth_window_harness.journal.events import (
    ControlDisabled,
    DialogShown,
    DocumentLoaded,
    Event,
    OpenerPolicySeen,
    PageRequested,
    RequestRefused,
    ScriptThrew,
    WindowOpenCalled,
)
from tests.journals import (
    ACCOUNT,
    EVENT,
    FIXTURES,
    FLOW,
    START,
    account,
    calls_open,
    clicks,
    closes,
    flow_of,
    forged_account,
    listens,
    opens_popup,
    page_loads,
    popup_shows,
    posts,
    reads_closed,
    receives,
    request,
    says,
    shows,
    text,
)

GET = request(2.1, "account", connectable_count=1)
CONNECTED = [GET, says(2.5, "Connected"), shows(2.6, "connected")]
UNDERSCORE = FIXTURES.event("event-page-underscore").data
SEEN = FIXTURES.event("event-seen").data
#: The same flow where the provider cuts the opener.
CUT = [*FLOW[:6], popup_shows(1.3, has_opener=False), FLOW[7]]
OAUTH = f"{ORIGIN}/social-media-posting/oauth"
FOREIGN = "https://attacker.example"
SUFFIX = "https://services.leadconnectorhq.com.evil.test"


def throws(at: float, *, rejection: bool = False, listening: bool = True) -> Event:
    return ScriptThrew(at=at, window="app", message=text("TypeError: null"), rejection=rejection, listening=listening)


def asks_server(at: float, url: str = "https://app.test/api", body: str = "") -> Event:
    return PageRequested(at=at, method="POST", url=text(url), body=text(body))


def policy(window: str, value: str) -> Event:
    return OpenerPolicySeen(at=0.05, window=window, url=text("https://app.test/"), policy=text(value))


def forgery(scenario: str, sender: str, origin: str, at: float = 1.4) -> tuple[list[Event], str]:
    forged = forged_account(scenario, sender, origin)
    return receives(at, {**EVENT, "accountId": forged}, origin=origin, other=sender != "popup"), forged


def forgery_acceptance(scenario: str, sender: str, origin: str) -> Flow:
    message, forged = forgery(scenario, sender, origin)
    return flow_of(scenario, FLOW, message, request(1.45, "account", account=forged), says(1.6, "Connected"))


def codes(play: Flow) -> list[str]:
    return [found.code for found in judge(play)]


# --- correct pages --------------------------------------------------------------------------------------------------


def test_a_successful_flow_has_no_finding() -> None:
    assert codes(flow_of("account-200", FLOW, receives(2.0), CONNECTED)) == []


@pytest.mark.parametrize(
    ("scenario", "events"),
    [
        ("event-json-string", [receives(1.9, FIXTURES.event("event-json-string").data), receives(2.0), CONNECTED]),
        ("event-other-platform", [receives(1.9, FIXTURES.event("event-other-platform").data), receives(2.0),
                                  CONNECTED]),
        ("account-401", [receives(2.0), request(2.1, "account", status=401), says(2.5, "Sorry"), shows(2.6, "failed")]),
        ("account-200-no-pages", [receives(2.0), request(2.1, "account", connectable_count=0),
                                  says(2.5, "You have no page")]),
        ("window-closed-by-user", [closes(2.0, by_user=True), says(2.8, "Not connected")]),
        # Shown before the answer, and taken back after it: an optimistic page claims nothing false.
        ("account-500", [receives(2.0), shows(2.05, "connected"), request(2.1, "account", status=500),
                         shows(2.5, "connected", visible=False), says(2.5, "Sorry")]),
        # Three repetitions are not yet a storm.
        ("account-429", [receives(2.0), [request(2.1 + n / 10, "account", status=429) for n in range(4)],
                         says(2.9, "Sorry")]),
        # An answer that cannot be read is asked for again, as one that failed.
        ("account-truncated", [receives(2.0), [request(2.1 + n / 2, "account") for n in range(3)], says(3.5, "Sorry"),
                               shows(3.5, "failed")]),
        # Neutral words while the window is open, where COOP cut the opener.
        ("coop-finish-same-origin", [popup_shows(1.6, "https://services.leadconnectorhq.com/f", has_opener=False),
                                     reads_closed(1.7), says(2.0, "The window is out of sight")]),
        # Told by the list before the event is posted, the page closes a window that it needs no more.
        ("event-slow", [popup_shows(1.6, f"{OAUTH}/finish?code=c#_=_"), request(1.7, "accounts", connectable_count=1),
                        closes(1.9), request(2.0, "account", connectable_count=1), says(2.2, "Connected: 1"),
                        shows(2.2, "connected")]),
        # A noise that throws nowhere, and an error that is no listener's.
        ("event-noise", [receives(1.6, 42), throws(1.7, listening=False), receives(2.0), CONNECTED]),
        # Unhandled rejections happen; where the event led to its follow-up they explain nothing.
        ("account-200", [receives(2.0), throws(2.02, rejection=True), CONNECTED]),
        # A second GET of another account is another connection.
        ("window-retried", [receives(2.0), request(1.9, "account", account="another", connectable_count=1), CONNECTED]),
    ],
)  # fmt: skip
def test_correct_behaviour_has_no_error_or_warning(scenario: str, events: Sequence[Event | list[Event]]) -> None:
    found = [one for one in judge(flow_of(scenario, FLOW, *events)) if one.severity != "info"]
    assert found == []


# --- the first broken link -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "scenario", "events"),
    [
        ("window-not-opened", "account-200", [clicks(1.0)]),
        # Clicked again, and nothing came of it.
        ("window-not-opened", "window-retried", [FLOW[:-1], closes(2.0, by_user=True), says(2.5, "Closed"),
                                                 clicks(2.6), clicks(4.0)]),
        ("window-blocked", "account-200", [clicks(1.0), calls_open(1.1, active=False)]),
        ("window-blocked", "account-200", [clicks(1.0), calls_open(2.5), opens_popup(2.6),
                                           request(2.7, "start", status=302)]),
        ("window-blocked-unhandled", "window-blocked", [clicks(1.0), calls_open(1.01, returned=False)]),
        ("start-not-asked", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1)]),
        # The page's server asked, and the page does not send its window where it was told.
        ("start-not-asked", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1),
                                            request(1.2, "start", status=302)]),
        ("start-path-unknown", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1),
                                               popup_shows(1.2, "https://x.test/")]),
        ("start-not-asked", "account-200", [page_loads(0.1, "http://app.test/"), clicks(1.0), calls_open(1.01),
                                            opens_popup(1.1), popup_shows(1.2, "http://app.test/wait")]),
        ("start-path-unknown", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1),
                                               request(1.2, "start", status=404, problems=("start-path-unknown",))]),
        # A page's server asks, and is refused, before anything opens, or while the window is still empty.
        ("start-path-unknown", "account-200", [clicks(1.0), request(
            1.2, "unknown", status=404, problems=("path-unknown",)), says(1.5, "Sorry")]),
        ("start-path-unknown", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1), request(
            1.2, "unknown", status=404, problems=("path-unknown",)), closes(1.3), says(1.5, "Sorry")]),
        ("start-parameter-missing", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1), request(
            1.2, "start", status=422, problems=("start-parameter-missing",))]),
        ("start-parameter-unknown", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1), request(
            1.2, "start", status=403, problems=("start-parameter-unknown",))]),
        ("authorization-missing", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1), request(
            1.2, "start", status=401, problems=("authorization-missing",))]),
        ("opener-detached", "account-200", [clicks(1.0), calls_open(1.01, features="noopener,width=9"),
                                            opens_popup(1.1), request(1.2, "start", status=302),
                                            popup_shows(1.3, has_opener=False)]),
        ("opener-detached", "account-200", [policy("app", "same-origin"), clicks(1.0), calls_open(1.01),
                                            opens_popup(1.1), request(1.2, "start", status=302),
                                            popup_shows(1.3, has_opener=False)]),
        ("opener-detached", "account-200", [clicks(1.0), opens_popup(1.1), request(1.2, "start", status=302),
                                            popup_shows(1.3, has_opener=False)]),
        ("window-closed-early", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1),
                                                request(1.2, "start", status=302), popup_shows(1.3), closes(1.4)]),
        ("window-closed-early", "event-slow", [FLOW, popup_shows(1.6, f"{OAUTH}/finish?code=c#_=_"), closes(2.0)]),
        # The list is asked before, and tells only afterwards.
        ("window-closed-early", "event-slow", [FLOW, popup_shows(1.6, f"{OAUTH}/finish?code=c#_=_"),
                                               request(1.95, "accounts", connectable_count=1), closes(2.0)]),
        ("provider-not-returned", "account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1),
                                                  request(1.2, "start", status=302),
                                                  popup_shows(1.3), popup_shows(1.4, "https://app.test/back")]),
        ("provider-not-returned", "facebook-cancel", [FLOW[:-1], request(1.4, "dialog", status=400)]),
        ("window-not-opened", "window-retried", [FLOW[:-1], closes(2.0, by_user=True), says(2.5, "Closed"),
                                                 ControlDisabled(at=8.0)]),
        # Nothing listens, and what the page says of its closed window is about that.
        ("listener-missing", "event-noise", [FLOW, listens(1.9, 0), receives(2.0), closes(2.1), says(2.6, "Closed")]),
        # Once it has given up, it listens no more.
        ("false-cancel", "event-slow", [FLOW, shows(1.6, "failed"), listens(1.7, 0), receives(4.0)]),
        ("target-origin-mismatch", "account-200", [FLOW, posts(2.0, "https://elsewhere.test")]),
        ("listener-missing", "account-200", [FLOW, listens(1.9, 0), receives(2.0)]),
        ("listener-threw", "account-200", [FLOW, receives(2.0), throws(2.01)]),
        ("listener-threw", "account-200", [FLOW, receives(2.0), throws(2.01, rejection=True)]),
        ("listener-threw", "event-noise", [FLOW, receives(1.6, 42), throws(1.61), receives(2.0), CONNECTED]),
        ("event-ignored", "account-200", [FLOW, receives(2.0, read="origin")]),
        # What the page says once it has seen its window closed is not about the event.
        ("event-ignored", "account-200", [FLOW, receives(2.0, read="origin data"), closes(2.1), reads_closed(2.5),
                                          says(2.6, "Cancelled")]),
        ("event-ignored", "account-200", [FLOW, receives(2.0, read="origin data"), closes(2.1), reads_closed(2.5),
                                          asks_server(2.6, body="closed")]),
        # What it asks its server for as before is a poll.
        ("event-ignored", "account-200", [asks_server(0.5), FLOW, receives(2.0, read="origin"), asks_server(2.5)]),
        ("event-ignored", "event-page-underscore", [FLOW, receives(2.0, UNDERSCORE)]),
        # It read that its window had closed before the event came, said so, and then reacted to the event at once.
        ("follow-up-missing", "account-200", [FLOW, reads_closed(1.9), says(1.91, "Out of sight"),
                                              receives(2.0, read="origin data"), says(2.01, "Almost there")]),
        # It knew of the closing before the event was told it.
        ("event-ignored", "account-200", [FLOW, reads_closed(1.99), receives(2.0, read="origin"), says(2.6, "Hm")]),
        # Another document has taken its place, and shows itself.
        ("event-ignored", "account-200", [FLOW, receives(2.0, read="origin"), DocumentLoaded(
            at=2.1, window="app", url=text("https://app.test/?step=2"), has_opener=False), says(2.2, "Step 2")]),
        ("follow-up-missing", "account-200", [FLOW, receives(2.0), says(2.1, "One moment")]),
        ("follow-up-missing", "account-200", [FLOW, receives(2.0), asks_server(2.1)]),
        ("follow-up-missing", "account-200", [FLOW, receives(2.0), closes(2.1), reads_closed(2.2),
                                              shows(2.3, "connected")]),
        ("follow-up-missing", "account-200", [FLOW, receives(2.0), closes(2.1), reads_closed(2.2),
                                              asks_server(2.3, body=ACCOUNT)]),
        ("follow-up-path-unknown", "account-200", [FLOW, receives(2.0), request(
            2.1, "unknown", status=404, problems=("path-unknown",)), says(2.5, "Sorry")]),
        *[(code, "account-200", [FLOW, receives(2.0), request(2.1, "account", status=401, problems=(code,)),
                                 says(2.5, "Sorry")])
          for code in ("follow-up-account-mismatch", "follow-up-location-mismatch", "authorization-missing",
                       "authorization-malformed", "token-unknown", "version-missing", "version-unknown")],
        ("retry-storm", "account-401", [FLOW, receives(2.0), [request(2.1 + n / 10, "account", status=401)
                                                          for n in range(5)], says(2.9, "Sorry")]),
        ("duplicate-acted-on", "event-duplicate", [FLOW, receives(2.0), receives(2.01), GET, CONNECTED]),
        ("false-cancel", "coop-provider-same-origin", [CUT, reads_closed(1.6),
                                                       says(1.7, "Cancelled"), shows(1.8, "failed")]),
        ("failure-shown-as-success", "account-500", [FLOW, receives(2.0), request(2.1, "account", status=500),
                                                     says(2.5, "Connected"), shows(2.6, "connected")]),
        ("failure-shown-as-success", "facebook-cancel", [FLOW, closes(2.0), says(2.5, "Yes"), shows(2.6, "connected")]),
        # Optimistic, and never taken back.
        ("failure-shown-as-success", "account-500", [FLOW, receives(2.0), shows(2.05, "connected"), request(
            2.1, "account", status=500), says(2.5, "…")]),
        ("empty-list-shown-as-connected", "account-200-no-pages", [FLOW, receives(2.0), request(
            2.1, "account", connectable_count=0), says(2.5, "Connected"), shows(2.6, "connected")]),
        ("silent-hang", "account-401", [FLOW, receives(2.0), says(2.05, "Wait"), request(2.1, "account", status=401)]),
        ("silent-hang", "window-closed-by-user", [FLOW[:-1], closes(2.0, by_user=True)]),
        ("silent-hang", "coop-provider-same-origin", [CUT]),
        ("connected-not-shown", "account-200", [FLOW, receives(2.0), GET, says(2.5, "Hm"), shows(2.6, "failed")]),
    ],
)  # fmt: skip
def test_the_first_broken_link(code: str, scenario: str, events: Sequence[Event | list[Event]]) -> None:
    flat = [one for event in events for one in ([event] if isinstance(event, Event) else event)]
    first = first_broken_link(judge(flow_of(scenario, flat)))
    assert first is not None
    assert first.code == code
    assert first.evidence


@pytest.mark.parametrize(
    ("scenario", "data", "other", "code"),
    [
        ("account-200", EVENT, "event-page-underscore", "page-hyphen-ignored"),
        ("event-page-underscore", UNDERSCORE, "event-page-hyphen", "page-underscore-ignored"),
        ("account-200", EVENT, "event-seen", "page-hyphen-ignored"),
        ("event-seen", SEEN, "event-page-hyphen", "page-underscore-ignored"),
        ("event-seen", SEEN, "event-page-underscore", "event-ignored"),
    ],
)
def test_a_spelling_is_blamed_where_the_other_was_acted_on(scenario: str, data: object, other: str, code: str) -> None:
    assert codes(flow_of(scenario, FLOW, receives(2.0, data), acted_on_elsewhere=frozenset({other}))) == [code]


def test_a_spelling_is_not_blamed_where_a_plain_flow_acts_on_it() -> None:
    story = [FLOW, receives(2.0, read="origin data")]
    assert codes(
        flow_of("event-slow", *story, acted_on_elsewhere=frozenset({"event-page-hyphen", "event-page-underscore"}))
    ) == ["event-ignored"]


def test_an_event_that_was_recorded_as_a_json_string_must_be_acted_on(tmp_path: Path) -> None:
    recorded = FIXTURES.event("event-json-string")
    (tmp_path / "event.json").write_text(recorded.model_dump_json())
    fixtures = FixtureSet(tmp_path, FIXTURES)
    ignored = flow_of("account-200", FLOW, receives(2.0, recorded.data), fixtures=fixtures)
    first = first_broken_link(judge(ignored))
    assert first is not None
    assert first.code == "event-ignored"
    assert "its data is a JSON string, as in the recording" in first.evidence
    acted = request(2.1, "account", account=account("event-json-string"), connectable_count=1)
    assert codes(flow_of("account-200", FLOW, receives(2.0, recorded.data), acted, CONNECTED, fixtures=fixtures)) == []


# --- what must not be acted on ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "play"),
    [
        ("origin-unchecked", forgery_acceptance("forged-foreign-origin", "frame", FOREIGN)),
        ("origin-unchecked", forgery_acceptance("forged-foreign-origin", "popup", FOREIGN)),
        ("origin-unchecked", forgery_acceptance("forged-lookalike-suffix", "frame", FOREIGN)),
        ("origin-check-weak", forgery_acceptance("forged-lookalike-suffix", "frame", SUFFIX)),
        ("origin-check-weak", forgery_acceptance("forged-null-origin", "window", "null")),
        ("origin-check-weak", forgery_acceptance("forged-plain-http", "popup", "http://services.leadconnectorhq.com")),
        ("source-unchecked", forgery_acceptance("forged-other-window", "frame", ORIGIN)),
        ("source-unchecked", forgery_acceptance("forged-before-open", "window", ORIGIN)),
    ],
)
def test_an_accepted_forgery_is_reported_once_and_alone(code: str, play: Flow) -> None:
    assert codes(play) == [code]


def test_a_forgery_that_only_reaches_the_pages_own_server_is_accepted_too() -> None:
    message, forged = forgery("forged-foreign-origin", "frame", FOREIGN)
    asks = asks_server(1.5, body=f'{{"accountId": "{forged}"}}')
    assert codes(flow_of("forged-foreign-origin", FLOW, message, asks, receives(2.0), CONNECTED)) == [
        "origin-unchecked"
    ]


def test_a_forgery_that_makes_the_page_say_connected_is_accepted_too() -> None:
    message, _ = forgery("forged-foreign-origin", "popup", FOREIGN)
    shown = shows(1.45, "connected")
    assert codes(flow_of("forged-foreign-origin", FLOW, message, shown, receives(2.0))) == ["origin-unchecked"]


def test_a_forgery_is_accepted_though_the_genuine_event_connects_later() -> None:
    message, _ = forgery("forged-foreign-origin", "frame", FOREIGN)
    shown = [shows(1.45, "connected"), *receives(2.0), *CONNECTED]
    assert codes(flow_of("forged-foreign-origin", FLOW, message, shown)) == ["origin-unchecked"]


@pytest.mark.parametrize("caused", [shows(1.45, "failed"), closes(1.45)])
@pytest.mark.parametrize(("read", "code"), [("data data.actionType", "origin-unchecked"), ("origin", None)])
def test_a_page_that_gives_up_upon_a_forgery_that_it_read_has_acted_on_it(
    caused: Event, read: str, code: str | None
) -> None:
    forged = forged_account("forged-foreign-origin", "frame", FOREIGN)
    message = receives(1.4, {**EVENT, "accountId": forged}, origin=FOREIGN, other=True, read=read)
    first = codes(flow_of("forged-foreign-origin", FLOW[:-1], message, caused))[:1]
    assert (first == [code]) if code else ("origin-unchecked" not in first)


def test_another_platforms_event_that_makes_the_page_say_connected_is_accepted_too() -> None:
    other = receives(1.9, FIXTURES.event("event-other-platform").data)
    story = [*FLOW, *other, shows(1.95, "connected"), *receives(2.0), *CONNECTED]
    assert codes(flow_of("event-other-platform", story)) == ["platform-unchecked"]


def test_a_refused_forgery_has_no_finding() -> None:
    message, _ = forgery("forged-foreign-origin", "frame", FOREIGN)
    assert codes(flow_of("forged-foreign-origin", FLOW, message, receives(2.0), CONNECTED)) == []


@pytest.mark.parametrize(
    ("code", "scenario", "fixture"),
    [
        ("platform-unchecked", "event-other-platform", "event-other-platform"),
        ("late-event-acted-on", "forged-after-finish", "event-late"),
    ],
)
def test_an_event_that_is_not_for_this_flow_is_reported_if_it_is_acted_on(
    code: str, scenario: str, fixture: str
) -> None:
    data = FIXTURES.event(fixture).data
    taken = request(3.1, "account", account=account(fixture), connectable_count=1)
    assert codes(flow_of(scenario, FLOW, receives(2.0), CONNECTED, receives(3.0, data), taken)) == [code]


def test_a_page_of_the_app_s_own_in_the_window_is_named_where_the_opener_is_lost_there() -> None:
    own = popup_shows(1.3, "https://app.test/", has_opener=False)
    known = flow_of("account-200", FLOW[:6], policy("popup-1", "same-origin"), own)
    found, *_ = judge(known)
    assert found.code == "opener-detached"
    assert "https://app.test/ came with Cross-Origin-Opener-Policy: same-origin" in found.evidence
    found, *_ = judge(flow_of("account-200", FLOW[:6], own))
    assert "the app's own page" in found.evidence[0]


@pytest.mark.parametrize(
    "caused",
    [
        request(2.1, "account", account="undefined", status=422),
        request(2.1, "unknown", account="", status=404, problems=("path-unknown",)),
        shows(2.1, "connected"),
    ],
)
def test_an_event_without_an_account_leads_nowhere(caused: Event) -> None:
    nameless = receives(2.0, FIXTURES.event("event-without-account-id").data)
    play = flow_of("event-without-account-id", FLOW, nameless, caused, says(2.5, "…"), closes(2.6), says(2.9, "!"))
    assert codes(play) == ["account-id-missing-accepted"]


# --- beside the flow -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "events", "alone"),
    [
        # Without a handle, the page cannot see that its window was closed.
        ("window-closed-by-user", [clicks(1.0), calls_open(1.01, features="noopener"), opens_popup(1.1), request(
            1.2, "start", status=302), popup_shows(1.3, has_opener=False), closes(2.0, by_user=True)],
         "opener-detached"),
        # What is asked for before any event is no follow-up.
        ("account-200", [clicks(1.0), calls_open(1.01), opens_popup(1.1), request(
            1.2, "unknown", status=404, problems=("path-unknown",)), closes(2.0)], "start-path-unknown"),
        # What it asked for is not there, and it says so.
        ("account-200", [FLOW, receives(2.0), request(2.1, "unknown", status=404, problems=("path-unknown",)),
                         says(2.5, "Sorry"), shows(2.6, "failed")], "follow-up-path-unknown"),
    ],
)  # fmt: skip
def test_a_consequence_is_not_reported_beside_its_cause(scenario: str, events: list[Event], alone: str) -> None:
    assert codes(flow_of(scenario, *events)) == [alone]


def test_independent_findings_come_after_the_broken_link() -> None:
    leaking = request(1.2, "start", status=302, problems=("token-in-url",))
    by_page = request(2.1, "account", status=401, by_page=True, authorization="Bearer <redacted>")
    refused = RequestRefused(at=0.3, host=text("cdn.test:443"), sent_by="page")
    play = flow_of(
        "account-401", [event for event in FLOW if event is not FLOW[5]], leaking, receives(2.0), by_page, refused
    )
    assert codes(play) == ["silent-hang", "token-in-url", "token-in-browser", "unexpected-request"]


def test_a_token_in_a_fragment_is_reported_though_no_server_sees_it() -> None:
    asks = WindowOpenCalled(at=1.001, window="app", url=text(f"{START}#token=<redacted>"), target=text(""),
                       features=text(""), returned=True, active=True)  # fmt: skip
    assert codes(flow_of("account-200", [*FLOW[:3], asks, *FLOW[4:]], receives(2.0), CONNECTED)) == ["token-in-url"]


@pytest.mark.parametrize(("has_token", "told"), [(False, []), (True, ["token-in-url"])])
def test_what_is_masked_in_the_address_of_a_window_is_a_token_only_if_it_was_one(
    has_token: bool, told: list[str]
) -> None:
    url = text("https://www.facebook.com/dialog/oauth?login_hint=<redacted>&state=<redacted>")
    asks = WindowOpenCalled(at=1.001, window="app", url=url, target=text(""), features=text(""), returned=True,
                       active=True, has_token=has_token)  # fmt: skip
    assert codes(flow_of("account-200", [*FLOW[:3], asks, *FLOW[4:]], receives(2.0), CONNECTED)) == told


def test_a_page_that_has_gone_blank_tells_its_user_nothing() -> None:
    crashed = [*FLOW, *receives(2.0), request(2.1, "account", status=422), says(2.5, " ")]
    assert codes(flow_of("account-422", crashed)) == ["silent-hang"]


def test_an_ignored_string_form_is_only_information() -> None:
    string = FIXTURES.event("event-json-string").data
    (found,) = judge(flow_of("event-json-string", FLOW, receives(1.9, string), receives(2.0), CONNECTED))
    assert (found.code, found.severity) == ("event-string-ignored", "info")
    taken = request(1.95, "account", account=account("event-json-string"), connectable_count=1)
    assert codes(flow_of("event-json-string", FLOW, receives(1.9, string), taken, receives(2.0), says(2.2, "Connected"),
                        shows(2.3, "connected"))) == []  # fmt: skip


def test_what_the_page_says_all_the_time_is_neither_missed_nor_taken_for_an_answer() -> None:
    keeps = [shows(0.3, "connected"), *FLOW, *receives(2.0)]
    assert codes(flow_of("account-200", keeps, GET)) == ["connected-beforehand"]
    refused = [*keeps, request(2.1, "account", status=500), says(2.5, "Sorry")]
    assert codes(flow_of("account-500", refused)) == ["connected-beforehand"]


def test_a_ticking_clock_is_no_reaction_to_a_closed_window() -> None:
    ended = [*FLOW[:-1], says(1.9, "Waiting, 12:00:01"), closes(2.0, by_user=True), says(2.5, "Waiting, 12:00:02")]
    assert not flow_of("window-retried", ended).has_reacted_to_closing()
    assert flow_of("window-retried", ended, says(2.6, "The window was closed, 12:00:02")).has_reacted_to_closing()


def test_without_selectors_no_cancel_is_false() -> None:
    assert codes(flow_of("coop-provider-same-origin", CUT, says(1.6, "Cancelled"), knows=False)) == []


def test_a_page_may_see_that_its_window_is_out_of_sight_before_the_next_document_begins() -> None:
    early = [reads_closed(1.25), says(1.26, "Out of sight")]
    assert codes(flow_of("coop-provider-same-origin", CUT, *early, knows=False)) == []
    unread = flow_of("coop-provider-same-origin", CUT, says(1.26, "Go on in the window"), knows=False)
    assert codes(unread) == ["silent-hang"]


# --- what the user can notice ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "noticed"),
    [
        ([says(1, "Wait"), says(3, "Done")], True),
        ([says(1, "Wait"), says(3, "Wait")], False),
        ([says(1, "Wait")], False),
        ([DialogShown(at=3, window="app", kind="alert", message=text("Sorry"))], True),
        ([shows(3, "failed")], True),
        ([shows(3, "failed", visible=False)], False),
        # A clock that ticks before the moment may tick after it.
        ([says(0.1, "12:01 Wait"), says(0.2, "12:02 Wait"), says(0.3, "12:03 Wait"), says(3, "12:04 Wait")], False),
        ([says(0.1, "12:01 Wait"), says(0.2, "12:02 Wait"), says(0.3, "12:03 Wait"), says(3, "12:04 Done")], True),
        ([says(0.1, "Wait."), says(0.2, "Wait.."), says(0.3, "Wait..."), says(3, "Wait.")], False),
        # A clock is one from its first tick on, and so are dots that move.
        ([says(1, "12:01 Wait"), says(3, "12:02 Wait")], False),
        ([says(1, "Wait"), says(3, "Wait…")], False),
        # One change of a figure is news.
        ([says(1, "Accounts: 0"), says(3, "Accounts: 1")], True),
    ],
)  # fmt: skip
def test_what_the_user_can_notice(events: list[Event], noticed: bool) -> None:
    assert (first_visible_change(events, 2.0) is not None) is noticed


def test_the_account_of_the_table_is_the_documented_one() -> None:
    assert ACCOUNT == "658a9b6833b91e0ecb8f3958"


def test_every_cause_has_a_message_a_mend_and_a_clause() -> None:
    assert [code for code, cause in CAUSES.items() if not (cause.message and cause.mend and cause.clause)] == []
