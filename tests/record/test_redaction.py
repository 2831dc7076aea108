"""The redaction of secret and personal values: pseudonyms that are stable and of the same shape, or a refusal."""

from __future__ import annotations

import base64
import html
import json
import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from oauth_window_harness.contract.fixture import EventFixture, ExchangeResponse, contracts
from oauth_window_harness.contract.rules import account_of
from oauth_window_harness.errors import OutputError, UnredactedError
from oauth_window_harness.record.folder import encode_fixtures, write
from oauth_window_harness.record.known_fields import VOCABULARY
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.record.redaction import Redaction
from oauth_window_harness.record.secret_scan import Leak, scan
from oauth_window_harness.record.unredacted import Personal, RawExchange, RawMessage
from tests.upstreams import ACCOUNT, ANSWERS, LOCATION, PAGES, TOKEN, USER

SERVICE = "https://services.leadconnectorhq.com"
PATH = f"/social-media-posting/oauth/{LOCATION}/facebook/accounts/{ACCOUNT}"
EVENT = contracts().event("event").data


def redaction(**taught: Any) -> Redaction:
    personal = Personal(LOCATION, TOKEN, USER, ACCOUNT, "http://127.0.0.1:5555")
    day = date(2026, 11, 25)
    return Redaction(personal, platform="facebook", api="2021-07-28", upstream=SERVICE, day=day, field_rules=taught)


def message(data: Any, origin: str = SERVICE, target: str | None = "*") -> RawMessage:
    return RawMessage("event", "The event", data, origin, target)


def exchange(body: Any, status: int = 200, path: str = PATH, **headers: str) -> RawExchange:
    response = ExchangeResponse(status=status, headers=headers, body=body)
    return RawExchange(f"account-{status}", "The account GET", "account", path, response)


def redacted(body: Any, status: int = 401, **taught: Any) -> Any:
    """Return a body as it would be written."""
    gate = redaction(**taught)
    fixtures = gate.fixtures([], [exchange(body, status)])
    (content,) = encode_fixtures(fixtures, gate.pseudonyms.originals()).values()
    return json.loads(content)["response"]["body"]


# --- pseudonyms -----------------------------------------------------------------------------------------------------

SHAPES = [
    ("658a9b6833b91e0ecb8f3958", "account", r"a0{22}1"),
    ("ve9EPM428h8vShlRW1KT", "location", r"location0{11}1"),
    ("244405123411687", "page", r"20{13}1"),
    ("1000000000000001", "application", r"90{14}1"),
    ("dc9dbc34-1d05-41f4-b2a4-6d75e0bcd0b1", "trace", r"00000000-0000-4000-8000-0{11}1"),
    (TOKEN, "token", r"pit-00000000-0000-4000-8000-0{11}1"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "token", r"eyJ[\w-]+\.pseudonym-1\.none"),
    ("jane.roe@bakery.org", "user", r"user-1@example\.com"),
    ("https://scontent.xx.fbcdn.net/v/p.jpg?oh=1&oe=2", "picture", r"https://url-1\.invalid/part/part\.jpg"),
    ("+49 170 5550123", "", r"\+1-555-0101"),
    ("203.0.113.7", "", r"192\.0\.2\.1"),
    ("sk_live_4eC39HqLyjWDarjtT1", "token", r"token0+1"),
]


@pytest.mark.parametrize(("original", "family", "pattern"), SHAPES)
def test_a_pseudonym_has_the_shape_of_its_original(original: str, family: str, pattern: str) -> None:
    pseudonym = Pseudonyms(VOCABULARY).of(original, family)
    assert re.fullmatch(pattern, pseudonym)
    if re.fullmatch(r"[\w-]+", original):
        assert len(pseudonym) == len(original)


@pytest.mark.parametrize(("original", "family", "pattern"), SHAPES)
def test_a_pseudonym_is_the_same_wherever_its_original_stands(original: str, family: str, pattern: str) -> None:
    pseudonyms = Pseudonyms(VOCABULARY)
    pseudonym = pseudonyms.of(original, family)
    texts = [f"'{original}' is invalid", f"not found: {original}", f"({original})", f"'{original.upper()}'"]
    for text in texts if original.casefold() == original else texts[:3]:
        told = pseudonyms.text(text)
        assert pseudonym in told or re.search(pattern, told), told
        assert original.casefold() not in told.casefold()


