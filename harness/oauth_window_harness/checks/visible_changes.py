"""What the user can notice: changes of the text, dialogs, other documents, outcomes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from oauth_window_harness.journal.events import DialogShown, DocumentLoaded, Event, OutcomeShown, TextShown

#: How many changes of figures alone make a text one that ticks: a countdown, a counter.
_TICKS = 2
_WORDLESS = re.compile(r"[\W\d_]+")
#: What moves by itself and says nothing: the time of a clock, a spinner's dots.
_MOVING = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\b|[^\w\s]+|_+")


def reaction(events: Sequence[Event], after: float, known: Collection[str] = ()) -> Event | None:
    """Return the first thing that the user can notice after a moment, or None.

    It is a change of the page's visible text, a dialog, another document, or an outcome becoming visible. A text that
    stood there before the moment is none; nor is a page that has gone blank, a clock that goes on, dots that move; nor,
    where other figures ticked before it, a further tick.

    Args:
        events: what happened.
        after: the moment.
        known: texts that say nothing of it, for the page shows them in any case.
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
