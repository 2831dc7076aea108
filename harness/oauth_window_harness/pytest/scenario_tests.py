"""The test that --oauth-window-scenarios runs, once for each scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.pytest.failures import in_four_parts
from oauth_window_harness.pytest.keys import SECTION

if TYPE_CHECKING:
    from oauth_window_harness.pytest.suite import Suite
    from oauth_window_harness.scenario.model import Scenario


def test_scenario(
    oauth_window_scenario: Scenario,
    oauth_window_engine: str,
    oauth_window_suite: Suite,
    oauth_window_app: str | None,
    request: pytest.FixtureRequest,
) -> None:
    """The page does what the scenario expects."""
    with in_four_parts():
        result, board = oauth_window_suite.play(oauth_window_scenario, oauth_window_app, oauth_window_engine)
    if result.verdict == "skipped":
        pytest.skip(result.reason or "")
    if result.verdict in ("failed", "broken"):
        request.node.add_report_section("call", SECTION, board)
        pytest.fail(result.first_broken_link or result.reason or result.verdict, pytrace=False)
