"""What the plain flow shows of a page: at which link it stops, what rests on that, which form of the event it heeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oauth_window_harness.checks.event import SPELLINGS, heeded_form
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.progress import broken_at, cause_at
from oauth_window_harness.findings.finding import Finding, first_broken_link
from oauth_window_harness.results.model import RestsOn
from oauth_window_harness.scenario.links import Link, links_of
from oauth_window_harness.scenario.model import Scenario


@dataclass(frozen=True)
class FirstPlay:
    """What is known of a page from its first play; nothing, before that.

    Attributes:
        scenario: the name of the scenario that was played.
        link: the link that is broken for good, or None.
        code: what is broken there; None where the play could not be judged.
        skipped: why the first play was skipped, which holds for all that lead over the link, too.
    """

    scenario: str = ""
    link: Link | None = None
    code: str | None = None
    skipped: str | None = None

    @classmethod
    def of(cls, flow: Flow, findings: Sequence[Finding], skipped: str | None) -> FirstPlay:
        """Return what a play of the plain flow shows, with its findings, or why it was skipped."""
        link = broken_at(flow)
        cause = cause_at(link, findings)
        return cls(flow.scenario.name, link, cause.code if cause else None, skipped)

    def rest_of(self, scenario: Scenario) -> tuple[RestsOn, str] | None:
        """Return what a scenario rests on, and why it is not played; None if it can be."""
        if self.link is None or self.link not in links_of(scenario) or scenario.name == self.scenario:
            return None
        reason = f"rests on {self.code}, told of {self.scenario}"
        if self.code is None:
            reason = self.skipped or f"rests on {self.scenario}, which could not be judged at the link {self.link!r}"
        return RestsOn(code=self.code, scenario=self.scenario), reason


def other_form(flow: Flow, findings: Sequence[Finding]) -> str | None:
    """Return the event fixture whose form the page heeds, where all that it lacks is the form of this play's event."""
    first = first_broken_link(findings)
    return heeded_form(flow) if first is not None and first.code in SPELLINGS else None
