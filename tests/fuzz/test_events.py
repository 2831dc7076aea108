"""Events, answers and texts from outside, of any kind: the contract's readers, redaction and a recording bear them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.difference import compare_event, compare_exchange
from oauth_window_harness.contract.fixture import EventFixture, ExchangeResponse, contracts
from oauth_window_harness.errors import UnredactedError
from oauth_window_harness.record.folder import encode_fixtures
from oauth_window_harness.record.redaction import Redaction
from oauth_window_harness.record.unredacted import Personal, RawExchange, RawMessage
from oauth_window_harness.redact import Redactor
from tests.fuzz.inputs import changed, json_values
from tests.upstreams import ACCOUNT, ANSWERS, LOCATION, TOKEN, USER

EVENT = contracts().event("event")
events = (
    json_values | changed(st.just(EVENT.data)) | changed(st.just(EVENT.data)).map(json.dumps) | st.text(max_size=60)
)
answers = changed(st.sampled_from(list(ANSWERS.values()))) | json_values
SECRET = "q9LmOpaque7Token"


@given(data=events)
def test_any_message_has_fields_and_an_account_or_none(data: Any) -> None:
    fields = rules.fields_of(data)
    account = rules.account_of(data)
    assert all(isinstance(name, str) for name in fields)
    assert account is None or isinstance(account, str)
    assert isinstance(rules.as_json(data), str)
    # Only what names the platform and the page is an event; nothing else is taken for one.
    if rules.is_event(data, "facebook"):
        assert fields.get("platform") == "facebook"
    assert rules.is_event(data, "facebook") in (True, False)


@given(data=events)
def test_any_message_is_compared_with_the_documented_one(data: Any) -> None:
    seen = EventFixture.model_construct(**{**dict(EVENT), "data": data})
    comparison = compare_event(EVENT, seen)
    if data == EVENT.data:
        assert comparison.differences == ()
    elif not isinstance(rules.fields_of(data).get("accountId"), str):
        assert comparison.differences


@given(body=answers, status=st.integers(100, 599))
def test_any_answer_is_compared_with_the_documented_one(body: Any, status: int) -> None:
    expected = contracts().exchange("account-200")
    comparison = compare_exchange(expected, ExchangeResponse(status=status, body=body))
    if status != 200:
        assert [one.kind for one in comparison.differences] == ["status"]
    assert rules.connectable_count("facebook", body) is None or isinstance(body, dict)
    rules.listed_count(body)


@given(data=json_values, around=st.text(max_size=20))
def test_redaction_hides_a_known_secret_in_any_data_and_is_done_at_once(data: Any, around: str) -> None:
    redactor = Redactor()
    redactor.learn(SECRET)
    told = redactor.data([data, {around + SECRET: [SECRET + around, {"a": f"{around}{SECRET}{around}"}]}])
    assert SECRET not in json.dumps(told)
    assert redactor.data(told) == told


PIECES = ("bearer ", "?code=", "eyJ", ".", "@", "cookie: a=", "'", "token", ":", "://", "x" * 20)


@given(text=st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_redaction_of_any_text_ends_and_is_done_at_once(text: str) -> None:
    once = Redactor().text(text)
    assert Redactor().text(once) == once


@given(data=events, body=answers, status=st.sampled_from([200, 400, 401, 422]))
def test_a_recording_of_anything_is_refused_or_free_of_what_is_personal(data: Any, body: Any, status: int) -> None:
    assume("\\ud" not in json.dumps([data, body]))  # what comes over the network has no lone surrogate
    gate = Redaction(
        Personal(LOCATION, TOKEN, USER, ACCOUNT, None), platform="facebook", api="2021-07-28",
        upstream="https://services.leadconnectorhq.com", day=date(2026, 11, 26),
    )  # fmt: skip
    path = f"/social-media-posting/oauth/{LOCATION}/facebook/accounts/{ACCOUNT}"
    message = RawMessage("event", "The event", data, "https://services.leadconnectorhq.com", "*")
    exchange = RawExchange(f"account-{status}", "t", "account", path, ExchangeResponse(status=status, body=body))
    try:
        files = encode_fixtures(gate.fixtures([message], [exchange]), gate.pseudonyms.originals())
    except UnredactedError as error:
        assert TOKEN not in str(error)
        return
    written = b"".join(files.values())
    for personal in (LOCATION, TOKEN, USER, ACCOUNT):
        assert personal.encode() not in written
    for content in files.values():
        json.loads(content)
