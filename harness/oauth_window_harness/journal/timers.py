"""The runs of a page's timers: by them it is known that something moved by itself, and was no answer to anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRun:
    """One run of a timer of a page; one that sets itself anew each time is the same timer.

    Attributes:
        since: the moment at which the timer was set, in seconds since the epoch; no two are of the same.
        count: which of its runs it is, from 1.
    """

    since: float
    count: int
