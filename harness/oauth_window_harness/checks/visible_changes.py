"""What the user can notice: changes of the text, dialogs, other documents, outcomes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from oauth_window_harness.journal.events import DialogShown, DocumentLoaded, Event, OutcomeShown, TextShown

#: How many changes of digits alone make a text a counter or a countdown.
_TICKS = 2
_WORDLESS = re.compile(r"[\W\d_]+")
#: What changes by itself and carries no message: the time of a clock, a spinner's dots.
_MOVING = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\b|[^\w\s]+|_+")


def first_visible_change(events: Sequence[Event], after: float, known: Collection[str] = ()) -> Event | None:
    """Return the first change that the user can notice after a moment, or None.

    A change is a new visible text of the page, a dialog, another document, or an outcome that becomes visible. Not a
    change are a text that was there before the moment, a page that has gone blank, a clock that goes on, dots that
    move, and a further tick of a counter that ticked before the moment.

    Args:
        events: what happened, in the order of moments.
        after: the moment, in seconds since the epoch.
        known: texts that are no reaction, because the page shows them in any case.
    """
    texts = [event.text for event in events if isinstance(event, TextShown) and event.at <= after]
    before = texts[-1] if texts else None
    still = None if before is None else _still(before)
    ticking = _ticks(texts) >= _TICKS
    same = {_words(text) for text in known} | ({_words(before)} if ticking and before is not None else set())
    for event in events:
        match event:
            case _ if event.at <= after:
                pass
            case TextShown(text=text) if text.strip() and _still(text) != still and _words(text) not in same:
                return event
            case DialogShown() | OutcomeShown(visible=True) | DocumentLoaded(window="app"):
                return event
    return None


def _ticks(texts: Sequence[str]) -> int:
    return sum(one != other and _words(one) == _words(other) for one, other in pairwise(texts))


def _still(text: str) -> str:
    return " ".join(_MOVING.sub(" ", text).split())


def _words(text: str) -> str:
    return _WORDLESS.sub(" ", text).strip()
