"""What plays at once share, and which of them are played again alone, so that no verdict depends on the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_window_harness.results.model import ScenarioResult

#: How many plays may be found doubtful, and which part of all, before plays are played one at a time.
_DOUBTS, _PART = 4, 0.25


@dataclass
class Sharing:
    """What is known of the servers that all plays of a run share.

    Args:
        apart: whether each slot has a server of its own, so that nothing is shared.
    """

    apart: bool
    _plays: int = 0
    _doubts: int = 0
    _is_connected: bool = False
    _told_alone: set[str] = field(default_factory=set)

    def learn(self, result: ScenarioResult, *, alone: bool) -> None:
        """Learn from a play whether a server remembers others, and, if played alone, what is told for certain."""
        self._plays += 1
        self._is_connected |= any(found.code == "connected-beforehand" for found in result.findings)
        if alone:
            self._told_alone |= {found.code for found in result.errors}

    def is_doubtful(self, result: ScenarioResult, *, has_others: bool) -> bool:
        """Return whether another play may have led to what is said of this one, which was played at the same time.

        What a server keeps cannot be seen from here: so an error is told only if a play alone has shown it, too.

        Args:
            result: what is said of the play.
            has_others: whether a request came in it that may be another play's.
        """
        if self.apart:
            return False
        if has_others:
            self._doubts += 1
            return True
        codes = {found.code for found in result.errors}
        return result.verdict == "broken" or not codes <= self._told_alone

    @property
    def forbids_others(self) -> bool:
        """Whether plays disturb each other so much that they are to be played one at a time."""
        many = self._doubts > max(_DOUBTS, self._plays * _PART)
        return not self.apart and (many or self._is_connected)
