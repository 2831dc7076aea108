"""Differences from a fixture: a truth table of drifts, each with its path, kind and severity."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from oauth_window_harness import resources
from oauth_window_harness.contract.difference import Comparison, compare_event, compare_exchange, sentences
from oauth_window_harness.contract.fixture import EventFixture, Exchange, ExchangeResponse, FixtureSet

FIXTURES = FixtureSet(resources.bundled("contracts") / "facebook")
ACCOUNT = FIXTURES.exchange("account-200")
INVALID = FIXTURES.exchange("account-401")
SENTENCES = FIXTURES.exchange("account-422")
START = FIXTURES.exchange("start-302")
LIMITED = FIXTURES.exchange("api-429")
EVENT = FIXTURES.event("event")

Change = Callable[[Any], object]
Expected = list[tuple[str, str, str]]


def reply(expected: Exchange, change: Change = lambda _: None, **fields: Any) -> ExchangeResponse:
    """Return the fixture's own response, changed."""
    body = copy.deepcopy(expected.response.body)
    change(body)
    return expected.response.model_copy(update={"body": body, **fields})


def message(change: Change = lambda _: None, **fields: Any) -> EventFixture:
    """Return the fixture's own event, changed."""
    data = copy.deepcopy(EVENT.data)
    change(data)
    return EVENT.model_copy(update={"data": data, **fields})


def found_in(comparison: Comparison) -> Expected:
    return [(found.kind, found.severity, found.path) for found in comparison.differences]


def page(body: Any) -> Any:
    return body["results"]["pages"][0]


@pytest.mark.parametrize("name", FIXTURES.names())
def test_a_fixture_does_not_differ_from_itself(name: str) -> None:
    try:
        exchange = FIXTURES.exchange(name)
    except Exception:  # noqa: BLE001 - it is an event then
        event = FIXTURES.event(name)
        assert found_in(compare_event(event, event)) == []
    else:
        assert found_in(compare_exchange(exchange, exchange.response)) == []