def test_letters_that_only_a_pattern_considers_equal_are_replaced_too() -> None:
    pseudonyms = Pseudonyms(VOCABULARY)
    pseudonyms.of_name("Silvia Ipek", "Page")
    assert "lv" not in pseudonyms.text("no S\u0131lv\u0131a \u0131pek")


def test_two_values_have_two_pseudonyms_and_numbers_come_in_order() -> None:
    pseudonyms = Pseudonyms(VOCABULARY)
    ids = [f"658a9b6833b91e0ecb8f39{place:02x}" for place in (7, 3, 9, 3)]
    assert [pseudonyms.of(value, "account")[-1] for value in ids] == ["1", "2", "3", "2"]
    assert pseudonyms.of("658a9b6833b91e0ecb8f3911", "page") == "b" + "1".rjust(23, "0")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Invalid token: access token is invalid", None),
        ("Invalid API version segment 'not-a-date' at position 0", None),
        ("version header was not found.", None),
        ("Token's user type mismatch!", None),
        ("The token does not have access to this location.", None),
        ("accountId must be a mongodb id", None),
        ("Cannot GET /social-media-posting/oauth/facebook/start", None),
        ("Version 2021-07-28 is not supported", None),
        ("UnprocessableEntityException", None),
        ("Hello Wilhelmina, you are not allowed", "word-1 word-2, you are not allowed"),
        ("the password: hunter2 is wrong", "the password: value01 is wrong"),
        ("Authorization: Bearer abc.DEF-1 is expired", "Authorization: Bearer value0001 is expired"),
    ],
)
def test_a_sentence_keeps_the_words_of_the_contract_and_no_others(sentence: str, told: Any) -> None:
    assert Pseudonyms(VOCABULARY).text(sentence) == (told or sentence)


def test_all_bundled_errors_keep_their_sentences() -> None:
    fixtures = contracts()
    for name in fixtures.names():
        found = fixtures.exchange(name) if not name.startswith(("event", "noise")) else None
        if found is not None and isinstance(found.response.body, dict) and found.response.status >= 400:
            assert redacted(found.response.body, found.response.status) == found.response.body or name in (
                "api-422-validator",
                "api-404-no-route",
            )


@pytest.mark.parametrize(
    "ids",
    [
        ["100000000000001", "100000000000002"],  # backwards, the second is the first pseudonym of a page
        ["200000000000001", "200000000000002", "200000000000003"],
        ["1000000", "2000001"],
        ["100000000000001", "658a9b6833b91e0ecb8f3958", "a00000000000000000000001"],
    ],
)
def test_a_pseudonym_is_counted_on_past_the_genuine_values_of_the_recording(ids: list[str]) -> None:
    pages = [{**PAGES[0], "id": page} for page in ids]
    body = {**ANSWERS[200], "results": {"pages": pages}}
    told = [page["id"] for page in redacted(body, 200)["results"]["pages"]]
    assert len(set(told)) == len(ids)
    assert set(told).isdisjoint(ids)
    assert told == [page["id"] for page in redacted(body, 200)["results"]["pages"]]


def test_a_personal_value_that_looks_like_a_pseudonym_of_its_family_gets_another() -> None:
    personal = Personal("location0001", TOKEN, "user00000002", ACCOUNT)
    gate = Redaction(personal, platform="facebook", api="2021-07-28", upstream=SERVICE, day=date(2026, 11, 25))
    path = "/social-media-posting/oauth/location0001/facebook/accounts/" + ACCOUNT
    encode_fixtures(gate.fixtures([], [exchange(ANSWERS[200], path=path)]), gate.pseudonyms.originals())
    assert gate.pseudonyms.of("location0001") == "location0002"
    assert gate.pseudonyms.of("user00000002") == "user00000001"


def test_where_every_number_would_meet_a_genuine_value_the_scan_refuses() -> None:
    body = {**ANSWERS[200], "results": {"pages": [{**PAGES[0], "id": page} for page in ("0000002", "100000000000001")]}}
    with pytest.raises(UnredactedError, match="something secret is left"):
        redacted(body, 200)


# --- one id, wherever it stands -------------------------------------------------------------------------------------


