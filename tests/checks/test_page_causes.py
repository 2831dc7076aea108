"""What went wrong on the page stands before what followed from it; what had no part in it is not told as a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from oauth_window_harness.checks.broken_link import judge, stopped_at
from oauth_window_harness.checks.page_calls import place_of
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.events import DialogShown, DocumentLoaded, Event, RequestRefused, ScriptThrew, SentBy
from oauth_window_harness.journal.page_events import (
    AppLogged,
    CallForbidden,
    Control,
    ControlsShown,
    HostUnreachable,
    OpenReplaced,
    PageAnswered,
    PolicyViolated,
    ScriptFailed,
    ScriptNotLoaded,
)
from tests.journals import (
    ACCOUNT,
    FLOW,
    START,
    calls_open,
    clicks,
    closes,
    flow_of,
    opens_popup,
    page_loads,
    popup_shows,
    receives,
    request,
    says,
    shows,
    text,
)

OWN = "https://app.test/api/pages"
LIBRARY = "https://cdn.test/library.js"
PLAUSIBLE = "https://plausible.io/js/script.js"
ACCOUNT_GET = f"https://services.leadconnectorhq.com/social-media-posting/oauth/l/facebook/accounts/{ACCOUNT}"
CONNECTED = [request(2.1, "account", connectable_count=1), says(2.5, "Connected"), shows(2.6, "connected")]


def throws(at: float, message: str, *, rejection: bool = False) -> Event:
    return ScriptThrew(at=at, window="app", message=text(message), rejection=rejection)


def refuses(at: float, host: str, by: SentBy = "page") -> Event:
    return RequestRefused(at=at, host=text(host), sent_by=by)


def answers(
    at: float, status: int | None, url: str = OWN, *, sent: str = "", failure: str = "", asked_at: float | None = None
) -> Event:
    return PageAnswered(
        at=at, asked_at=at - 0.05 if asked_at is None else asked_at, method="POST", url=text(url), sent=text(sent),
        status=status, failure=text(failure), text=text("so it says" if status else ""),
    )  # fmt: skip


def loses_script(
    url: str = LIBRARY, *, module: bool = False, awaited: bool = True, element: str | None = None
) -> list[Event]:
    return [
        refuses(0.1, place_of(url)),
        ScriptFailed(at=0.11, url=text(url)),
        ScriptNotLoaded(at=0.12, url=text(url if element is None else element), module=module, awaited=awaited),
    ]


def violates(at: float, directive: str, blocked: str) -> Event:
    return PolicyViolated(at=at, window="app", directive=text(directive), blocked=text(blocked))


def replaced(at: float, *, used: bool) -> Event:
    return OpenReplaced(at=at, window="app", used=used)


def forbids(at: float, url: str, *, preflight: bool) -> Event:
    return CallForbidden(at=at, url=text(url), reason=text("no Access-Control-Allow-Origin"), preflight=preflight)


def offers(at: float, *names: str, dialog: str = "") -> Event:
    controls = tuple(Control(text(name), text(f"#{name}")) for name in names)
    return ControlsShown(at=at, window="app", controls=controls, dialogs=(text(dialog),) if dialog else ())


def errors(scenario: str, *events: Event | Sequence[Event]) -> list[Finding]:
    return [found for found in judge(flow_of(scenario, *events)) if found.severity == "error"]


#: A window that its page opened empty, before its server was asked.
EMPTY = [clicks(1.0), calls_open(1.01), opens_popup(1.1)]
OPENS_NOTHING = [clicks(1.0)]
ACTS = [*FLOW, *receives(2.0), says(2.05, "One moment")]
IGNORES = [*FLOW, *receives(2.0, read="origin data")]


@pytest.mark.parametrize(
    ("code", "events"),
    [
        # A script whose host was refused: an error looks for what it defines, or it was waited for.
        ("unexpected-request", [loses_script(), throws(0.2, "ReferenceError: $ is not defined"), OPENS_NOTHING]),
        ("unexpected-request", [loses_script(awaited=False), OPENS_NOTHING,
                                throws(1.1, "Cannot read properties of undefined (reading 'open')")]),
        ("unexpected-request", [loses_script(), OPENS_NOTHING]),
        ("unexpected-request", [loses_script(module=True, element=""), OPENS_NOTHING]),
        # A counting script, and an error that has nothing to do with it.
        ("window-not-opened", [loses_script(awaited=False), OPENS_NOTHING]),
        ("window-not-opened", [loses_script(), OPENS_NOTHING, throws(1.1, "Cannot set properties of null")]),
        # One that only counts, which the page does not wait for, and whose global an error may still look for.
        ("window-not-opened", [loses_script(PLAUSIBLE), OPENS_NOTHING]),
        ("window-not-opened", [loses_script(PLAUSIBLE, awaited=False), OPENS_NOTHING,
                               throws(1.1, "TypeError: Cannot read properties of undefined (reading 'id')")]),
        ("window-not-opened", [loses_script(PLAUSIBLE), OPENS_NOTHING, throws(1.1, "x.plausible is not a function")]),
        ("unexpected-request", [loses_script(PLAUSIBLE), OPENS_NOTHING,
                                throws(1.1, "ReferenceError: plausible is not defined")]),
        ("unexpected-request", [loses_script(PLAUSIBLE), OPENS_NOTHING,
                                throws(1.1, "TypeError: window.plausible is not a function")]),
        ("window-not-opened", [violates(0.2, "script-src-elem", PLAUSIBLE), OPENS_NOTHING,
                               throws(1.1, "TypeError: settings is undefined")]),
        # A font, an image or a beacon is no script and no call.
        ("window-not-opened", [refuses(0.1, "fonts.test:443"), OPENS_NOTHING]),
        # The page's API at a host that was refused; before the click, it may have been about anything.
        ("unexpected-request", [OPENS_NOTHING, refuses(1.1, "api.test:443"),
                                answers(1.2, None, "https://api.test/start", failure="net::ERR_TUNNEL")]),
        ("window-not-opened", [refuses(0.1, "api.test:443"), answers(0.2, None, "https://api.test/x"), OPENS_NOTHING]),
        # The page's server asks a host that was refused, and answers with an error.
        ("unexpected-request", [OPENS_NOTHING, refuses(1.16, "rest.test:443", "server"), answers(1.2, 502)]),
        ("unexpected-request", [ACTS, refuses(2.1, "rest.test:443", "server"),
                                answers(2.2, 200, sent=ACCOUNT, asked_at=2.05)]),
        # What it asked at another time, and a call that went well.
        ("follow-up-missing", [ACTS, refuses(1.1, "stats.test:443", "server"), answers(2.2, 200, sent=ACCOUNT)]),
        # The page's own policy.
        ("content-policy-blocked", [ACTS, violates(2.1, "connect-src", ACCOUNT_GET)]),
        ("content-policy-blocked", [IGNORES, violates(2.1, "connect-src", ACCOUNT_GET)]),
        ("content-policy-blocked", [ACTS, violates(2.1, "connect-src", OWN), answers(2.1, None, sent=ACCOUNT)]),
        ("content-policy-blocked", [violates(0.2, "script-src-attr", "inline"), OPENS_NOTHING]),
        ("content-policy-blocked", [OPENS_NOTHING, violates(1.1, "connect-src", "https://app.test/api")]),
        ("content-policy-blocked", [ACTS, answers(2.1, None, "http://app.test/api", sent=ACCOUNT,
                                                  failure="mixed-content")]),
        ("follow-up-missing", [ACTS, violates(2.1, "connect-src", "https://stats.test/event")]),
        ("follow-up-missing", [violates(0.1, "connect-src", ACCOUNT_GET), ACTS]),
        ("window-not-opened", [violates(0.2, "script-src", "eval"), violates(0.2, "img-src", "data"), OPENS_NOTHING]),
        # A preflight.
        ("preflight-refused", [ACTS, answers(2.1, None, sent=ACCOUNT), forbids(2.1, OWN, preflight=True)]),
        ("preflight-refused", [ACTS, answers(2.1, None, ACCOUNT_GET), forbids(2.1, ACCOUNT_GET, preflight=True)]),
        ("backend-unreachable", [ACTS, answers(2.1, None, sent=ACCOUNT), forbids(2.1, OWN, preflight=False)]),
        # The preflight was refused because nothing is there.
        ("backend-unreachable", [ACTS, answers(2.1, None, sent=ACCOUNT), forbids(2.1, OWN, preflight=True),
                                 HostUnreachable(at=2.1, host=text("app.test:443"), sent_by="page")]),
        # The page's own server.
        ("backend-unreachable", [ACTS, answers(2.1, 500, sent=ACCOUNT)]),
        ("backend-unreachable", [ACTS, answers(2.1, 404)]),
        ("backend-unreachable", [IGNORES, answers(2.1, 404, sent=ACCOUNT)]),
        ("backend-unreachable", [OPENS_NOTHING, answers(1.1, None, failure="net::ERR_EMPTY_RESPONSE")]),
        ("backend-unreachable", [EMPTY, answers(1.2, 503)]),
        ("backend-unreachable", [OPENS_NOTHING, answers(1.2, 404), throws(1.3, "TypeError: no url")]),
        ("backend-unreachable", [OPENS_NOTHING, answers(1.2, 404), throws(1.15, "SyntaxError", rejection=True)]),
        ("backend-unreachable", [OPENS_NOTHING, answers(1.1, 200, "https://app.test/user"), answers(1.2, 404)]),
        # A call that nothing waits for: an error came first, the page went on, or its body names no account.
        ("window-not-opened", [OPENS_NOTHING, throws(1.06, "TypeError: no settings"), answers(1.1, 404)]),
        ("window-not-opened", [OPENS_NOTHING, answers(1.1, 404, "https://app.test/track"), answers(1.2, 200)]),
        ("follow-up-missing", [ACTS, answers(2.1, 404, "https://app.test/track", sent="done")]),
        # It refused, which is its business; it failed at another call; it fails all the time; it failed before.
        ("follow-up-missing", [ACTS, answers(2.1, 403, sent=ACCOUNT)]),
        ("follow-up-missing", [ACTS, answers(2.1, 200, sent=ACCOUNT), answers(2.2, 404, "https://app.test/log")]),
        ("follow-up-missing", [answers(0.5, 404), ACTS, answers(2.1, 404)]),
        ("event-ignored", [IGNORES, answers(2.1, 404)]),
        ("window-not-opened", [answers(0.5, 500), OPENS_NOTHING]),
        # window.open was replaced, and asked for; or only replaced.
        ("window-open-replaced", [replaced(1.0, used=False), OPENS_NOTHING, replaced(1.01, used=True)]),
        ("window-not-opened", [replaced(1.0, used=False), OPENS_NOTHING]),
    ],
)  # fmt: skip
def test_the_cause_alone_is_the_error(code: str, events: Sequence[Event | Sequence[Event]]) -> None:
    found = errors("account-200", *events)
    assert [one.code for one in found] == [code]
    assert found[0].evidence


@pytest.mark.parametrize(
    "events",
    [
        [throws(0.3, "Cannot set properties of null"), violates(0.3, "connect-src", "https://stats.test/")],
        [loses_script(awaited=False), loses_script(), refuses(1.05, "stats.test:443")],
        [replaced(1.0, used=True), answers(1.2, 500), answers(2.05, 404, sent=ACCOUNT)],
        [forbids(2.05, OWN, preflight=True), throws(2.05, "Failed to fetch", rejection=True)],
    ],
)
def test_a_page_that_works_is_accused_of_nothing(events: Sequence[Event | Sequence[Event]]) -> None:
    assert errors("account-200", *FLOW, receives(2.0), CONNECTED, *events) == []


def test_a_refused_host_that_is_a_cause_is_told_once_with_the_option_that_lets_it_through() -> None:
    (found, *others) = judge(flow_of("account-200", loses_script(), clicks(1.0)))
    assert (found.code, found.severity, others) == ("unexpected-request", "error", [])
    assert "--allow cdn.test" in found.mend


def test_a_script_that_only_counts_is_not_let_through_with_the_one_that_is_a_cause() -> None:
    (found,) = errors("account-200", loses_script(PLAUSIBLE), loses_script(), OPENS_NOTHING)
    assert "--allow cdn.test" in found.mend
    assert "plausible" not in found.mend


def test_a_page_that_went_to_start_itself_is_told_so_and_nothing_else() -> None:
    went = [clicks(1.0), request(1.1, "start", status=302, by_page=True, sec_fetch_dest="document")]
    there = DocumentLoaded(at=1.2, window="app", url=text("https://www.facebook.com/dialog/oauth"), has_opener=False)
    for events in ([*went, there], [*went, there, replaced(1.0, used=True)], [clicks(1.0), there]):
        (found,) = errors("account-200", *events)
        assert found.code == "window-not-opened"
        assert found.evidence[0].startswith("the page itself went to https://")


def test_a_page_whose_window_is_blocked_may_go_to_start_itself() -> None:
    events = [clicks(1.0), calls_open(1.01, returned=False)]
    there = DocumentLoaded(at=1.2, window="app", url=text(START), has_opener=False)
    assert errors("window-blocked", *events, there) == []


def test_a_dialog_that_came_instead_of_a_window_is_quoted_with_its_controls() -> None:
    events = [offers(0.2, "Connect"), clicks(1.0), offers(1.1, "Connect", "Continue", dialog="You will be asked.")]
    (found,) = errors("account-200", *events)
    said = "\n".join(found.evidence)
    assert found.code == "window-not-opened"
    assert "a dialog of the page came instead of a window: 'You will be asked.'" in said
    assert "'Continue' (#Continue)" in said
    assert "--before" in said
    assert "'Connect'" not in said


def test_a_question_of_the_browser_s_own_is_quoted() -> None:
    asked = DialogShown(at=1.1, window="app", kind="confirm", message=text("Leave the page?"))
    (found,) = errors("account-200", clicks(1.0), asked)
    assert "confirm: Leave the page?" in "\n".join(found.evidence)


def test_a_control_that_came_after_the_event_is_named_for_then() -> None:
    events = [offers(0.2, "Connect"), *ACTS, offers(2.1, "Connect", "Fetch")]
    (found,) = errors("account-200", *events)
    assert found.code == "follow-up-missing"
    assert "--then '#Fetch'" in found.evidence[-1]


def test_the_control_that_can_be_used_again_is_no_further_step() -> None:
    events = [offers(0.2, "Connect"), *FLOW, offers(1.6), *receives(2.0), says(2.05, "Wait"), offers(2.1, "Connect")]
    (found,) = errors("account-200", *events)
    assert "--then" not in "\n".join(found.evidence)


def test_the_app_s_own_lines_are_quoted_the_service_first() -> None:
    lines = ["Error: one", "getaddrinfo ENOTFOUND services.leadconnectorhq.com", "Error: one"]
    logged = [AppLogged(at=2.1, line=text(line)) for line in lines]
    (found,) = errors("account-200", ACTS, answers(2.1, 500, sent=ACCOUNT), logged)
    quoted = [line for line in found.evidence if line.startswith("app.log: ")]
    assert quoted == ["app.log: getaddrinfo ENOTFOUND services.leadconnectorhq.com", "app.log: Error: one"]


def test_an_answer_that_went_well_is_quoted_with_the_app_s_line() -> None:
    logged = [AppLogged(at=at, line=text(f"connect ECONNREFUSED {at}")) for at in (0.5, 2.1)]
    (missing,) = errors("account-200", ACTS, answers(2.2, 200, sent=ACCOUNT), logged)
    (unopened,) = errors("account-200", OPENS_NOTHING, answers(1.2, 200), logged)
    for found, code in ((missing, "follow-up-missing"), (unopened, "window-not-opened")):
        assert found.code == code
        assert f"the page's call POST {OWN} answered 200: so it says" in found.evidence
        assert "app.log: connect ECONNREFUSED 2.1" in found.evidence
        assert "app.log: connect ECONNREFUSED 0.5" not in found.evidence


def test_an_error_that_came_before_an_answer_is_quoted_with_the_call() -> None:
    (found,) = errors("account-200", OPENS_NOTHING, throws(1.06, "TypeError: no settings"), answers(1.1, 404))
    assert "uncaught error: TypeError: no settings" in found.evidence
    assert any(OWN in line for line in found.evidence)


def test_an_uncaught_error_after_the_event_is_quoted() -> None:
    (missing,) = errors("account-200", ACTS, throws(2.3, "TypeError: no pages", rejection=True))
    (hang,) = errors(
        "account-401", FLOW, receives(2.0), request(2.1, "account", status=401), throws(2.3, "TypeError: no pages")
    )
    for found, code in ((missing, "follow-up-missing"), (hang, "silent-hang")):
        assert found.code == code
        assert "uncaught error: TypeError: no pages" in found.evidence


def test_a_window_that_showed_another_page_was_not_kept_from_start() -> None:
    (found,) = errors("account-200", EMPTY, popup_shows(1.2, "https://x.test/"), answers(1.3, 500))
    assert found.code == "start-path-unknown"


def test_a_second_click_that_opens_nothing_is_not_put_down_to_a_call_of_the_first_window() -> None:
    events = [*FLOW[:-1], answers(1.6, 404), closes(2.0, by_user=True), says(2.5, "Closed"), clicks(2.6)]
    (found,) = errors("window-retried", *events)
    assert found.code == "window-not-opened"


def test_what_threw_before_the_account_get_came_did_not_keep_it_from_coming() -> None:
    threw = ScriptThrew(at=1.9, window="app", message=text("TypeError"), rejection=False, listening=True)
    preflight = replace(request(2.05, "preflight"), url=text(ACCOUNT_GET))
    (found,) = errors("account-200", FLOW, threw, receives(2.0), preflight, CONNECTED)
    assert found.code == "listener-threw"


def unplayed(at: float, status: int = 404) -> Event:
    return request(at, "unknown", status=status, problems=("not-played-here",))


@pytest.mark.parametrize(
    "events",
    [
        [OPENS_NOTHING, unplayed(1.1), answers(1.2, 502)],
        [OPENS_NOTHING, unplayed(1.1), answers(1.2, 200)],
        [EMPTY, unplayed(1.15), answers(1.2, 502)],
        [EMPTY, unplayed(1.15), popup_shows(1.2, "https://app.test/connect")],
        [EMPTY, unplayed(1.15), answers(1.2, 502), closes(1.3)],
        [ACTS, unplayed(2.1), answers(2.2, 502, sent=ACCOUNT)],
        [ACTS, unplayed(2.1)],
        [IGNORES, unplayed(2.1)],
        [FLOW, receives(2.0), request(2.1, "account", status=200), unplayed(2.3)],
    ],
)
def test_what_follows_from_a_route_that_is_not_played_accuses_nobody(events: Sequence[Event | Sequence[Event]]) -> None:
    flow = flow_of("account-200", *events)
    assert [(found.code, found.severity) for found in judge(flow) if found.severity != "info"] == []
    assert "not-played-here" in [found.code for found in judge(flow)]
    assert "answered 404" in (stopped_at(flow) or "")


@pytest.mark.parametrize(
    ("code", "events"),
    [
        # It was answered well, or the flow went on after it.
        ("backend-unreachable", [OPENS_NOTHING, unplayed(1.1, 200), answers(1.2, 502)]),
        ("follow-up-missing", [unplayed(0.5), ACTS]),
        ("event-ignored", [FLOW, unplayed(1.9), *IGNORES[len(FLOW) :]]),
        ("window-not-opened", [FLOW[:-1], unplayed(1.15), closes(2.0, by_user=True), says(2.5, "Closed"), clicks(2.6)]),
    ],
)
def test_what_does_not_follow_from_a_route_that_is_not_played_is_told(
    code: str, events: Sequence[Event | Sequence[Event]]
) -> None:
    scenario = "window-retried" if code == "window-not-opened" else "account-200"
    assert [found.code for found in errors(scenario, *events)] == [code]
    assert stopped_at(flow_of(scenario, *events)) is None


def test_a_start_in_a_frame_of_the_page_is_told_as_that() -> None:
    framed = [clicks(1.0), request(1.1, "start", status=302, by_page=True, sec_fetch_dest="iframe")]
    (found,) = errors("account-200", framed)
    assert found.code == "window-not-opened"
    assert "in a frame" in found.evidence[1]


def test_a_call_that_got_no_answer_explains_a_window_that_stays_at_a_page_of_the_apps_own() -> None:
    own = [page_loads(0.1, "https://app.test/"), *EMPTY, popup_shows(1.2, "https://app.test/wait")]
    (found,) = errors("account-200", own, answers(1.3, None))
    assert found.code == "backend-unreachable"
