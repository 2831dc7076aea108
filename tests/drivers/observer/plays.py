"""A play for tests of the observer, whose scenario is the plain flow."""

from __future__ import annotations

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import Redactor
from oauth_window_harness.resources import bundled
from oauth_window_harness.scenario import catalog


def a_play() -> Play:
    """Return a play of the plain flow."""
    scenario = catalog.bundled_scenarios()["account-200"]
    return Play(scenario, FixtureSet(bundled("contracts") / "facebook"), Journal(), Redactor())
