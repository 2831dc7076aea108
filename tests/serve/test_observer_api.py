"""The observer's calls of the control API: what is refused, what is bounded, and where a preflight stands."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from oauth_window_harness.contract.rules import ORIGIN
from oauth_window_harness.scenario import catalog
from oauth_window_harness.serve import observer_reports
from oauth_window_harness.serve.observer_reports import RefusedReportsError, Reports
from oauth_window_harness.serve.windows import Windows
from tests.serve.http_suite import EVENT, batch, ticket_of
from tests.servers import Server, key_header
from tests.worlds import ACCOUNT, GOOD, PROSE_PATH


def post(server: Server, key: str, body: bytes, **headers: str) -> httpx.Response:
    return server.client.post(f"/__harness/keys/{key}/__harness/reports", content=body, headers=headers)


# What is played


def test_what_only_a_driver_can_play_is_refused_with_the_reason(server: Server, key: str) -> None:
    for name, scenario in catalog.bundled_scenarios().items():
        answer = server.put(name, key)
        expected = 422 if scenario.intruder else 409 if scenario.blocked else 200
        assert answer.status_code == expected, name
        if expected != 200:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["scenario"] == name
            # The play before goes on.
            assert server.client.get("/__harness/scenario", headers=key_header(key)).json()["name"] != name


def test_a_blocked_window_is_played_where_the_suite_injects_the_observer(server: Server, key: str) -> None:
    assert server.put("window-blocked", key, observer="true").status_code == 200
    text = server.client.get("/__harness/observer.js", headers=key_header(key)).text
    assert '"blocked": true' in text


# Reports: a page under test is hostile


def test_reports_are_kept_under_the_key_of_their_ticket_alone(server: Server, key: str) -> None:
    ticket = ticket_of(server.client, key)
    assert post(server, key, batch(ticket), Origin="https://app.example").status_code == 204
    assert post(server, f"{key}-other", batch(ticket)).status_code == 403
    assert post(server, key, batch("0" * 32)).status_code == 403
    assert server.client.get("/__harness/events", headers=key_header(key)).json()["observed"] is True
    assert server.client.get("/__harness/events", headers=key_header(f"{key}-other")).json()["observed"] is False


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body: Invalid JSON: EOF"),
        (b"[]", "the body: Input should be an object"),
        (b"{", "the body: Invalid JSON: EOF"),
        (b"\xff", "the body: Invalid JSON"),
        (b'{"document": 1}', "document: Input should be a valid string"),
        (b'"' + b"[" * 5_000, "the body: Invalid JSON"),
        (batch("t", number=-1), "number: Input should be greater"),
        (batch("t", further=1), "further: Extra inputs"),
        (batch("t", reports=["{"]), "a report is not JSON"),
        (batch("t", reports=["[]"]), "a report is not an object"),
        (batch("t", reports=[1]), "reports.0: Input should be a valid string"),
        (batch("t", document=-1), "document: String should match"),
        (batch("t", born=float("nan")), "born: Input should be"),
        (batch("t", url="http://["), "url: it is no address"),
        (batch("t", reports=["{}"] * 201), "reports: List should have at most 200"),
    ],
)
def test_malformed_reports_are_refused_with_the_place(server: Server, key: str, body: bytes, said: str) -> None:
    answer = post(server, key, body)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert answer.json()["detail"].startswith(said)


def test_a_page_of_another_site_may_not_load_the_observer(server: Server) -> None:
    assert server.client.get("/__harness/observer.js", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_call_with_too_much_is_refused(server: Server, key: str) -> None:
    ticket = ticket_of(server.client, key)
    large = batch(ticket, {"kind": "text", "at": 1.0, "text": "x" * observer_reports.LARGEST_BATCH})
    assert post(server, key, large).status_code == 413


def test_a_key_that_reports_too_often_is_refused_and_known_to_be_cut() -> None:
    kept = Reports()
    ticket = kept.ticket("one")
    most = int(observer_reports.MOST_CALLS * 10)
    for number in range(most):
        kept.add("one", batch(ticket, number=number))
    with pytest.raises(RefusedReportsError) as refused:
        kept.add("one", batch(ticket, number=most))
    assert (refused.value.status, kept.is_cut("one"), kept.is_cut("two")) == (429, True, False)
    kept.add("two", batch(kept.ticket("two")))


def test_documents_and_their_size_are_bounded() -> None:
    kept = Reports()
    ticket = kept.ticket(None)
    with pytest.raises(RefusedReportsError):
        for number in range(observer_reports.MOST_DOCUMENTS + 1):
            kept.add(None, batch(ticket, document=number))
    assert len(kept.documents(None)) == observer_reports.MOST_DOCUMENTS


@pytest.mark.parametrize(
    "row",
    [{}, {"kind": "loaded"}, {"kind": 7, "at": "x"}, {"kind": "gone", "at": None}, {"kind": [], "at": 1},
     {"kind": "text", "at": 1, "text": 5}, {"kind": "left", "at": 1e400}, {"kind": "asked", "at": -1},
     {"kind": "loaded", "at": 1, "url": "http://[", "hasOpener": 1}, {"kind": "posted", "at": 1, "origin": "http://["},
     {"kind": "received", "at": 1, "data": {"accountId": {"page": [1]}}, "origin": "x", "source": "popup"}],
)  # fmt: skip
def test_reports_of_any_shape_leave_the_server_answering(server: Server, key: str, row: dict[str, Any]) -> None:
    ticket = ticket_of(server.client, key)
    assert post(server, key, batch(ticket, row)).status_code == 204
    for path in ("events", "findings?patience=0", "first-broken-link?patience=0", "follow-up?patience=0"):
        answer = server.client.get(f"/__harness/{path}", headers=key_header(key))
        assert answer.status_code in (200, 404), answer.text


def test_reports_that_overtook_each_other_are_read_in_their_order() -> None:
    kept = Reports()
    ticket = kept.ticket(None)
    for number in (2, 0, 1, 1):
        kept.add(None, batch(ticket, {"kind": "text", "at": number}, number=number))
    (document,) = kept.documents(None)
    assert [row["at"] for row in document.reports()] == [0, 1, 2]


# Clocks

NOW = 1_764_000_000.0


@pytest.mark.parametrize(
    ("ahead", "later"),
    [(0.0, 0.0), (-10.0, 0.0), (-10.01, 10.01), (0.2, -0.2), (7_200.0, -7_200.0), (-7_200.0, 7_200.0)],
)
def test_moments_are_shifted_by_what_the_browsers_clock_is_certainly_off(ahead: float, later: float) -> None:
    """Up to ten seconds behind, the machine may as well have been slow to send."""
    kept, there = Reports(now=lambda: NOW), NOW + ahead
    row = {"kind": "text", "at": there * 1000, "since": there * 1000, "timer": {"since": there * 1000, "count": 1}}
    kept.add(None, batch(kept.ticket(None), row, born=there * 1000, sent=there * 1000))
    # One that the same clock sent an hour ago tells no less, and no more.
    kept.add(None, batch(kept.ticket(None), document=2, born=there * 2000, sent=(there - 3_600) * 1000))
    document, _ = kept.documents(None)
    (shown,) = document.reports()
    moments = [document.born, document.last, shown["at"] / 1000, shown["since"] / 1000, shown["timer"]["since"] / 1000]
    assert moments == pytest.approx([there + later] * 5, abs=1e-3, rel=0)


def test_a_moment_that_is_none_is_left_as_it_is() -> None:
    kept, row = Reports(), {"kind": "text", "at": 1, "since": "x", "timer": [1]}
    kept.add(None, batch(kept.ticket(None), row, sent=0.0))
    (document,) = kept.documents(None)
    assert [(one["since"], one["timer"]) for one in document.reports()] == [("x", [1])]


def test_a_page_whose_clock_is_ahead_is_forgotten_by_this_machines_time() -> None:
    kept, there = Reports(now=lambda: NOW), NOW + 7_200
    for document, ago in ((1, 60), (2, 0)):
        row = {"kind": "present", "at": (there - ago) * 1000}
        kept.add(None, batch(kept.ticket(None), row, document=document, sent=there * 1000))
    kept.forget(None, before=NOW - 30)
    assert len(kept.documents(None)) == 1


# Which window is which


def _documents(*rows: dict[str, Any]) -> Windows:
    kept = Reports()
    for place, row in enumerate(rows):
        told = row.pop("told", [])
        kept.add(None, batch(kept.ticket(None), *told, document=place, born=1000.0 * (place + 1), **row))
    return Windows.of(kept.documents(None))


APP = {"url": "http://localhost/", "told": [{"kind": "asked", "at": 1500.0}, {"kind": "present", "at": 9000.0}]}
SERVICE = "https://services.leadconnectorhq.com/start"


def test_a_document_with_an_opener_is_in_the_window_that_the_page_opened() -> None:
    windows = _documents(dict(APP), {"url": SERVICE, "opener": True}, {"url": SERVICE, "opener": True, "length": 2})
    assert [(one.name, len(one.documents)) for one in windows.popups] == [("popup-1", 2)]


def test_the_services_document_without_an_opener_is_in_a_window_where_the_page_is_still_there() -> None:
    assert len(_documents(dict(APP), {"url": SERVICE}).popups) == 1


def test_the_services_document_in_place_of_the_page_is_the_pages_own() -> None:
    left = {"url": "http://localhost/", "told": [{"kind": "left", "at": 1900.0}]}
    windows = _documents(left, {"url": SERVICE, "length": 2})
    assert (len(windows.app), windows.popups) == (2, ())


def test_a_second_window_is_one_that_was_opened_since() -> None:
    app = {**APP, "told": [{"kind": "asked", "at": 1500.0}, {"kind": "asked", "at": 2500.0}]}
    windows = _documents(app, {"url": SERVICE, "opener": True}, {"url": SERVICE, "opener": True})
    assert [one.name for one in windows.popups] == ["popup-1", "popup-2"]


# Preflights


def preflight(server: Server, path: str, **headers: str) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Origin": "https://app.example", **headers}
    assert server.client.options(path, headers=asked).status_code == 204


def test_a_preflight_stands_under_the_key_of_its_request_or_nowhere(server: Server, key: str) -> None:
    path = f"{PROSE_PATH}?{key}"
    preflight(server, path)
    preflight(server, f"{path}-never")
    server.client.get(path, headers={**GOOD, **key_header(key), "Origin": "https://app.example"})
    assert [one["endpoint"] for one in server.requests(key)] == ["preflight", "account"]
    assert [one for one in server.requests() if key in one["url"] and one["key"] != key] == []


@pytest.mark.parametrize(("alive_for", "is_judged"), [(0.0, False), (1.5, False), (2.5, True), (9.0, True)])
def test_what_is_missing_is_told_only_of_a_page_that_had_the_patience(
    server: Server, key: str, alive_for: float, is_judged: bool
) -> None:
    began = (time.time() - 10) * 1000
    post(server, key, batch(ticket_of(server.client, key), *opening(began, alive_for), born=began))
    found = server.client.get("/__harness/findings?patience=3", headers=key_header(key)).json()
    assert [one["code"] for one in found["findings"]] == (["event-ignored"] if is_judged else [])
    assert (found["unjudged"] is None) is is_judged


def opening(began: float, alive_for: float) -> list[dict[str, Any]]:
    """Return the reports of a page that opened a window, and ignored the event, which came at once."""
    return [
        {"kind": "loaded", "at": began, "url": "http://localhost/", "hasOpener": False},
        {"kind": "listeners", "at": began, "count": 1},
        {"kind": "asked", "at": began + 1, "url": SERVICE, "target": "", "features": "", "returned": True,
         "active": True, "inClick": True},
        {"kind": "received", "at": began + 2, "data": EVENT, "origin": ORIGIN, "source": "popup"},
        {"kind": "present", "at": began + 2 + alive_for * 1000},
    ]  # fmt: skip


def test_waits_end_when_another_scenario_is_begun(server: Server, key: str) -> None:
    import threading  # noqa: PLC0415 - this test alone

    ticket = ticket_of(server.client, key)
    now = time.time() * 1000
    loaded = {"kind": "loaded", "at": now, "url": "http://localhost/", "hasOpener": False}
    asked = {"kind": "asked", "at": now + 1, "url": SERVICE, "target": "", "features": "", "returned": True,
             "active": True, "inClick": True}  # fmt: skip
    alive = {"kind": "present", "at": now + 60_000}
    post(server, key, batch(ticket, loaded, asked, alive, born=now))
    answers: list[Any] = []
    url = f"/__harness/keys/{key}/__harness/findings?patience=60"
    thread = threading.Thread(target=lambda: answers.append(server.client.get(url, timeout=60).json()))
    thread.start()
    while thread.is_alive() and server.client.get("/__harness/health").json()["under_way"] == 0:
        pass
    server.put("account-401", key)
    thread.join(30)
    assert "another scenario was begun" in answers[0]["unjudged"]
    assert ACCOUNT not in str(answers)


def test_a_play_begins_without_the_pages_that_are_gone_and_with_those_that_are_there() -> None:
    kept = Reports()
    ticket = kept.ticket(None)
    kept.add(None, batch(ticket, {"kind": "present", "at": 5_000.0}, document=1))
    kept.add(None, batch(ticket, {"kind": "present", "at": 9_000.0}, document=2))
    kept.forget(None, before=6.0)
    assert [document.last for document in kept.documents(None)] == [9.0]
