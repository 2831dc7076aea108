"""The report folder: nothing of an earlier run is taken for this one's, and nobody else's file is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.errors import UsageError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.reports.html import html_report
from oauth_window_harness.reports.json import json_report
from oauth_window_harness.reports.junit import junit_report
from oauth_window_harness.results.diagram import diagram
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results, Summary
from oauth_window_harness.results.ownership import MARKER


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
    """Also the picture of a play that was killed before its diagram was written."""
    for scenario in ("account-200", "account-401"):
        play(ArtifactFolder(tmp_path), scenario, works=True)
    assert "scenarios/account-200" not in names(tmp_path)
    (tmp_path / "scenarios/account-401/diagram.mmd").unlink()
    (tmp_path / "app.log").write_text("listening")
    ArtifactFolder(tmp_path)
    assert names(tmp_path) == [MARKER, "scenarios"]


def report(folder: ArtifactFolder) -> None:
    """Leave what a run leaves."""
    results = Results(app="reference", driver="mock", browser=None, summary=Summary(), scenarios=())
    for listener in (json_report(folder), junit_report(folder), html_report(folder)):
        listener(RunEnded(results, ()))


@pytest.mark.parametrize("lost", [(), ("results.json",), (MARKER,), (MARKER, "results.json"), (MARKER, "index.html")])
def test_an_earlier_report_is_replaced_as_a_whole(tmp_path: Path, lost: tuple[str, ...]) -> None:
    """Each report is known by itself: an older version left no marker, a run that was killed no results."""
    report(ArtifactFolder(tmp_path))
    assert {"index.html", "results.json", "junit.xml"} < set(names(tmp_path))
    for name in lost:
        (tmp_path / name).unlink()
    (tmp_path / ".gitignore").write_text("*")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    ArtifactFolder(tmp_path)
    assert names(tmp_path) == [".DS_Store", ".gitignore", MARKER, "scenarios"]


def test_the_page_of_an_older_version_is_known_by_the_results_beside_it(tmp_path: Path) -> None:
    report(ArtifactFolder(tmp_path))
    (tmp_path / MARKER).unlink()
    (tmp_path / "index.html").write_text("<title>oauth-window: reference</title>")
    ArtifactFolder(tmp_path)
    assert names(tmp_path) == [MARKER, "scenarios"]


@pytest.mark.parametrize("is_report", [True, False])
@pytest.mark.parametrize(
    "file",
    [
        "notes.txt",
        "src/page.js",
        "scenarios/mine.yaml",
        "scenarios/story/notes.txt",
        "scenarios/story/mine.png",
        "scenarios/story/mine.zip",
        "scenarios/story/diagram.mmd",
        "scenarios/story/deeper/page.png",
    ],
)
def test_a_folder_with_a_file_of_somebody_else_s_is_refused_and_stays_as_it_is(
    tmp_path: Path, file: str, is_report: bool
) -> None:
    if is_report:
        report(ArtifactFolder(tmp_path))
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("mine")
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    with pytest.raises(UsageError) as raised:
        ArtifactFolder(tmp_path)
    assert file.removesuffix("page.js").removesuffix("/page.png") in raised.value.seen
    assert raised.value.where == f"--output {tmp_path}"
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)} == before


@pytest.mark.parametrize("name", ["index.html", "results.json", "junit.xml", "app.log", "scenarios", "page.png"])
def test_a_name_alone_makes_nothing_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"tool": {"name": "another"}}')
    with pytest.raises(UsageError, match=name):
        ArtifactFolder(tmp_path)
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("content", ["[1", '{"schema_version":0,"scenarios":[]}', ""])
def test_results_that_cannot_be_read_are_ours_in_a_folder_that_we_marked(tmp_path: Path, content: str) -> None:
    report(ArtifactFolder(tmp_path))
    (tmp_path / "results.json").write_text(content)
    ArtifactFolder(tmp_path)
    assert names(tmp_path) == [MARKER, "scenarios"]


def test_what_else_has_the_name_of_a_report_is_not_ours_by_the_mark_alone(tmp_path: Path) -> None:
    ArtifactFolder(tmp_path)
    (tmp_path / "junit.xml").write_text("<testsuite name='mine'/>")
    with pytest.raises(UsageError, match=r"junit\.xml"):
        ArtifactFolder(tmp_path)


def test_a_picture_that_no_play_left_is_somebody_else_s(tmp_path: Path) -> None:
    (tmp_path / "scenarios/story").mkdir(parents=True)
    (tmp_path / "scenarios/story/page.png").write_text("mine")
    with pytest.raises(UsageError, match=r"scenarios/story/page\.png"):
        ArtifactFolder(tmp_path)


def test_only_the_first_files_that_are_in_the_way_are_named(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match="a, b, c and 2 more"):
        ArtifactFolder(tmp_path)


def test_a_report_within_a_report_is_left_alone(tmp_path: Path) -> None:
    """So leave the workers of pytest-xdist a folder each."""
    report(ArtifactFolder(tmp_path / "gw0"))
    ArtifactFolder(tmp_path)
    assert "gw0/results.json" in names(tmp_path)
