"""Small pages from the field, on which the harness was wrong once: what it says of each is true."""

from __future__ import annotations

import pytest

from oauth_window_harness.findings.causes import CAUSES
from tests import cases
from tests.commands import Command

pytestmark = pytest.mark.browser

#: What a verdict of the table allows: a page that may be out of a browser's reach is played, or the reason is told.
ALLOWED = {
    "passed-or-broken": ("passed", "broken"),
    "passed-or-skipped": ("passed", "skipped"),
}


#: What is only information may be told beside what the table has.
INFOS = {code for code, cause in CAUSES.items() if cause.severity == "info"}


@pytest.mark.parametrize("name", cases.truths())
def test_what_is_said_of_a_case_is_true(command: Command, name: str) -> None:
    lacking = cases.missing(name)
    if lacking:
        pytest.skip(f"needs {lacking}; ci/test sets it up where npm is there")
    truth = cases.truths()[name]

    done, results = cases.play(command, name)

    said = done.stdout + done.stderr
    plays = {result["name"]: cases.judged(result) for result in results["scenarios"]}
    for scenario, wanted in truth.plays.items():
        if wanted == "nothing":
            assert scenario not in plays, said
        elif isinstance(wanted, str):
            verdict, *codes = plays[scenario]
            assert verdict in ALLOWED.get(wanted, (wanted,)), said
            assert [code for code in codes if CAUSES[code].severity != "info"] == [], said
        else:
            assert [one for one in plays[scenario] if one in wanted or one not in INFOS] == list(wanted), said
    assert [text for text in truth.says if text not in said] == []
    if truth.exit is not None:
        assert done.returncode == truth.exit, said
