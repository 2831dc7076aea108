"""`run --shard` and `report merge`: what several machines play is, merged, what one would have played."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command, InProcess

MOCK = ("run", "--driver", "mock")
FEW = ("account-200", "account-400", "account-401", "event-none", "window-closed-by-user")

#: What is another in every run: when something was, how long it took, and how the run was called.
TIMES = {"at_ms", "duration_ms", "started_at", "command", "again", "shard", "merged"}
#: The number of the play, of which its accounts are made; the page's port; what Facebook draws by lot, or has signed.
NUMBERS = re.compile(r"(?<=\b[0-9a-f]{20})[0-9a-f]{4}\b|(?<=127\.0\.0\.1:)\d+|(?<=\bcode=)[\w-]+|(?<=\bstate=)[\w.,-]+")
MOMENTS = re.compile(
    r'time="[^"]*"|timestamp="[^"]*"|[\d.]+ (?:ms|s)\b|[\d-]+ [\d:]+ UTC|<code[^>]*>oauth-window [^<]*|--output \S+'
    r"|, merged from[^<]*"
)


@pytest.fixture
def command(in_process: InProcess) -> InProcess:
    return in_process


@pytest.fixture
def deaf() -> Iterator[tuple[str, ...]]:
    """An app's backend that takes the event, asks the service nothing, and says that all is well."""
    with LoopbackServer(lambda _request: Response("{}", content_type="application/json")) as server:
        yield "--app", server.url_for("/"), "--deliver", server.url_for("/event"), "--patience", "0.3"


def results_in(command: InProcess, folder: str) -> dict[str, Any]:
    results: dict[str, Any] = json.loads((command.folder / folder / "results.json").read_text())
    return results


