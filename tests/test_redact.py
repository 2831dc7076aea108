"""The gate for secrets: no secret is readable afterwards, in whatever order they were learned."""

from __future__ import annotations

from itertools import permutations

import pytest

from oauth_window_harness.redact import MASK, Redactor

SHORT, LONGER, LONGEST = "abcdefgh", "abcdefgh-of-this-run", "abcdefgh-of-this-run-and-the-next"


@pytest.mark.parametrize("order", list(permutations([SHORT, LONGER, LONGEST])))
@pytest.mark.parametrize("given", range(4))
def test_a_secret_that_begins_like_another_one_is_hidden_whole(order: tuple[str, ...], given: int) -> None:
    redactor = Redactor(order[:given])
    for secret in order[given:]:
        redactor.learn(secret)
    assert redactor.text(f"{SHORT} {LONGEST} {LONGER}") == f"{MASK} {MASK} {MASK}"


def test_a_secret_that_is_learned_twice_is_hidden_and_a_short_word_is_not() -> None:
    redactor = Redactor()
    for word in (SHORT, SHORT, "word"):
        redactor.learn(word)
    assert redactor.text(f"a word, {SHORT}") == f"a word, {MASK}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"access_token":"q9LmOpaque"}', f'{{"access_token":"{MASK}"}}'),
        ('{\\"refresh_token\\": \\"q9LmOpaque\\"}', f'{{\\"refresh_token\\": \\"{MASK}\\"}}'),
        ("{ clientSecret: 'q9LmOpaque' }", f"{{ clientSecret: '{MASK}' }}"),
        ("client_secret: q9LmOpaque", f"client_secret: {MASK}"),
        ('password = "hunter2 of mine"', f'password = "{MASK}"'),
        ("Set-Cookie: sid=q9Lm; Path=/", f"Set-Cookie: {MASK}"),
        ("https://jane:hunter2@db.test/x", f"https://{MASK}@db.test/x"),
        ("?note=Authorization:+Bearer+q9Lm&a=1", f"?note=Authorization:+Bearer+{MASK}&a=1"),
        ("?note=Bearer%20q9Lm", f"?note=Bearer%20{MASK}"),
        ("by jane.roe@bakery.example.org, now", f"by {MASK}, now"),
        ("?email=jane%40bakery.org&a=1", f"?email={MASK}&a=1"),
        ("/cb?code=AQDq9LmOpaque7&state=q9LmOpaque7Zz#_=_", f"/cb?code={MASK}&state={MASK}#_=_"),
        ("/cb?session=q9LmOpaque", f"/cb?session={MASK}"),
    ],
)
def test_what_is_named_or_shaped_as_a_secret_is_hidden(text: str, told: str) -> None:
    assert Redactor().text(text) == told
    assert Redactor().text(told) == told


@pytest.mark.parametrize(
    "text",
    [
        "token: access token is invalid", "Cookie: we use cookies", "?code=422", "Prefer: code=422; example=a",
        "react@18.2.0", "the session: it has begun", "state=connected", "font@2x.png of the page", "Invalid token",
        "no bearer token has it",
    ],
)  # fmt: skip
def test_an_ordinary_word_beside_such_a_name_is_not_hidden(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_field_that_is_named_as_a_credential_is_hidden_in_data() -> None:
    data = {"refreshToken": "q9LmOpaque", "page": "integration", "token": 7, "a": [{"password": "hunter2 of mine"}]}
    assert Redactor().data(data) == {
        "refreshToken": MASK, "page": "integration", "token": 7, "a": [{"password": MASK}],
    }  # fmt: skip


def test_a_header_that_was_masked_already_keeps_its_scheme_in_data() -> None:
    headers = {"authorization": f"Bearer {MASK}"}
    assert Redactor().data(headers) == headers


def test_what_is_learned_is_bounded_and_the_mask_is_no_secret() -> None:
    redactor = Redactor(["named-by-the-user"])
    for number in range(1_500):
        redactor.learn(f"token-{number:08}")
    redactor.learn("redacted")
    assert redactor.text("token-00000000") == "token-00000000"
    assert redactor.text("token-00001499 and named-by-the-user") == f"{MASK} and {MASK}"


def test_a_header_hides_the_whole_of_a_longer_secret() -> None:
    redactor = Redactor()
    redactor.learn(SHORT)
    redactor.learn(LONGER)
    assert redactor.headers([("Referer", f"https://app.test/{LONGER}")]) == {"referer": f"https://app.test/{MASK}"}


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("https://ann:pass@app.test/a@b", f"https://{MASK}@app.test/a@b"),
        (f"https://ann:{SHORT}@app.test/", f"https://{MASK}@app.test/"),
        ("https://app.test/ann@example", "https://app.test/ann@example"),
        ("https://app.test/?api_token=1&page=2", f"https://app.test/?api_token={MASK}&page=2"),
        ("https://app.test/#/in?access_token=1;x=2", f"https://app.test/#/in?access_token={MASK}"),
        (f"https://app.test/?x-key-signature={SHORT}", f"https://app.test/?x-key-signature={MASK}"),
    ],
)
def test_an_address_that_is_learned_shows_no_password_and_no_token(address: str, masked: str) -> None:
    redactor = Redactor()
    redactor.learn_address(address)
    assert redactor.text(address) == masked
    assert redactor.text(masked) == masked


def test_a_text_that_passed_before_a_secret_was_known_is_masked_once_it_is() -> None:
    redactor = Redactor()
    assert redactor.text("it says opaque-value-1") == "it says opaque-value-1"

    redactor.learn("opaque-value-1")

    assert redactor.text("it says opaque-value-1") == "it says <redacted>"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("top/secret=value", "x=top%2Fsecret=value"),
        ("top/secret=value", "x=top/secret%3dvalue"),
        ("pässword-1", "x=p%C3%A4ssword%2d1"),
        ("half%41way-there", "x=half%2541way-there"),
        ("half%41way-there", "x=%68alf%41way-there"),
    ],
)
def test_a_secret_is_found_in_part_percent_encoded(secret: str, text: str) -> None:
    assert Redactor([secret]).text(text) == "x=<redacted>"
