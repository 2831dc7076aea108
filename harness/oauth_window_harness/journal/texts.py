"""The page's visible text, and the runs of its timers, by which it is known what moves by itself."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_window_harness.journal.steps import Event
from oauth_window_harness.redact import Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRun:
    """One run of a timer of a page; one that sets itself anew each time is the same timer.

    Attributes:
        since: the moment at which the timer was set, in seconds since the epoch; no two are of the same.
        count: which of its runs it is, from 1.
    """

    since: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown(Event):
    """The page's visible text changed.

    Attributes:
        timer: the run of one of the page's timers in which it changed, or None.
    """

    window: str
    text: Redacted
    timer: TimerRun | None = None
