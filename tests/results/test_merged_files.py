"""The files of merged plays: copied beside the merged report, and no file but a report's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.diagram import diagram, steps
from oauth_window_harness.results.diagram_text import read_steps
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.merge import MergedPlay, Run
from oauth_window_harness.results.merged_files import check_names, with_files
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.results.shards import Shard
from tests import journals
from tests.reports.runs import FIRST, play, results_of


def files_of(result: ScenarioResult, artifacts: Artifacts, report: Path, goal: Path) -> Artifacts:
    """Return what the files of a play in a report are called in the merged one."""
    result = result.model_copy(update={"artifacts": artifacts})
    run = Run(report / "results.json", results_of([result]))
    return with_files(MergedPlay(run, result), ArtifactFolder(goal)).artifacts


def test_the_files_of_a_play_are_copied_under_the_number_that_it_has_now(tmp_path: Path) -> None:
    folder = tmp_path / "a/scenarios/account-200"
    folder.mkdir(parents=True)
    for name in ("page.png", "diagram.mmd", "trace.zip"):
        (folder / name).write_text(name)
    names = [f"scenarios/account-200/{name}" for name in ("trace.zip", "page.png", "diagram.mmd")]
    artifacts = Artifacts(trace=names[0], screenshots=(names[1],), diagram=names[2])
    copies = files_of(play(FIRST, repeat=2), artifacts, tmp_path / "a", tmp_path / "merged")
    assert copies == Artifacts(
        trace="scenarios/account-200-2/trace.zip",
        screenshots=("scenarios/account-200-2/page.png",),
        diagram="scenarios/account-200-2/diagram.mmd",
    )
    assert (tmp_path / "merged/scenarios/account-200-2/page.png").read_text() == "page.png"


def test_what_is_not_there_is_not_named(tmp_path: Path) -> None:
    artifacts = Artifacts(screenshots=("scenarios/account-200/page.png",), diagram="scenarios/account-200/diagram.mmd")
    assert files_of(play(FIRST), artifacts, tmp_path / "a", tmp_path / "merged") == Artifacts()


@pytest.mark.parametrize("name", ["../mine.png", "scenarios/../../mine.png", "scenarios/link.png", "secret.txt", "{}"])
def test_no_file_but_a_report_s_own_is_copied(tmp_path: Path, name: str) -> None:
    (tmp_path / "a/scenarios").mkdir(parents=True)
    for file in ("mine.png", "a/secret.txt"):
        (tmp_path / file).write_text("mine")
    (tmp_path / "a/scenarios/link.png").symlink_to(tmp_path / "mine.png")
    artifacts = Artifacts(trace=name.format(tmp_path / "mine.png"))
    assert files_of(play(FIRST), artifacts, tmp_path / "a", tmp_path / "merged").trace is None


@pytest.mark.parametrize("name", ["../../elsewhere", "", "/tmp/x", "a\nb"])
def test_a_name_that_no_scenario_can_have_is_refused(name: str) -> None:
    results = results_of([play(FIRST), play("account-401").model_copy(update={"name": name})])
    with pytest.raises(BadFileError) as raised:
        check_names(Run(Path("a/results.json"), results))
    assert raised.value.where == "a/results.json: scenarios.1.name"


def test_a_plan_with_a_name_that_no_scenario_can_have_is_refused() -> None:
    shard = Shard(index=1, count=2, repeat=1, plan={FIRST: 1, "\x1b[2J": 2})
    results = results_of([play(FIRST)]).model_copy(update={"shard": shard})
    with pytest.raises(BadFileError) as raised:
        check_names(Run(Path("a/results.json"), results))
    assert raised.value.where == "a/results.json: shard.plan.1"
    assert raised.value.seen.isprintable()


def test_the_sequence_of_a_play_is_read_back_from_its_diagram(tmp_path: Path) -> None:
    journal = Journal()
    for event in (journals.clicks(1), journals.calls_open(2), journals.closes(3), journals.shows(4, "connected")):
        journal.add(event)
    file = tmp_path / "diagram.mmd"
    file.write_text(diagram(journal), encoding="utf-8")
    assert steps(journal)
    assert read_steps(file) == steps(journal)


@pytest.mark.parametrize("content", [b"", b"\xff", b"graph TD", b"sequenceDiagram\n    nobody->>page: x\n"])
def test_a_file_that_is_no_diagram_has_no_steps(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "diagram.mmd"
    file.write_bytes(content)
    assert read_steps(file) == []
    assert read_steps(tmp_path / "none.mmd") == []
