"""The pages of the causes: each has its lines before and after, or a reason for having none."""

from __future__ import annotations

import pytest

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.mends import explanation_of, lines_of
from tests.paths import PACKAGE

#: The longest line, in characters, and the most lines: what a report and a terminal show without scrolling.
WIDEST, MOST = 100, 12


def test_every_cause_has_a_page_and_every_page_a_cause() -> None:
    pages = {file.stem: file for file in (PACKAGE / "findings" / "mends").glob("*.md")}
    assert set(pages) == set(CAUSES)
    titles = {code: file.read_text(encoding="utf-8").partition("\n")[0] for code, file in pages.items()}
    assert titles == {code: f"# {code}" for code in pages}


@pytest.mark.parametrize("code", CAUSES)
def test_a_cause_says_what_it_means_and_has_lines_or_a_reason_for_having_none(code: str) -> None:
    explanation = explanation_of(code)
    assert explanation.meaning
    assert bool(explanation.lines) != bool(explanation.no_lines)


@pytest.mark.parametrize("code", [code for code in CAUSES if lines_of(code)])
def test_the_lines_differ_and_can_be_read_at_a_glance(code: str) -> None:
    lines = lines_of(code)
    assert lines is not None
    assert lines.before != lines.after
    for text in (lines.before, lines.after):
        assert 1 <= len(text.splitlines()) <= MOST
        assert max(map(len, text.splitlines())) <= WIDEST
        assert text == text.strip("\n")
