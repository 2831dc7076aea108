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
        ("https://app.test/ann@example.com", "https://app.test/ann@example.com"),
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
