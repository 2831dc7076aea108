"""Merged results of runs in several engines: a play is its scenario's, its number's and its engine's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.divergence import across_engines
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.merge import MergedPlay, Run, check_alike, merge, plays_of
from oauth_window_harness.results.merged_files import check_names, with_files
from oauth_window_harness.results.model import BrowserResult, Results, ScenarioResult
from oauth_window_harness.run.shard import split
from tests.reports.runs import AGAIN, ALL, FIRST, play, plays_of_all, results_of

CHROMIUM, FIREFOX = (BrowserResult(name=name, version="1") for name in ("chromium", "firefox"))

#: What one engine shows and the other does not.
DIFFERENT = {"account-401": ["silent-hang"]}


def in_engines(
    plays: Sequence[ScenarioResult],
    browsers: Sequence[BrowserResult] = (CHROMIUM, FIREFOX),
    names: Sequence[str] = tuple(ALL),
) -> Results:
    """Return the results of a run of these plays in several engines, the last of which shows what is different."""
    parts = []
    for browser in browsers:
        own = plays if browser is CHROMIUM else [*map(_differently, plays)]
        played = [one.model_copy(update={"browser": browser.name}) for one in own if one.name in names]
        parts.append(results_of(played).model_copy(update={"browser": browser}))
    return across_engines(parts, AGAIN)


def _differently(one: ScenarioResult) -> ScenarioResult:
    return play(one.name, *DIFFERENT[one.name]) if one.name in DIFFERENT else one


def shards(count: int) -> list[Run]:
    plays = plays_of_all({})
    runs = []
    for index in range(1, count + 1):
        part = split(list(ALL.values()), index, count, durations={})
        results = in_engines(plays, names=[one.name for one in part.scenarios])
        runs.append(Run(Path(f"shard-{index}/results.json"), results.model_copy(update={"shard": part.shard})))
    return runs


def whole(results: Results, folder: str, **changes: Any) -> Run:
    return Run(Path(folder, "results.json"), results.model_copy(update=changes))


def merged(runs: Sequence[Run]) -> Results:
    check_alike(runs, __version__)
    return merge(runs, [one.result for one in plays_of(runs)], AGAIN, "oauth-window report merge")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_merged_shards_are_the_results_of_the_whole_run_in_all_engines(count: int) -> None:
    without = {"started_at", "duration_ms", "command", "merged", "shard"}
    expected = in_engines(plays_of_all({}))
    assert expected.divergences
    assert merged(shards(count)).model_dump(exclude=without) == expected.model_dump(exclude=without)


def test_plays_of_whole_runs_are_numbered_in_each_engine() -> None:
    results = in_engines([play(FIRST)])
    assert [one.key for one in merged([whole(results, "a"), whole(results, "b")]).scenarios] == [
        (FIRST, 1, "chromium"),
        (FIRST, 2, "chromium"),
        (FIRST, 1, "firefox"),
        (FIRST, 2, "firefox"),
    ]


def test_an_engine_is_absent_where_no_run_has_played_it() -> None:
    results = in_engines([play(FIRST)])
    runs = [whole(results, "a", absent_browsers=("webkit",)), whole(results, "b", absent_browsers=("webkit",))]
    assert merged(runs).absent_browsers == ("webkit",)


def test_a_run_that_was_cut_short_before_its_second_engine_is_merged() -> None:
    runs = [
        whole(in_engines([play(FIRST)]), "a"),
        whole(in_engines([play("account-401")], [CHROMIUM]), "b", interrupted=True),
    ]
    results = merged(runs)
    assert results.browsers == (CHROMIUM, FIREFOX)
    assert results.divergences == ()
    assert results.interrupted


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (whole(in_engines([play(FIRST)], [CHROMIUM, BrowserResult(name="webkit", version="1")]), "b"), "browsers"),
        (whole(in_engines([play(FIRST)], [CHROMIUM, BrowserResult(name="firefox", version="2")]), "b"), "browsers"),
        (whole(results_of([play(FIRST)]), "b", browser=CHROMIUM), "browsers"),
    ],
    ids=["other-engine", "other-version", "one-engine"],
)
def test_runs_in_different_engines_are_refused(other: Run, what: str) -> None:
    with pytest.raises(UsageError, match=f"different {what}") as raised:
        merged([whole(in_engines([play(FIRST)]), "a"), other])
    assert "a/results.json" in raised.value.where


def test_one_engine_and_the_rest_of_several_are_refused() -> None:
    """Of the run that was cut short nobody knows in which engines it was to play, but that it was in several."""
    short = whole(in_engines([play(FIRST)], [CHROMIUM]), "a", interrupted=True)
    with pytest.raises(UsageError, match="different numbers of browsers"):
        merged([short, whole(results_of([play(FIRST)]), "b", browser=CHROMIUM)])


def test_the_files_of_each_engine_have_a_folder_of_their_own(tmp_path: Path) -> None:
    folder = ArtifactFolder(tmp_path / "merged")
    copies = []
    for engine in ("chromium", "firefox"):
        file = tmp_path / f"a/scenarios/{FIRST}-{engine}/diagram.mmd"
        file.parent.mkdir(parents=True)
        file.write_text(engine)
        artifacts = Artifacts(diagram=f"scenarios/{FIRST}-{engine}/diagram.mmd")
        result = play(FIRST).model_copy(update={"browser": engine, "artifacts": artifacts})
        run = Run(tmp_path / "a/results.json", results_of([result]))
        copies.append(with_files(MergedPlay(run, result), folder).artifacts.diagram)
    assert [(tmp_path / "merged" / str(copy)).read_text() for copy in copies] == ["chromium", "firefox"]


@pytest.mark.parametrize("name", ["../../elsewhere", "", "/tmp/x", "a\nb"])
def test_a_name_that_no_engine_can_have_is_refused(name: str) -> None:
    results = results_of([play(FIRST).model_copy(update={"browser": name})])
    with pytest.raises(BadFileError) as raised:
        check_names(Run(Path("a/results.json"), results))
    assert raised.value.where == "a/results.json: scenarios.0.browser"
