"""``oauth-window scenarios``: what it prints of a bundled scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from oauth_window_harness.cli.scenarios import app
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.file import read_scenario


@pytest.mark.parametrize(
    ("name", "links"),
    [
        (
            "account-200",
            "control, window, start, return, event heard, event acted on, follow-up, told of success",
        ),
        ("window-blocked", "control, window, told of failure"),
    ],
)
def test_show_prints_the_file_and_the_links_that_the_scenario_leads_over(name: str, links: str, tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["show", name])
    assert shown.output == f"{catalog.source_text(name)}# leads over: {links}\n"
    copy = tmp_path / f"{name}.yaml"
    copy.write_text(shown.output)
    assert read_scenario(copy) == catalog.bundled_scenarios()[name]


def test_a_list_in_a_pipe_has_a_line_for_each_scenario_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = CliRunner().invoke(app, ["list"]).output.splitlines()[1:]
    scenarios = catalog.bundled_scenarios()
    assert [line.split()[0] for line in lines] == list(scenarios)
    assert all(line.rstrip().endswith(one.title) for line, one in zip(lines, scenarios.values(), strict=True))
