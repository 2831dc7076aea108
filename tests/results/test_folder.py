"""The report folder: nothing of an earlier run is taken for this one's, and nobody else's file is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.diagram import diagram
from oauth_window_harness.results.folder import ArtifactFolder


def play(folder: ArtifactFolder, scenario: str, *, works: bool) -> tuple[str, ...]:
    """Leave what a play leaves, with a camera that works or does not, and return the names of its pictures."""
    place = folder.folder(scenario, None)
    if works:
        place.picture.write_bytes(b"PNG")
    artifacts = place.artifacts()
    assert artifacts.diagram is not None
    folder.write(artifacts.diagram, diagram(Journal()))
    return artifacts.screenshots


def names(root: Path) -> list[str]:
    return sorted(file.relative_to(root).as_posix() for file in root.rglob("*"))


def test_an_old_picture_is_not_told_where_no_new_one_was_taken(tmp_path: Path) -> None:
    folder = ArtifactFolder(tmp_path)
    assert play(folder, "account-200", works=True) == ("scenarios/account-200/page.png",)
    assert play(folder, "account-200", works=False) == ()
    assert "scenarios/account-200/page.png" not in names(tmp_path)


def test_what_a_run_left_that_wrote_no_results_is_taken_away(tmp_path: Path) -> None:
    for scenario in ("account-200", "account-401"):
        play(ArtifactFolder(tmp_path), scenario, works=True)
    assert "scenarios/account-200" not in names(tmp_path)
    ArtifactFolder(tmp_path)
    assert names(tmp_path) == ["scenarios"]


@pytest.mark.parametrize("file", ["scenarios/mine.yaml", "scenarios/story/page.png", "scenarios/story/diagram.mmd"])
def test_what_is_somebody_else_s_stays(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("mine")
    play(ArtifactFolder(tmp_path), "account-200", works=True)
    ArtifactFolder(tmp_path)
    assert (tmp_path / file).read_text() == "mine"