def test_an_id_of_the_event_is_the_same_id_in_path_body_sentence_header_and_address() -> None:
    gate = redaction()
    body = {
        "statusCode": 422,
        "message": [f"no {ACCOUNT}", f"GET {PATH}?a={ACCOUNT}", f"{ACCOUNT.upper()} of {LOCATION}"],
    }
    fixtures = gate.fixtures([message(EVENT)], [exchange(body, 422)])
    event, account = fixtures["event"], fixtures["account-422"]
    assert isinstance(event, EventFixture)
    pseudonym = account_of(event.data)
    assert pseudonym == "a" + "1".rjust(23, "0")
    told = account.model_dump_json()
    assert told.count(pseudonym) == 5
    assert account.request.path.split("/")[3] == "location000000000001"  # type: ignore[union-attr]


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_an_event_that_is_a_json_string_stays_as_it_was_written(separators: tuple[str, str]) -> None:
    fixtures = redaction().fixtures([message(json.dumps(EVENT, separators=separators))], [])
    told = fixtures["event"].data  # type: ignore[union-attr]
    assert told == json.dumps(json.loads(told), separators=separators)
    assert list(json.loads(told)) == list(EVENT)
    assert ACCOUNT not in told


@pytest.mark.parametrize("data", ['{"a": NaN}', '{"a": ' + "[" * 90 + "]" * 90 + "}", '{"a": ' * 5000, "\\ud800 jane"])
def test_a_string_that_is_not_quite_json_is_a_text(data: str) -> None:
    gate = redaction()
    fixtures = gate.fixtures([message(data)], [])
    encode_fixtures(fixtures, gate.pseudonyms.originals())
    assert isinstance(fixtures["event"].data, str)  # type: ignore[union-attr]
    assert "jane" not in fixtures["event"].data  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("origin", "target", "told"),
    [
        (SERVICE, "*", (SERVICE, "*", ())),
        ("https://backend.leadconnectorhq.com", SERVICE, ("https://backend.leadconnectorhq.com", SERVICE, ())),
        ("https://app.jane-roe.example", None, ("https://url-1.invalid", "*", ("target_origin: not seen",))),
        ("null", "http://127.0.0.1:5555", ("null", "*", ("target_origin: it named the opener's own origin",))),
        ("https://leadconnectorhq.com.evil.example", "*", ("https://url-1.invalid", "*", ())),
    ],
)
def test_the_vendors_origins_stay_and_others_are_pseudonyms(origin: str, target: str | None, told: Any) -> None:
    event = redaction().fixtures([message(EVENT, origin, target)], [])["event"]
    assert isinstance(event, EventFixture)
    assert (event.origin, event.target_origin, event.provenance.assumed) == told


def test_a_page_whose_name_is_a_word_of_the_contract_spoils_no_sentence() -> None:
    body = {**ANSWERS[200], "results": {"pages": [{**PAGES[0], "name": "Facebook"}]}}
    told = redacted(body, 200)
    assert told["message"] == "Fetched Facebook Account"
    assert told["results"]["pages"][0]["name"] == "Page 1"


@pytest.mark.parametrize("avatar", ["A://[", "https://[::1/p.jpg", "https://a b/p.jpg", "x://"])
def test_a_picture_at_an_address_that_is_none_gets_a_pseudonym_all_the_same(avatar: str) -> None:
    body = {**ANSWERS[200], "results": {"pages": [{**PAGES[0], "avatar": avatar}]}}
    assert redacted(body, 200)["results"]["pages"][0]["avatar"] != avatar


@pytest.mark.parametrize("value", ["social_media_posting", "social-media-posting", "socialMediaPosting", "close"])
def test_a_spelling_of_page_stays_as_it_came(value: str) -> None:
    event = redaction().fixtures([message({**EVENT, "page": value})], [])["event"]
    assert event.data["page"] == value  # type: ignore[union-attr]


