"""Text that moves by itself: clocks, counters, dots; told from text that says something new."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from oauth_window_harness.checks.numerals import NUMERAL, without_numbers
from oauth_window_harness.journal.events import (
    DialogShown,
    Event,
    MessageReceived,
    StepTaken,
    TextShown,
    WindowClosed,
    WindowOpenCalled,
)

#: How many changes of the same kind, without any cause, make a line a counter, a countdown or a clock.
_TICKS = 2

#: How soon after what caused it a change follows, in seconds: a change at that time proves no movement.
_PROMPT = 0.3

#: What may cause a change.
_CAUSES = (StepTaken, MessageReceived, WindowClosed, WindowOpenCalled, DialogShown)

#: The time of a clock, in the notations of many languages: 12:03:59, 12.03, 12h03, 十二時三分, 3시 5분.
_CLOCK = (
    rf"(?<!{NUMERAL}){NUMERAL}{{1,4}}\s?[:.h\u2236時时点點시]\s?{NUMERAL}{{1,4}}"
    rf"(?:\s?[:.分분]\s?(?:{NUMERAL}{{1,4}}\s?[秒초]?)?)?"
)
#: What changes by itself and carries no message: the time of a clock, a spinner's dots.
_MOVING = re.compile(rf"{_CLOCK}|[^\w\s]+|_+")


class Movement:
    """The lines of a page's texts, from change to change, in one play.

    Args:
        events: what happened, in the order of moments.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self._causes = [event.at for event in events if isinstance(event, _CAUSES)]
        self._numbers: dict[TextShown, Mapping[str, int]] = {}
        self._ticks: Counter[int] = Counter()
        self._figures: set[int] = set()
        self._follow([event for event in events if isinstance(event, TextShown) and event.text.strip()])

    def news(
        self, before: TextShown | None, now: TextShown, *, certain: bool = False
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Return the lines that have come and those that have gone between two texts, without those that move.

        Args:
            before: the earlier text, or None if there was none.
            now: the later text.
            certain: whether to leave out lines of which figures alone have changed.
        """
        old = self._numbers.get(before, {}) if before is not None else {}
        new = self._numbers[now]
        moving = {number for line, number in new.items() if line not in old and number in set(old.values())}
        moving = {number for number in moving if self._moves(number, certain=certain)}
        # A line that only goes, or comes again, moves as well: it is one that ticks, and was hidden for a time.
        came = [line for line, number in new.items() if line not in old and number not in moving]
        gone = [line for line, number in old.items() if line not in new and number not in moving]
        return came, gone

    def _moves(self, number: int, *, certain: bool) -> bool:
        return self._ticks[number] >= _TICKS or (certain and number in self._figures)

    def _follow(self, texts: Sequence[TextShown]) -> None:
        """Number the lines of all texts: a line that goes on in a similar one has the same number."""
        current: Mapping[str, int] = {}
        count = 0
        for text in texts:
            lines = lines_of(text.text)
            following = {line: current[line] for line in lines if line in current}
            gone = [line for line in current if line not in following]
            for line in lines:
                if line in following:
                    continue
                former = next((one for one in gone if _is_alike(one, line)), None)
                if former is None:
                    count += 1
                    following[line] = count
                    continue
                gone.remove(former)
                following[line] = number = current[former]
                if words_of(former) == words_of(line):
                    self._figures.add(number)
                self._ticks[number] += not self._is_prompted(text.at)
            self._numbers[text] = current = following

    def _is_prompted(self, at: float) -> bool:
        last = bisect_left(self._causes, at) - 1
        return last >= 0 and at - self._causes[last] < _PROMPT


#: The movement of a page that has shown no text.
NOTHING_MOVES = Movement(())


@functools.lru_cache(maxsize=1024)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text, each once, without clocks and punctuation; a line without anything else is none."""
    lines = (" ".join(_MOVING.sub(" ", line).split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


@functools.lru_cache(maxsize=4096)
def words_of(line: str) -> str:
    """Return the words of a line, without numbers and punctuation."""
    return without_numbers(line)


def _is_alike(one: str, other: str) -> bool:
    """Return whether one line may go on as the other: other figures, or as many words, half of which stay."""
    before, after = words_of(one).split(), words_of(other).split()
    if before == after:
        return True
    same = sum(_begins_alike(first, second) for first, second in zip(before, after, strict=False))
    return len(before) == len(after) and same * 2 >= len(before)


def _begins_alike(one: str, other: str) -> bool:
    # Visitor and visitors; the same word in the singular and in the plural.
    return one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))  # noqa: PLR2004