def plain(value: Any) -> Any:
    """Return a part of results.json without what is another in every run."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return NUMBERS.sub("0", value) if isinstance(value, str) else value


def play_shards(command: InProcess, *arguments: str, count: int = 3) -> list[int]:
    return [
        command(*MOCK, *arguments, "--shard", f"{number}/{count}", "--output", f"s{number}").returncode
        for number in range(1, count + 1)
    ]


def assert_same(command: InProcess, one: str, other: str) -> None:
    assert plain(results_in(command, one)) == plain(results_in(command, other))
    for name in ("index.html", "junit.xml"):
        texts = [(command.folder / folder / name).read_text(encoding="utf-8") for folder in (one, other)]
        first, second = (MOMENTS.sub("", NUMBERS.sub("0", text)).splitlines() for text in texts)
        assert first == second
    files = [
        sorted(file.relative_to(command.folder / folder) for file in (command.folder / folder).rglob("*.*"))
        for folder in (one, other)
    ]
    assert files[0] == files[1]


def test_all_scenarios_in_three_shards_are_merged_to_what_one_machine_plays(command: InProcess) -> None:
    assert command(*MOCK, "--output", "whole").returncode == 0
    assert play_shards(command) == [0, 0, 0]
    done = command("report", "merge", "s1", "s2/results.json", "s3", "--output", "merged")
    assert done.returncode == 0, done.stderr
    assert_same(command, "whole", "merged")


def test_a_page_with_a_mistake_has_the_same_causes_in_shards(command: InProcess, deaf: tuple[str, ...]) -> None:
    whole = command(*MOCK, *deaf, *FEW, "--output", "whole")
    assert whole.returncode == 1
    assert 1 in play_shards(command, *deaf, *FEW)
    done = command("report", "merge", "s1", "s2", "s3", "--output", "merged")
    assert done.returncode == 1
    assert_same(command, "whole", "merged")
    causes = results_in(command, "merged")["causes"]
    assert causes
    # What failed is found in the merged report, not in that of a shard.
    assert all("--output merged" in cause["again"] and "--shard" not in cause["again"] for cause in causes)
    assert "--output merged --last-failed" in done.stdout


def test_repeated_plays_stand_once_and_in_order(command: InProcess) -> None:
    play_shards(command, *FEW, "--repeat", "2", count=2)
    command("report", "merge", "s1", "s2", "--output", "merged")
    played = [(one["name"], one["repeat"]) for one in results_in(command, "merged")["scenarios"]]
    assert played == [(name, number) for name in FEW for number in (1, 2)]


def test_results_say_which_shard_they_are_and_the_whole_plan(command: InProcess) -> None:
    done = command(*MOCK, *FEW, "--shard", "2/2")
    assert "shard 2 of 2: 2 of 5 scenarios, and account-200, which every shard plays first" in done.stdout
    shard = results_in(command, "oauth-window-report")["shard"]
    assert (shard["index"], shard["count"], shard["repeat"]) == (2, 2, 1)
    assert list(shard["plan"]) == list(FEW)


def test_a_missing_shard_is_told_and_is_no_success(command: InProcess) -> None:
    play_shards(command, *FEW)
    done = command("report", "merge", "s1", "s3", "--output", "merged")
    assert done.returncode == 3
    assert "shards 1 and 3 of 3: shard 2 is missing" in done.stderr
    for name in ("index.html", "junit.xml", "results.json"):
        assert "shards 1 and 3 of 3: shard 2 is missing" in (command.folder / "merged" / name).read_text()


def test_a_shard_without_scenarios_holds_and_is_not_missing(command: InProcess) -> None:
    assert play_shards(command, "account-200", count=2) == [0, 0]
    assert command("report", "merge", "s1", "s2", "--output", "merged").returncode == 0
    assert [one["name"] for one in results_in(command, "merged")["scenarios"]] == ["account-200"]


@pytest.mark.parametrize("shard", ["3/2", "0/2", "a/b", "1/0", "1", "", "-1/2", "1/2/3", "1.0/2", "1/10000"])
def test_a_part_that_is_none_is_refused(command: InProcess, shard: str) -> None:
    done = command(*MOCK, f"--shard={shard}")
    assert done.returncode == 2
    assert "--shard" in done.stderr
    assert "such as 1/3, 2/3 or 3/3 of three" in done.stderr


def listed(command: InProcess, *arguments: str) -> list[str]:
    return command(*MOCK, *FEW, "--list", *arguments).stdout.split()


def take(command: InProcess, folder: str, **durations: int) -> None:
    """Write results in which scenarios take so long, in milliseconds."""
    file = command.folder / folder / "results.json"
    results = json.loads(file.read_text())
    for result in results["scenarios"]:
        result["duration_ms"] = durations.get(result["name"].replace("-", "_"), 100)
    file.write_text(json.dumps(results))


def test_the_durations_of_an_earlier_whole_run_balance_the_parts(command: InProcess) -> None:
    """They are those of the file that is named, else those of the report folder."""
    command(*MOCK, *FEW)
    take(command, "oauth-window-report", event_none=9000)
    alone = ["account-200", "event-none"]
    assert listed(command, "--shard", "1/2") == alone
    assert listed(command, "--shard", "1/2", "--output", "other") != alone
    for file in ("oauth-window-report", "oauth-window-report/results.json"):
        assert listed(command, "--shard", "1/2", "--output", "other", "--durations", file) == alone


def test_the_durations_of_one_shard_balance_nothing_unless_they_are_named(command: InProcess) -> None:
    """Each machine may keep the results of a part of its own: the parts would not be those of one run."""
    fresh = listed(command, "--shard", "1/2")
    command(*MOCK, *FEW, "--shard", "1/2")
    take(command, "oauth-window-report", account_200=9000)
    assert listed(command, "--shard", "1/2") == fresh
    assert listed(command, "--shard", "1/2", "--durations", "oauth-window-report") != []


def test_durations_that_are_none_are_refused(command: InProcess) -> None:
    (command.folder / "mine.json").write_text("{}")
    for file, said in (("none.json", "No such file"), ("mine.json", "the wrong shape")):
        done = command(*MOCK, "--shard", "1/2", "--durations", file)
        assert done.returncode == 2
        assert said in done.stderr
        assert file in done.stderr


def test_what_failed_in_a_shard_is_played_again_without_naming_the_shard(
    command: InProcess, deaf: tuple[str, ...]
) -> None:
    command(*MOCK, *deaf, *FEW, "--shard", "2/2")
    failed = {
        one["name"] for one in results_in(command, "oauth-window-report")["scenarios"] if one["verdict"] != "passed"
    }
    assert command(*MOCK, *deaf, "--last-failed").returncode == 1
    again = results_in(command, "oauth-window-report")
    assert {one["name"] for one in again["scenarios"]} <= failed
    assert again["shard"] is None
    command(*MOCK, *deaf, *FEW, "--shard", "2/2")
    done = command(*MOCK, *deaf, "--last-failed", "--shard", "2/2")
    assert done.returncode == 2
    assert "those of shard 2 of 2" in done.stderr


def test_what_failed_in_merged_results_can_be_split(command: InProcess, deaf: tuple[str, ...]) -> None:
    play_shards(command, *deaf, *FEW, count=2)
    command("report", "merge", "s1", "s2")
    before = (command.folder / "oauth-window-report/results.json").read_text()
    wanted = command(*MOCK, *deaf, "--last-failed", "--list").stdout.split()
    parts = [
        command(*MOCK, *deaf, "--last-failed", "--list", "--shard", part).stdout.split() for part in ("1/2", "2/2")
    ]
    assert sorted({name for part in parts for name in part}) == sorted(wanted)
    assert (command.folder / "oauth-window-report/results.json").read_text() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("", "Invalid JSON"),
        ("[]", "the wrong shape"),
        ('{"schema_version": 0}', "is of another version"),
        ('{"name": "a package", "version": "1"}', "the wrong shape"),
        ('{"app": "x", "driver": "y", "browser": null, "summary": {}, "scenarios": []}', "no program"),
        ("\udcff", "the wrong shape"),
    ],
    ids=["none", "empty", "list", "version", "package", "without-tool", "bytes"],
)
def test_what_is_no_results_json_is_refused_with_its_name(command: InProcess, content: str | None, said: str) -> None:
    command(*MOCK, "account-200", "--output", "s1")
    if content is not None:
        (command.folder / "mine.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    done = command("report", "merge", "s1", "mine.json", "--output", "merged")
    assert done.returncode == 2
    assert "mine.json" in done.stderr
    assert said in done.stderr
    assert not (command.folder / "merged").exists()


def test_a_folder_without_results_is_refused(command: InProcess) -> None:
    (command.folder / "empty").mkdir()
    done = command("report", "merge", "empty", "--output", "merged")
    assert done.returncode == 2
    assert "empty/results.json" in done.stderr


def test_the_same_results_twice_are_refused(command: InProcess) -> None:
    command(*MOCK, "account-200", "--output", "s1")
    done = command("report", "merge", "s1", "s1/results.json", "--output", "merged")
    assert done.returncode == 2
    assert "named twice" in done.stderr


def test_a_report_is_not_merged_into_itself(command: InProcess) -> None:
    command(*MOCK, "account-200", "--output", "s1")
    done = command("report", "merge", "s1", "--output", "s1")
    assert done.returncode == 2
    assert "--output s1" in done.stderr
    assert results_in(command, "s1")["scenarios"]


def test_results_of_another_app_are_merged_with_mixed_alone(command: InProcess) -> None:
    for folder in ("one", "two"):
        command(*MOCK, "account-200", "--output", folder)
    file = command.folder / "two/results.json"
    file.write_text(json.dumps({**results_in(command, "two"), "app": "http://localhost:1/"}))
    refused = command("report", "merge", "one", "two", "--output", "merged")
    assert refused.returncode == 2
    assert "reference, http://localhost:1/" in refused.stderr
    assert command("report", "merge", "one", "two", "--mixed", "--output", "merged").returncode == 0
    results = results_in(command, "merged")
    assert results["app"] == "reference, http://localhost:1/"
    assert [(one["name"], one["repeat"]) for one in results["scenarios"]] == [("account-200", 1), ("account-200", 2)]


@pytest.mark.parametrize("again", ["oauth-window run 'open", "rm -rf x", "oauth-window run \x1b[2J"])
def test_a_command_that_no_run_wrote_is_not_suggested(command: InProcess, again: str) -> None:
    command(*MOCK, "account-200", "--output", "s1")
    results = results_in(command, "s1")
    scenarios = [{**one, "verdict": "broken", "reason": "who knows"} for one in results["scenarios"]]
    changed = {**results, "again": again, "summary": {"broken": 1}, "scenarios": scenarios}
    (command.folder / "s1/results.json").write_text(json.dumps(changed))
    done = command("report", "merge", "s1", "--output", "merged")
    assert done.returncode == 3
    assert "again: oauth-window run --output merged account-200" in done.stdout


@pytest.mark.browser
def test_a_page_that_never_listens_has_the_same_results_in_shards(command: InProcess) -> None:
    """In each shard the plain flow shows it, and the others of that shard rest on it."""
    start = "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/start?locationId=l&userId=u"
    page = f"<button id=go>Connect Facebook</button><script>go.onclick = () => open('{start}')</script>"
    with LoopbackServer(lambda _request: Response(page, content_type="text/html")) as server:
        run = ("run", *FEW, "--app", server.url_for("/"), "--connect", "#go", "--patience", "1")
        assert command(*run, "--output", "whole").returncode == 1
        for number in ("1", "2"):
            assert command(*run, "--shard", f"{number}/2", "--output", f"s{number}").returncode == 1
    assert command("report", "merge", "s1", "s2", "--output", "merged").returncode == 1
    whole, merged = (results_in(command, folder) for folder in ("whole", "merged"))
    assert [(one["name"], one["verdict"], one["rests_on"]) for one in merged["scenarios"]] == [
        (one["name"], one["verdict"], one["rests_on"]) for one in whole["scenarios"]
    ]
    causes = [(one["code"], one["scenarios"], one["rest_on_it"]) for one in merged["causes"]]
    assert causes == [(one["code"], one["scenarios"], one["rest_on_it"]) for one in whole["causes"]]
    assert causes[0][0] == "listener-missing"
    assert {one["scenario"] for result in merged["scenarios"] if (one := result["rests_on"])} == {"account-200"}
    for picture in (shot for result in merged["scenarios"] for shot in result["artifacts"]["screenshots"]):
        assert (command.folder / "merged" / picture).read_bytes().startswith(b"\x89PNG")


def test_a_known_finding_fails_no_shard(command: InProcess, deaf: tuple[str, ...]) -> None:
    command(*MOCK, *deaf, *FEW, "--baseline", "known.json", "--write-baseline")
    assert play_shards(command, *deaf, *FEW, "--baseline", "known.json") == [0, 0, 0]
    done = command("report", "merge", "s1", "s2", "s3", "--output", "merged")
    assert done.returncode == 0
    results = results_in(command, "merged")
    assert [cause["known"] for cause in results["causes"] if cause["severity"] == "error"] == [True]
    assert results["stale"] == []


def test_an_interrupted_shard_is_told(process: Command) -> None:
    """Its results so far are merged, and the report says that they are not all."""
    for number in ("1", "2"):
        process(*MOCK, *FEW, "--shard", f"{number}/2", "--output", f"s{number}")
    file = process.folder / "s2/results.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "interrupted": True}))
    done = process("report", "merge", "s1", "s2", "--output", "merged")
    assert done.returncode == 3
    assert "shards 1 and 2 of 2: shard 2 was interrupted" in done.stderr
