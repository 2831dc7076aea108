"""Numbers, in figures and in words: a countdown in any of them says nothing new."""

from __future__ import annotations

import pytest

from oauth_window_harness.checks.moving_text import words_of
from oauth_window_harness.checks.visible_changes import first_visible_change
from tests.journals import says


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Trying again in five seconds", "Trying again in seconds"),
        ("twenty-one left", "left"),
        ("noch einundzwanzig Sekunden", "noch Sekunden"),
        ("encore vingt et un essais", "encore et essais"),
        ("ventitre secondi", "secondi"),
        ("осталось пять секунд", "осталось секунд"),
        ("다섯 초 남음", "초 남음"),
        ("还剩两秒", "还剩秒"),
        ("還剩兩秒", "還剩秒"),
        ("还剩贰拾叁秒", "还剩秒"),
        ("Ⅳ of Ⅸ", "of"),
        ("Try III of IV", "Try of"),
        ("بقي ٣ ثوان", "بقي ثوان"),
        ("३ सेकंड", "स क ड"),
        # Words that only begin or end like a number are none.
        ("Sorry: it failed often", "Sorry it failed often"),
        ("attention, mixed", "attention mixed"),
    ],
)
def test_the_words_of_a_line_are_those_without_numbers(line: str, words: str) -> None:
    assert words_of(line) == words


@pytest.mark.parametrize("words", ["five four three two", "V IV III II", "五 四 三 两", "cinq quatre trois deux"])
def test_a_countdown_alone_in_its_element_is_no_reaction(words: str) -> None:
    first, *later = [f"Trying again in\n{word}" for word in words.split()]
    events = [says(1.9, first), *(says(3.0 + number, shown) for number, shown in enumerate(later))]
    assert first_visible_change(events, 2.0) is None
    assert first_visible_change([*events, says(6.5, "Trying again in\nfailed")], 2.0) is not None