# --- what it refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({**EVENT, "email": "jane@bakery.org"}, "event.json: $.email"),
        ({**EVENT, "page": "Jane Roe"}, "event.json: $.page"),
        ({**EVENT, "platform": LOCATION}, "event.json: $.platform"),
        ({**EVENT, "placement": 244405123411687}, "event.json: $.placement"),
        ({**EVENT, "reconnectAccounts": [{"owner": "jane"}]}, "event.json: $.reconnectAccounts[0].owner"),
        (json.dumps({**EVENT, "email": "jane@bakery.org"}), "event.json: $.email"),
        ({**EVENT, "accountId": True}, "event.json: $.accountId"),
        ({**EVENT, "accountId": 1.5}, "event.json: $.accountId"),
        ([{"jane@bakery.org": True}], "event.json: $[0][a name that may be personal itself]"),
    ],
)
def test_a_message_with_an_unknown_field_is_refused_by_that_field(data: Any, where: str) -> None:
    with pytest.raises(UnredactedError) as raised:
        redaction().fixtures([message(data)], [])
    assert raised.value.where == where
    assert not re.search("(?i)jane|244405|ve9", str(raised.value))


def test_all_unknown_fields_are_told_at_once_each_name_with_its_first_place() -> None:
    gate = redaction()
    page = {**PAGES[0], "owner": "Jane", "plan": 7}
    with pytest.raises(UnredactedError) as raised:
        gate.fixtures(
            [message({**EVENT, "email": "jane@bakery.org", "plan": "Jane"})],
            [exchange({**ANSWERS[200], "success": "jane", "results": {"pages": [page, page]}})],
        )
    error = raised.value
    assert error.what == "4 fields that redaction does not know, so nothing was written"
    assert error.where.split("; ") == [
        "event.json: $.email", "event.json: $.plan", "account-200.json: $.success",
        "account-200.json: $.results.pages[0].owner",
    ]  # fmt: skip
    assert error.fields == ("email", "plan", "success", "owner")
    assert "`--field email=pseudonym --field plan=pseudonym --field success=pseudonym --field owner=" in error.todo
    assert not re.search("(?i)jane|ve9", str(error))


def test_no_command_is_offered_where_a_name_may_be_personal_itself() -> None:
    with pytest.raises(UnredactedError) as raised:
        redaction().fixtures([message({**EVENT, "jane@bakery.org": 1, "plan": 2})], [])
    assert raised.value.fields == ()
    assert "maintainers" in raised.value.todo
    assert "plan" in raised.value.where
    assert "jane" not in str(raised.value)


def test_a_pseudonym_covers_all_that_is_within_its_field() -> None:
    meta = {
        "owner": "Jane Roe", "jane@bakery.org": [1.5, 7, None, "", True, {"accountId": ACCOUNT, "page": "Jane"}],
        "deep": [[{"name": {"Wilhelmina": "Roe"}}]],
    }  # fmt: skip
    told = redacted({"statusCode": 401, "meta": meta, "message": "Invalid token"}, meta="pseudonym")
    text = json.dumps(told)
    assert not re.search("(?i)jane|roe|wilhelmina|bakery", text)
    assert told["message"] == "Invalid token"
    (values,) = [value for value in told["meta"].values() if isinstance(value, list) and len(value) == 6]
    assert [type(value) for value in values] == [float, int, type(None), str, bool, dict]
    assert values[5] == {"accountId": "a" + "1".rjust(23, "0"), "page": values[5]["page"]}


def test_within_a_covered_field_a_rule_of_the_users_is_kept() -> None:
    told = redacted({"statusCode": 401, "meta": {"plan": "gold", "seat": "x"}}, meta="pseudonym", plan="allowed")
    assert told["meta"]["plan"] == "gold"
    assert len(told["meta"]) == 2
    assert "seat" not in told["meta"]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/dialog/oauth?state=a",
        "https://www.facebook.com/elsewhere?state=a",
        "https://www.facebook.com/dialog/oauth?state=a&jane=roe",
        "https://www.facebook.com/dialog/oauth?scope=Jane",
    ],
)
def test_an_unknown_redirect_is_refused(location: str) -> None:
    response = ExchangeResponse(status=302, headers={"location": location})
    start = RawExchange("start-302", "start", "start", "/social-media-posting/oauth/facebook/start", response)
    with pytest.raises(UnredactedError) as raised:
        redaction().fixtures([], [start])
    assert not re.search("evil|roe|Jane", str(raised.value))


