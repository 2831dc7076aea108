"""Text that moves by itself: clocks, counters, dots; told from text that says something new."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oauth_window_harness.checks.clocks import Clocks
from oauth_window_harness.checks.numerals import NUMERAL, without_numbers
from oauth_window_harness.checks.places import Places
from oauth_window_harness.journal.events import (
    ClosedRead,
    DialogShown,
    Event,
    MessageReceived,
    RequestSeen,
    StepTaken,
    TextShown,
    WindowClosed,
    WindowOpenCalled,
)
from oauth_window_harness.journal.page_events import PageAnswered

#: How many changes of the same kind, without any cause, make a line a counter, a countdown or a clock.
_TICKS = 2

#: How soon after what caused it a change follows, in seconds: a change at that time proves no movement.
_PROMPT = 0.3

#: How soon after an answer a page shows it that asks in each run of a timer.
_DRAWN = 0.05

#: What may cause a change.
_CAUSES = (StepTaken, MessageReceived, WindowClosed, WindowOpenCalled, DialogShown)

#: The time of a clock, in the notations of many languages: 12:03:59, 12.03, 12h03, 十二時三分, 3시 5분.
_CLOCK = (
    rf"(?<!{NUMERAL}){NUMERAL}{{1,4}}\s?[:.h\u2236時时点點시]\s?{NUMERAL}{{1,4}}"
    rf"(?:\s?[:.分분]\s?(?:{NUMERAL}{{1,4}}\s?[秒초]?)?)?"
)
#: Pictures that say something, as a cross or a tick does; of hourglasses, clocks and moons spinners are made.
_PICTURE = r"[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001f310\U0001f319-\U0001f54f\U0001f568-\U0001faff]"
_PICTURES = re.compile(_PICTURE)
#: What changes by itself and carries no message: the time of a clock, a spinner's dots.
_MOVING = re.compile(rf"{_CLOCK}|(?:(?!{_PICTURE})[^\w\s])+|_+")


@dataclass(frozen=True)
class News:
    """The lines that have come and those that have gone between two texts, without those that move.

    Attributes:
        came: the lines that have come.
        gone: those that have gone.
        places: where each of them stands, or stood.
    """

    came: Sequence[str]
    gone: Sequence[str]
    places: Mapping[str, int]


class Movement:
    """The lines of a page's texts, from change to change, in one play.

    Args:
        events: what happened, in the order of moments.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self._causes = [event.at for event in events if isinstance(event, _CAUSES)]
        self._answers = sorted(moment for event in events for moment in _moments_of_answers(event))
        self.places = Places(lambda at: self._is_prompted(at) or _follows(at, self._answers))
        self._place_of: dict[TextShown, Mapping[str, int]] = {}
        self._numbers: dict[TextShown, Mapping[str, int]] = {}
        self._ticks: Counter[int] = Counter()
        self._figures: set[int] = set()
        self.clocks = Clocks(events, lambda at: _follows(at, self._answers, _DRAWN))
        self._follow([event for event in events if isinstance(event, TextShown) and event.text.strip()])

    def news(self, before: TextShown | None, now: TextShown, since: float, *, certain: bool = False) -> News:
        """Return what is new in a text, without what moves.

        Args:
            before: the earlier text, or None if there was none.
            now: the later text.
            since: the moment since which it would be new.
            certain: whether to leave out lines of which figures alone have changed.
        """
        old = self._numbers.get(before, {}) if before is not None else {}
        new = self._numbers[now]
        moving = {number for line, number in new.items() if line not in old and number in set(old.values())}
        moving = {number for number in moving if self._moves(number, certain=certain)}
        # A line that only goes, or comes again, moves as well: it is one that ticks, and was hidden for a time.
        clocks = {line for line, number in new.items() if self.clocks.has(number)}
        came = [line for line, number in new.items() if line not in old and number not in moving and line not in clocks]
        gone = [line for line, number in old.items() if line not in new and number not in moving]
        places = {line: self._place_of[now][line] for line in came}
        if before is not None:
            ticking = {self._place_of[now][line] for line in clocks}
            places |= {line: place for line in gone if (place := self._place_of[before][line]) not in ticking}
        places = {line: place for line, place in places.items() if not self.places.takes_turns(place, since)}
        return News([line for line in came if line in places], [line for line in gone if line in places], places)

    def _moves(self, number: int, *, certain: bool) -> bool:
        return self._ticks[number] >= _TICKS or (certain and number in self._figures)

    def _follow(self, texts: Sequence[TextShown]) -> None:
        """Number the lines of all texts: a line that goes on in a similar one has the same number."""
        current: Mapping[str, int] = {}
        before: Mapping[str, str] = {}
        count = 0
        for text in texts:
            lines = lines_of(text.text)
            following = {line: current[line] for line in lines if line in current}
            gone = [line for line in current if line not in following]
            whole = whole_lines(text.text)
            for line in lines:
                if line in following:
                    if whole[line] != before[line]:
                        self.clocks.take(following[line], text)
                    continue
                former = next((one for one in gone if _is_alike(one, line)), None)
                if former is None:
                    count += 1
                    following[line] = count
                    self.clocks.take(count, text)
                    continue
                gone.remove(former)
                following[line] = number = current[former]
                if words_of(former) == words_of(line) and _PICTURES.findall(former) == _PICTURES.findall(line):
                    self._figures.add(number)
                self.clocks.take(number, text)
                self._ticks[number] += not self._is_prompted(text.at)
            before = whole
            self._numbers[text] = current = following
            self._place_of[text] = self.places.take(text.at, lines, text.timer)

    def _is_prompted(self, at: float) -> bool:
        return _follows(at, self._causes)


def _follows(at: float, causes: Sequence[float], prompt: float = _PROMPT) -> bool:
    """Return whether a moment follows one of the causes at once."""
    last = bisect_left(causes, at) - 1
    return last >= 0 and at - causes[last] < prompt


def _moments_of_answers(event: Event) -> Iterator[float]:
    """Yield when an answer may have come to the page, or when it has read that its window is closed."""
    match event:
        case RequestSeen(answered_at=at) | PageAnswered(at=at) | ClosedRead(at=at, closed=True):
            yield at


#: The movement of a page that has shown no text.
NOTHING_MOVES = Movement(())


@functools.lru_cache(maxsize=1024)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text, each once, without clocks and signs; a line without anything else is none."""
    return tuple(whole_lines(text))


@functools.lru_cache(maxsize=1024)
def whole_lines(text: str) -> Mapping[str, str]:
    """Return the lines of a text, as `lines_of` has them, each with what stands there with its clocks and signs."""
    whole: dict[str, str] = {}
    for line in text.splitlines():
        words = " ".join(_MOVING.sub(" ", line).split())
        if words:
            whole.setdefault(words, line)
    return whole


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
