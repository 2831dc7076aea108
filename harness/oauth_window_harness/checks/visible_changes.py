"""What the user can notice: changes of the text, dialogs, other documents, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from oauth_window_harness.checks.moving_text import NOTHING_MOVES, Movement, lines_of, words_of
from oauth_window_harness.journal.events import DialogShown, DocumentLoaded, Event, OutcomeShown, TextShown


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
    Not a change are a page that has gone blank, and what moves by itself: the time of a clock, dots, and a line that
    went on in the same way more than once without any cause (a counter, a countdown, a clock in words).

    Args:
        events: what happened, in the order of moments.
        after: the moment, in seconds since the epoch.
        known: texts that are no reaction, because the page shows them in any case.
        certain: whether to leave out changes of figures alone, which may turn out to be the first ticks of a counter.
        is_expected: returns whether a line is no reaction either.
    """
    texts = [event for event in events if isinstance(event, TextShown)]
    before = next((event for event in reversed(texts) if event.at <= after), None)
    movement = Movement(events) if texts else NOTHING_MOVES
    always = _Known(known)
    for event in events:
        match event:
            case _ if event.at <= after:
                pass
            case TextShown(text=text) if text.strip():
                came, gone = movement.news(before, event, certain=certain)
                if always.explains(came, gone, is_expected):
                    continue
                return event
            case DialogShown() | OutcomeShown(visible=True) | DocumentLoaded(window="app"):
                return event
    return None


class _Known:
    """The texts that a page shows in any case."""

    def __init__(self, texts: Collection[str]) -> None:
        self._texts = [{words_of(line) for line in lines_of(text)} for text in texts]
        self._lines = set[str]().union(*self._texts)

    def explains(self, came: Collection[str], gone: Collection[str], is_expected: Callable[[str], bool]) -> bool:
        """Return whether the lines that have come stand in these texts, and those that have gone lack in one."""
        return all(words_of(line) in self._lines or is_expected(line) for line in came) and all(
            any(words_of(line) not in text for text in self._texts) for line in gone
        )
