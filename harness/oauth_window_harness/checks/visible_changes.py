"""What the user can notice: changes of the text, dialogs, other documents, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from oauth_window_harness.checks.moving_text import NOTHING_MOVES, Movement, lines_of, words_of
from oauth_window_harness.journal.events import DialogShown, DocumentLoaded, Event, OutcomeShown, TextShown

#: How much longer than before a place is watched, until its text is taken to stay.
_LONGER, _LATE = 1.3, 0.2


@dataclass(frozen=True)
class Doubt:
    """A text has come that may be the next of those which a place shows in turn, by itself.

    Attributes:
        at: the moment since which the place shows it.
        seconds: how long it stays, if it says something.
    """

    at: float
    seconds: float


def first_visible_change(
    events: Sequence[Event],
    after: float,
    known: Collection[str] = (),
    *,
    certain: bool = False,
    is_expected: Callable[[str], bool] = lambda _line: False,
) -> Event | None:
    """Return the first change that the user can notice after a moment, or None.

    A change is a line of text that has come or gone, a dialog, another document, or an outcome that becomes visible.
    Not a change are a page that has gone blank, and what moves by itself: the time of a clock, dots, a line that went
    on in the same way more than once without any cause (a counter, a countdown, a clock in words), and lines that take
    turns in one place, as they did before the moment.

    Args:
        events: what happened, in the order of moments.
        after: the moment, in seconds since the epoch.
        known: texts that are no reaction, because the page shows them in any case.
        certain: whether to leave out changes of figures alone, which may turn out to be the first ticks of a counter.
        is_expected: returns whether a line is no reaction either.
    """
    movement = Movement(events) if any(isinstance(event, TextShown) for event in events) else NOTHING_MOVES
    changes = _changes(events, movement, after, _Known(known, is_expected), certain=certain)
    return next((event for event, _places in changes), None)


def movement_doubt(events: Sequence[Event], after: float, known: Collection[str] = ()) -> Doubt | None:
    """Return the doubt whether all that has changed after a moment moves by itself; None if there is no such doubt.

    There is none where nothing has changed, and where something has that does not move: no text, or one in a place
    whose text has changed only when something had just happened. What may be the first tick of a clock is in doubt.
    """
    movement = Movement(events) if any(isinstance(event, TextShown) for event in events) else NOTHING_MOVES
    found: list[Doubt] = []
    for event, places in _changes(events, movement, after, _Known(known), certain=True):
        tick = movement.clocks.next_run(event) if isinstance(event, TextShown) else None
        if tick is not None:
            found.append(Doubt(tick[0], tick[1] * _LONGER + _LATE))
            continue
        if not places or any(movement.places.is_prompted_place(place, event.at) for place in places):
            return None
        for place in places:
            moments = movement.places.last_changes(place)
            longest = max((later - one for one, later in pairwise(moments)), default=moments[-1] - after)
            found.append(Doubt(moments[-1], longest * _LONGER + _LATE))
    return max(found, key=lambda one: one.at, default=None)


def _changes(
    events: Sequence[Event], movement: Movement, after: float, known: _Known, *, certain: bool
) -> Iterator[tuple[Event, Collection[int]]]:
    """Yield each change that the user can notice after a moment, and the places of the text in which it is seen."""
    texts = [event for event in events if isinstance(event, TextShown)]
    before = next((event for event in reversed(texts) if event.at <= after), None)
    for event in events:
        match event:
            case _ if event.at <= after:
                pass
            case TextShown(text=text) if text.strip():
                news = movement.news(before, event, after, certain=certain)
                if not known.explains(news.came, news.gone):
                    yield event, news.places.values()
            case DialogShown() | OutcomeShown(visible=True) | DocumentLoaded(window="app"):
                yield event, ()


class _Known:
    """The texts that a page shows in any case."""

    def __init__(self, texts: Collection[str], is_expected: Callable[[str], bool] = lambda _line: False) -> None:
        self._texts = [{words_of(line) for line in lines_of(text)} for text in texts]
        self._is_expected = is_expected
        self._lines = set[str]().union(*self._texts)

    def explains(self, came: Collection[str], gone: Collection[str]) -> bool:
        """Return whether the lines that have come stand in these texts, and those that have gone lack in one."""
        return all(words_of(line) in self._lines or self._is_expected(line) for line in came) and all(
            any(words_of(line) not in text for text in self._texts) for line in gone
        )
