"""A cancel after which the finish page posts a close without an account, as the scenario of fixtures/cases names it."""

from __future__ import annotations

import json

from tests.cases import CASES
from tests.commands import Command


def test_what_a_scenario_posts_after_a_cancel_is_posted_and_connects_nothing(command: Command) -> None:
    done = command("run", "--driver", "mock", str(CASES / "cancel-posts.yaml"), "facebook-cancel")

    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    posted = {result["name"]: [event["data"] for event in result["events"]] for result in results["scenarios"]}
    assert posted["facebook-cancel"] == []
    (data,) = posted["cancel-posts"]
    assert data["actionType"] == "close"
    assert "accountId" not in data
    assert [one["endpoint"] for one in results["scenarios"][0]["requests"] if one["endpoint"] == "account"] == []
