"""Waits until the user is told, where texts on the page may take turns by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.user_feedback import telling_doubt
from oauth_window_harness.checks.visible_changes import Doubt
from oauth_window_harness.journal.quiet import Actor

#: For how many times the patience a place is watched whose texts seem to take turns, until all have come again.
_TURNS = 3


class Until(Protocol):
    """Waits until a condition over the flow holds; see `Playing.until`."""

    async def __call__(self, holds: Callable[[Flow], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Return whether it came to hold."""


async def told(until: Until, flow: Callable[[], Flow], patience: float) -> None:
    """Wait until the user is told: by a text in a place whose texts take turns, until it is seen to stay there."""
    watched = 0.0
    while await until(Flow.user_is_certainly_told, by="page") and watched < _TURNS * patience:
        doubt = telling_doubt(flow())
        if doubt is None:
            return
        seconds = min(doubt.seconds, patience)
        if not await until(partial(_has_moved, doubt), seconds - patience, by="page"):
            return
        watched += seconds


def _has_moved(before: Doubt, flow: Flow) -> bool:
    """Return whether what moved on the page, or seemed to, has moved again."""
    return telling_doubt(flow) != before
