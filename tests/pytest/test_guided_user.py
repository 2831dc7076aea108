"""The user who leaves steps to a test, with windows in which nothing happens but what the journal is given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.immediate import at_once
from oauth_window_harness.pytest.guided_user import GuidedUser
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Step
from oauth_window_harness.stub.world import World
from tests.fake_driver import FakeStage
from tests.journals import request


@dataclass
class _Windows(FakeStage):
    """Windows that keep the steps that the user takes in them."""

    steps: list[Step] = field(default_factory=list)

    async def take(self, step: Step) -> None:
        self.steps.append(step)

    async def expect_click(self) -> None:
        pass


@pytest.mark.parametrize(
    ("scenario", "requests", "steps"),
    [
        ("account-200", [], ["approve"]),
        ("account-200", [("consent", "GET")], ["approve"]),
        ("account-200", [("consent", "POST")], []),
        ("facebook-cancel", [], ["cancel"]),
        ("facebook-cancel", [("consent", "POST")], []),
        ("facebook-login-first", [("login", "POST")], ["approve"]),
        ("window-closed-by-user", [], ["close"]),
        ("window-double-click", [], ["click", "approve"]),
    ],
)
def test_the_first_click_is_the_test_s_and_so_are_steps_whose_request_was_made(
    scenario: str, requests: list[tuple[str, str]], steps: list[Step]
) -> None:
    (chosen,) = catalog.select([scenario])
    play = World([chosen]).begin(chosen)
    windows = _Windows(play, ())
    stage: Any = windows  # as far as a guided user needs the windows of a context
    user = GuidedUser(stage, play, Target("", "button", None, None, 0.1))
    at_once(user.begin())
    for endpoint, method in requests:
        play.journal.add(replace(request(play.clock.now(), endpoint), method=method))
    at_once(user.take_steps())
    assert windows.steps == steps
