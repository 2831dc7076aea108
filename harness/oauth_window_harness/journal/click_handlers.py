"""The events by which it is known that a page did not heed clicks before."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_window_harness.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickHandlerAdded(Event):
    """The page began to handle clicks, of whatever element, and not because of a click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LackSupplied(Event):
    """What a click had looked for and not found may be there now: the name is defined, or another script has run."""
