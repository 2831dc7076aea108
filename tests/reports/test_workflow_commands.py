"""GitHub's annotations: a workflow command for each thing to mend, which nothing of the page's can end or add to."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest

from oauth_window_harness.reports import workflow_commands
from oauth_window_harness.reports.place import Place
from oauth_window_harness.results.model import Results, ScenarioResult
from oauth_window_harness.results.run_error import ErrorResult
from oauth_window_harness.results.shards import Shard
from tests.reports import runs
from tests.reports.hostile import hostile_results
from tests.reports.runs import FIRST, play, resting, results_of


def written(results: Results) -> list[str]:
    stream = io.StringIO()
    workflow_commands.write_annotations(results, stream)
    return stream.getvalue().split("\n")[:-1]


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Return a command as GitHub's runner reads it: its name, its properties and its message."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, properties = head.partition(" ")
    pairs = dict(one.split("=", 1) for one in properties.split(","))
    return name, {key: decoded(value) for key, value in pairs.items()}, decoded(data)


def decoded(text: str) -> str:
    for escaped, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, character)
    return text


def heads(*plays: ScenarioResult) -> list[tuple[str, str]]:
    return [(name, properties["title"]) for name, properties, _ in map(read, written(results_of(plays)))]


@pytest.mark.parametrize("page", runs.BROKEN_PAGES)
def test_a_page_with_one_mistake_has_one_annotation(page: Callable[[], list[ScenarioResult]]) -> None:
    (line,) = written(results_of(page()))
    (code,) = {finding.code for result in page() for finding in result.findings}
    name, properties, message = read(line)
    assert (name, properties) == ("error", {"title": f"oauth-window: {code}"})
    assert message.splitlines()[1].startswith("seen: 0: what the page did")
    assert "\nmend: " in message
    assert "\nagain: oauth-window run" in message


def test_each_cause_has_one_by_its_severity_and_what_is_known_or_an_info_has_none() -> None:
    assert heads(
        play(FIRST, "silent-hang", "token-in-browser"),
        play("account-401", "silent-hang", "event-string-ignored"),
        play("account-403", "listener-threw", known=["listener-threw"]),
        resting("account-400", "silent-hang"),
    ) == [("error", "oauth-window: silent-hang"), ("warning", "oauth-window: token-in-browser")]


def test_a_right_page_has_none() -> None:
    assert heads(play(FIRST), play("account-401")) == []


def test_what_could_not_be_judged_is_told_once_for_each_reason() -> None:
    gone = [play(name, broken="the browser is gone") for name in (FIRST, "account-401")]
    (line,) = written(results_of(gone))
    assert read(line) == (
        "error",
        {"title": "oauth-window: could not be judged"},
        "account-200, account-401: the browser is gone",
    )


def test_the_error_that_ended_the_run_is_told() -> None:
    error = ErrorResult(kind="environment", what="the app does not answer", where="--app", seen="50%\n", todo="")
    (line,) = written(results_of([]).model_copy(update={"error": error}))
    assert read(line)[2] == "error: the app does not answer\nwhere: --app\nseen: 50%"


def test_a_shard_of_several_leaves_its_causes_to_the_merged_results() -> None:
    def of(count: int) -> Sequence[str]:
        shard = Shard(index=1, count=count, repeat=1, plan={FIRST: 1})
        return written(results_of([play(FIRST, "silent-hang")]).model_copy(update={"shard": shard}))

    assert of(2) == []
    assert len(of(1)) == 1


def test_the_runner_reads_back_what_the_page_did_and_no_command_of_the_page_s() -> None:
    lines = written(hostile_results())
    assert [read(line)[:2] for line in lines] == [
        ("error", {"title": "oauth-window: silent-hang"}),
        ("warning", {"title": "oauth-window: token-in-browser"}),
        ("error", {"title": "oauth-window: could not be judged"}),
    ]
    assert not any("##[" in line for line in lines)
    assert all(line.isprintable() for line in lines)
    message = read(lines[0])[2].splitlines()
    assert "seen: ::error title=forged::not ours ::add-mask::connected" in message
    assert "seen: 100%0A::stop-commands::x, ## [add-mask]connected" in message


def test_nothing_that_is_printed_for_people_is_a_command_either() -> None:
    results = hostile_results()
    lines = runs.printed(runs.events_of(results.scenarios)).splitlines()
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_a_cause_with_a_place_is_shown_at_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    results = results_of([play(FIRST, "silent-hang")])
    places = {Place("src/a,b:c%.js", 12): {}, Place("src/a,b:c%.js", 12, 5): {"col": "5"}}
    for place, more in places.items():
        monkeypatch.setattr(workflow_commands, "place_of", lambda _cause, place=place: place)
        (line,) = written(results)
        assert line.startswith("::error file=src/a%2Cb%3Ac%25.js,line=12,")
        assert read(line)[1] == {
            "file": "src/a,b:c%.js", "line": "12", **more, "title": "oauth-window: silent-hang",
        }  # fmt: skip
