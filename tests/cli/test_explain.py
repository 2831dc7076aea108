"""``oauth-window explain``: a finding in full, or all of them in the order of the flow."""

from __future__ import annotations

import json

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.mends import explanation_of, lines_of
from tests.commands import InProcess


def test_a_finding_is_explained_in_full_with_the_lines_before_and_after(in_process: InProcess) -> None:
    done = in_process("explain", "window-blocked")

    cause, explanation, lines = CAUSES["window-blocked"], explanation_of("window-blocked"), lines_of("window-blocked")
    assert lines is not None
    parts = ["error", cause.message, explanation.meaning, explanation.example]
    parts += ["Before", "After", cause.mend, cause.clause]
    places = [done.stdout.index(part) for part in parts]
    assert places == sorted(places)
    shown = [line.removeprefix("    ") for line in done.stdout.splitlines()]
    for line in (lines.before + "\n" + lines.after).splitlines():
        assert line in shown
    assert done.returncode == 0


def test_every_finding_can_be_explained_and_no_line_of_a_pipe_is_broken(in_process: InProcess) -> None:
    for code, cause in CAUSES.items():
        shown = in_process("explain", code).stdout
        explanation = explanation_of(code)
        assert {cause.message, cause.mend, explanation.meaning, *explanation.no_lines.splitlines()} <= set(
            shown.splitlines()
        )
        assert "\x1b" not in shown


def test_without_a_code_all_findings_are_listed_in_the_order_of_the_flow(in_process: InProcess) -> None:
    shown = in_process("explain").stdout
    rows = [line.split(maxsplit=2) for line in shown.splitlines() if line.partition(" ")[0] in CAUSES]
    assert rows == [[code, cause.severity, cause.message] for code, cause in CAUSES.items()]


def test_a_finding_is_explained_to_machines_with_the_same_lines_as_in_results_json(in_process: InProcess) -> None:
    for code in ("version-missing", "opener-detached"):
        explained = json.loads(in_process("explain", code, "--json").stdout)
        lines = lines_of(code)
        assert explained["code"] == code
        assert explained["lines"] == (lines and {"before": lines.before, "after": lines.after})
        assert {CAUSES[code].mend, CAUSES[code].clause, explanation_of(code).meaning} <= set(
            map(str, explained.values())
        )


def test_all_findings_are_listed_to_machines(in_process: InProcess) -> None:
    listed = json.loads(in_process("explain", "--json").stdout)
    assert [one["code"] for one in listed] == list(CAUSES)


def test_an_unknown_code_gets_the_nearest_ones_and_how_to_list_all(in_process: InProcess) -> None:
    done = in_process("explain", "window-blockd")
    assert done.returncode == 2
    assert "nearest: window-blocked," in done.stderr
    assert "`oauth-window explain` lists all" in done.stderr
    assert in_process("explain", "zzz").returncode == 2
