"""The event by which it is known that nothing more can come, and who it is that a wait is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oauth_window_harness.journal.steps import Event

#: Who can make come what is waited for: the page by itself, the page or its server, or anyone: the user, an intruder.
Actor = Literal["page", "app", "anyone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuiet(Event):
    """The page has come to rest before the patience ended: nothing is outstanding by which it could do more by itself.

    No window is open beside it, no request is in progress, no timer is due within the patience, and it uses nothing
    that may bring something at any time.
    """
