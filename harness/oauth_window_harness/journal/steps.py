"""What all events have, and the events of the user's steps; `journal.events` has all others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Event):
    """The driver took the user's next step: a click in the page, an approval, the closing of the window."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDisabled(Event):
    """The user's next step was a click, and the control stayed disabled for the whole patience."""