def test_the_user_can_give_the_rule_of_a_redirects_parameter_by_its_name() -> None:
    to = "https://www.facebook.com/v21.0/dialog/oauth?state=a&scope=a_b,c&logger_id=Jane&display=popup&extras=Zq81"
    response = ExchangeResponse(status=302, headers={"location": to})
    start = RawExchange("start-302", "start", "start", "/social-media-posting/oauth/facebook/start", response)
    told = redaction(logger_id="pseudonym", extras="allowed").fixtures([], [start])["start-302"]
    assert told.response.headers == {  # type: ignore[union-attr]
        "location": "{facebook}/dialog/oauth?state={state}&scope=a_b,c&logger_id=opaque1&display=popup&extras=Zq81"
    }


def test_a_field_that_the_user_allows_is_still_searched_for_secrets() -> None:
    told = redacted({"statusCode": 401, "hint": f"Ask Jane, not {TOKEN}"}, hint="allowed")
    assert told["hint"] == "Ask Jane, not pit-00000000-0000-4000-8000-000000000001"


# --- the second look ------------------------------------------------------------------------------------------------

SECRET = "Zq81-Opaque_value.77"


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET, safe="").replace("_", "%5F"),
        "".join(f"%{byte:02x}" for byte in SECRET.encode()),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(b"a" + SECRET.encode()).decode(),
        base64.urlsafe_b64encode(b"ab:" + SECRET.encode() + b":c").decode(),
        SECRET.encode().hex(),
        SECRET[::-1],
        "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
        "".join(f"&#{ord(letter)};" for letter in SECRET),
        html.escape(f"<{SECRET}>"),
    ],
)
@pytest.mark.parametrize("place", ["value", "name", "deep"])
def test_the_scan_finds_a_known_value_in_any_spelling(spelled: str, place: str) -> None:
    told = {"value": {"a": spelled}, "name": {spelled: 1}, "deep": {"a": [{"b": f"x {spelled} y"}]}}[place]
    with pytest.raises(Leak) as raised:
        scan(json.dumps(told).encode(), [SECRET])
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "value",
    [
        *[original for original, _, _ in SHAPES if "000" not in original and " " not in original],
        "-----BEGIN PRIVATE KEY-----", "Bearer abc.DEF-1", "sid=Zx81Kq0pLm", "https://a.b/c?sig=1", "ftp://me@a.b",
        "AKIAIOSFODNN7EXAMPLE", "+491705550123", "QWxhZGRpbjpvcGVuIHNlc2FtZTpBbGFkZGluOm9wZW4",
    ],
)  # fmt: skip
def test_the_scan_finds_the_shapes_of_secrets(value: str) -> None:
    with pytest.raises(Leak) as raised:
        scan(json.dumps({"ok": 1, "a": [{"b": f"it is {value}"}]}).encode(), [])
    assert raised.value.where == "$.a[0].b"
    assert value not in str(raised.value)


@pytest.mark.parametrize(("original", "family", "pattern"), SHAPES)
def test_the_scan_lets_pseudonyms_pass(original: str, family: str, pattern: str) -> None:
    pseudonym = Pseudonyms(VOCABULARY).of(original, family)
    scan(
        json.dumps({"a": pseudonym, "b": f"Bearer {pseudonym}" if family == "token" else pseudonym}).encode(),
        [original],
    )


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("text", "account-401.json: $.response.body.message"),
        ("of", "account-401.json: $.request.path"),
    ],
)
def test_a_gate_that_lets_something_through_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, broken: str, where: str
) -> None:
    """The scan does not rely on the redaction."""
    gate = redaction()
    known = gate.pseudonyms.originals()
    monkeypatch.setattr(Pseudonyms, broken, lambda _self, value, *_a, **_k: value)
    body = {"statusCode": 401, "message": f"no {TOKEN}"}
    with pytest.raises(UnredactedError) as raised:
        encode_fixtures(gate.fixtures([], [exchange(body, 401)]), known)
    assert raised.value.where == where
    assert TOKEN not in str(raised.value)


# --- the folder -----------------------------------------------------------------------------------------------------


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.json").write_text("old")
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    for folder in ("new", "old"):
        with pytest.raises(OutputError, match="cannot be written"):
            write(tmp_path / folder, {"a.json": b"new"}, ["a.json"])
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old" / "a.json").read_text() == "old"
