"""What plays at once share, and which of them are played again alone, so that no verdict depends on the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.journal.events import PageRequested
from oauth_window_harness.journal.page_events import RequestUnattributed
from oauth_window_harness.results.model import ScenarioResult

#: How many plays may be found doubtful, and which part of all, before plays are played one at a time.
_DOUBTS, _PART = 4, 0.25


@dataclass
class Sharing:
    """What is known of a server that all plays of a run share.

    Args:
        app: the address of the page under test.
        apart: whether each slot has a server of its own, so that nothing is shared.

    Attributes:
        keeps_state: whether the server may remember what another play has told it.
    """

    app: str
    apart: bool
    keeps_state: bool = False
    _plays: int = 0
    _doubts: int = 0
    _is_connected: bool = False
    _told_alone: set[str] = field(default_factory=set)

    def learn(self, flow: Flow, result: ScenarioResult, *, alone: bool) -> None:
        """Learn from a play what the server does; and, where it was played alone, what is told with certainty."""
        self._plays += 1
        self._is_connected |= any(found.code == "connected-beforehand" for found in result.findings)
        self.keeps_state |= any(request.sent_by == "server" for request in flow.requests) or any(
            asked.method not in ("GET", "HEAD") and urlsplit(asked.url).netloc == urlsplit(self.app).netloc
            for asked in flow.all_of(PageRequested)
        )
        if alone:
            self._told_alone |= {found.code for found in result.errors}

    def is_doubtful(self, flow: Flow, result: ScenarioResult) -> bool:
        """Return whether another play may have led to what is said of this one, which was played at the same time."""
        if self.apart:
            return False
        if flow.all_of(RequestUnattributed):
            self._doubts += 1
            return True
        told = {found.code for found in result.errors}
        return self.keeps_state and (result.verdict == "broken" or not told <= self._told_alone)

    @property
    def forbids_others(self) -> bool:
        """Whether plays disturb each other so much that they are to be played one at a time."""
        many = self._doubts > max(_DOUBTS, self._plays * _PART)
        return not self.apart and (many or (self._is_connected and self.keeps_state))