DRIFTS: dict[str, tuple[Exchange, ExchangeResponse, Expected]] = {
    "a field is gone": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body.pop("message")),
        [("removed", "error", "$.message")],
    ),
    "a field of every item is gone": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: page(body).pop("name")),
        [("removed", "error", "$.results.pages[*].name")],
    ),
    "a field is renamed": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: page(body).update(title=page(body).pop("name"))),
        [("removed", "error", "$.results.pages[*].name"), ("added", "info", "$.results.pages[*].title")],
    ),
    "a whole branch is gone": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body.pop("results")),
        [("removed", "error", "$.results")],
    ),
    "a field is added": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body.update(traceId="t")),
        [("added", "info", "$.traceId")],
    ),
    "a field of an item is retyped": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: page(body).update(isOwned="true")),
        [("retyped", "error", "$.results.pages[*].isOwned")],
    ),
    "a field is null": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: page(body).update(avatar=None)),
        [("retyped", "error", "$.results.pages[*].avatar")],
    ),
    "an array is an object": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body["results"].update(pages={"1": {}})),
        [("retyped", "error", "$.results.pages")],
    ),
    "the array of sentences is one sentence": (
        SENTENCES,
        reply(SENTENCES, lambda body: body.update(message="Unprocessable Entity")),
        [("retyped", "error", "$.message")],
    ),
    "the body is not JSON": (
        ACCOUNT,
        ExchangeResponse(status=200, headers={"content-type": "text/html"}, text="<h1>soon</h1>"),
        [("header", "warning", "headers.content-type"), ("retyped", "error", "$")],
    ),
    "the status is another, so that nothing else is judged": (
        ACCOUNT,
        INVALID.response,
        [("status", "error", "status")],
    ),
    "an error's status is another": (
        SENTENCES,
        reply(SENTENCES, status=400),
        [("status", "error", "status")],
    ),
    "an error's message is another": (
        INVALID,
        reply(INVALID, lambda body: body.update(message="Invalid JWT")),
        [("changed", "warning", "$.message")],
    ),
    "an error's name is gone": (
        INVALID,
        reply(INVALID, lambda body: body.pop("error")),
        [("removed", "error", "$.error")],
    ),
    "an error's sentence is another": (
        SENTENCES,
        reply(SENTENCES, lambda body: body.update(message=["accountId must be a mongodb id"])),
        [("changed", "warning", "$.message[*]")],
    ),
    "success is reported as failure": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body.update(success=False)),
        [("changed", "warning", "$.success")],
    ),
    "statusCode is another than the status": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: body.update(statusCode=201)),
        [("changed", "warning", "$.statusCode")],
    ),
    "a header is gone": (
        LIMITED,
        reply(LIMITED, headers={n: v for n, v in LIMITED.response.headers.items() if n != "x-ratelimit-max"}),
        [("header", "warning", "headers.x-ratelimit-max")],
    ),
    "the content type is another": (
        ACCOUNT,
        reply(ACCOUNT, headers={"Content-Type": "text/plain"}),
        [("header", "warning", "headers.content-type")],
    ),
    "the redirect is invalid": (
        START,
        reply(START, headers={"location": "https://[::1"}),
        [("header", "warning", "headers.location")],
    ),
    "the redirect leads elsewhere": (
        START,
        reply(START, headers={"location": "https://www.facebook.com/v21.0/dialog/oauth?state=1"}),
        [("header", "warning", "headers.location")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS)
def test_each_drift_is_reported_with_its_path_and_severity(drift: str) -> None:
    expected, seen, wanted = DRIFTS[drift]
    assert found_in(compare_exchange(expected, seen)) == wanted


SAME: dict[str, tuple[Exchange, ExchangeResponse]] = {
    "other examples": (
        ACCOUNT,
        reply(ACCOUNT, lambda body: page(body).update(id="1", name="Other", avatar="https://x/", isOwned=False)),
    ),
    "another message of success": (ACCOUNT, reply(ACCOUNT, lambda body: body.update(message="Fetched"))),
    "more items": (ACCOUNT, reply(ACCOUNT, lambda body: body["results"]["pages"].append(dict(page(body))))),
    "another order of fields": (
        ACCOUNT,
        reply(ACCOUNT, body=dict(reversed(ACCOUNT.response.body.items()))),
    ),
    "another charset and case": (ACCOUNT, reply(ACCOUNT, headers={"Content-Type": "Application/JSON"})),
    "further headers": (ACCOUNT, reply(ACCOUNT, headers={**ACCOUNT.response.headers, "x-new": "1"})),
    "a whole number and one with a fraction": (
        LIMITED,
        reply(LIMITED, lambda body: body.update(statusCode=429.0)),
    ),
    "what stands for a placeholder": (
        FIXTURES.exchange("api-404-no-route"),
        reply(FIXTURES.exchange("api-404-no-route"), lambda body: body.update(message="Cannot GET /a")),
    ),
    "a redirect of another connection": (
        START,
        reply(
            START,
            headers={
                "location": "https://www.facebook.com/dialog/oauth?state=s&scope=a,b&response_type=code"
                "&client_id=2&redirect_uri=https%3A%2F%2Fx"
            },
        ),
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_an_example_value_is_no_difference(case: str) -> None:
    expected, seen = SAME[case]
    assert found_in(compare_exchange(expected, seen)) == []


EVENTS: dict[str, tuple[EventFixture, Expected]] = {
    "the other spelling of page": (
        message(lambda data: data.update(page="social_media_posting")),
        [("changed", "warning", "$.page")],
    ),
    "another account": (message(lambda data: data.update(accountId="1", reconnectAccounts=[])), []),
    "no account": (message(lambda data: data.pop("accountId")), [("removed", "error", "$.accountId")]),
    "another sender": (message(origin="https://app.gohighlevel.com"), [("changed", "warning", "origin")]),
    "a JSON string": (message(), [("retyped", "error", "$")]),
    "a JSON string with the other spelling": (
        message(lambda data: data.update(page="social_media_posting")),
        [("retyped", "error", "$"), ("changed", "warning", "$.page")],
    ),
    "one account that is no array": (
        message(lambda data: data.update(reconnectAccounts="1")),
        [("retyped", "error", "$.reconnectAccounts")],
    ),
    "another platform and a new field": (
        message(lambda data: data.update(platform="instagram", nonce="n")),
        [("changed", "warning", "$.platform"), ("added", "info", "$.nonce")],
    ),
}


@pytest.mark.parametrize("drift", EVENTS)
def test_each_drift_of_the_event_is_reported(drift: str) -> None:
    seen, wanted = EVENTS[drift]
    if drift.startswith("a JSON string"):
        seen = seen.model_copy(update={"data": json.dumps(seen.data)})
    assert found_in(compare_event(EVENT, seen)) == wanted


def test_a_field_that_some_items_lack_is_reported_unless_the_fixture_has_it_so() -> None:
    whole, half = page(ACCOUNT.response.body), {"id": "1"}
    two = reply(ACCOUNT, lambda body: body["results"].update(pages=[whole, {**whole, "name": None}]))
    lacking = reply(ACCOUNT, lambda body: body["results"].update(pages=[whole, half]))

    (first, *_rest) = compare_exchange(ACCOUNT, lacking).differences
    assert (first.path, first.seen) == ("$.results.pages[*].name", "absent from 1 of 2")
    assert found_in(compare_exchange(ACCOUNT, two)) == [("retyped", "error", "$.results.pages[*].name")]
    sometimes = ACCOUNT.model_copy(update={"response": lacking})
    assert found_in(compare_exchange(sometimes, lacking)) == []


def test_an_empty_list_is_reported_to_show_none_of_its_items() -> None:
    empty = reply(ACCOUNT, lambda body: body["results"].update(pages=[]))
    comparison = compare_exchange(ACCOUNT, empty)
    assert (comparison.differences, comparison.unseen_items) == ((), ("$.results.pages",))


@pytest.mark.parametrize(
    ("volatile", "change", "wanted"),
    [
        ("$.error", lambda body: body.update(error="Other"), []),
        ("$.error", lambda body: body.update(error=None), []),
        ("$.error", lambda body: body.pop("error"), [("removed", "info", "$.error")]),
        ("$.message", lambda body: body.update(message="Invalid JWT"), []),
        ("$.mess", lambda body: body.update(message="Invalid JWT"), [("changed", "warning", "$.message")]),
    ],
)
def test_a_volatile_field_may_have_any_value_and_is_missed_gently(
    volatile: str, change: Change, wanted: Expected
) -> None:
    expected = INVALID.model_copy(update={"volatile": (volatile,)})
    assert found_in(compare_exchange(expected, reply(INVALID, change))) == wanted


def test_nothing_below_a_volatile_path_is_compared_and_indexes_are_folded() -> None:
    expected = ACCOUNT.model_copy(update={"volatile": ("$.results.pages[0]", "headers.content-type")})
    seen = reply(ACCOUNT, lambda body: page(body).clear(), headers={"content-type": "text/plain"})
    assert found_in(compare_exchange(expected, seen)) == []


@pytest.mark.parametrize(
    ("grade", "stale", "blamed"),
    [
        ("documented", False, "service"),
        ("seen", False, "service"),
        ("assumed", False, "fixture"),
        ("documented", True, "fixture"),
        ("seen", True, "fixture"),
    ],
)
def test_the_blame_follows_from_the_grade_and_the_age(grade: str, stale: bool, blamed: str) -> None:
    provenance = ACCOUNT.provenance.model_copy(update={"grade": grade})
    expected = ACCOUNT.model_copy(update={"provenance": provenance})
    (found,) = compare_exchange(expected, reply(ACCOUNT, lambda body: body.pop("success")), stale=stale).differences
    assert found.blame == blamed


def test_of_an_example_the_type_is_reported_and_not_the_value() -> None:
    seen = reply(ACCOUNT, lambda body: body.update(owner="jane@example.com", message=["Jane"]))
    assert [(found.expected, found.seen) for found in compare_exchange(ACCOUNT, seen).differences] == [
        ("string", "array"),
        (None, "string"),
    ]


def test_a_difference_is_reported_as_a_sentence() -> None:
    spelled = compare_event(EVENT, message(lambda data: data.update(page="social_media_posting", x=1)))
    assert list(sentences(spelled.differences, "documented")) == [
        "page is `social_media_posting`, documented `social-media-posting`",
        "x is there as number, not documented",
    ]
    gone = compare_exchange(INVALID, reply(INVALID, lambda body: body.pop("error"))).differences
    assert list(sentences(gone, "seen")) == ["error is missing, seen as string"]
