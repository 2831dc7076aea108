"""What was done to some lines is done to others with other names, and to nothing else."""

from __future__ import annotations

import pytest

from tests.patches import patched

BEFORE = "if (event.origin !== SERVICE || !isEvent(event.data)) return;"
AFTER = "if (event.origin !== SERVICE || event.source !== popup || !isEvent(event.data)) return;"


def test_a_change_is_made_in_lines_with_other_names() -> None:
    code = "let popup;\n  if (e.origin!==this.host || !isOurs(e.data)) return null;"
    mended = "let popup;\n  if (e.origin!==this.host || e.source !== popup || !isOurs(e.data)) return null;"
    assert patched(code, BEFORE, AFTER) == mended


def test_quotation_marks_do_not_matter() -> None:
    code = "xhr.headers = { version: '2021-07-29', Accept: '*/*' };"
    before, after = ('{ version: "2021-07-29", Accept: type }', '{ version: "2021-07-28", Accept: type }')
    assert patched(code, before, after).replace('"', "'") == code.replace("29", "28")


@pytest.mark.parametrize(
    "code",
    [
        "let popup; if (isOurs(e)) follow(e.data);",
        f"let popup; {BEFORE} {BEFORE}",
        BEFORE,
    ],
    ids=["no place", "two places", "a variable is missing"],
)
def test_code_in_which_a_change_has_no_place_stays_as_it_is(code: str) -> None:
    assert patched(code, BEFORE, AFTER) == code


def test_lines_whose_changes_are_no_whole_statements_change_nothing() -> None:
    code = "const answer = await fetch(url);\nshow(answer.status);"
    assert patched(code, code, f"try {{\n{code}\n}} catch {{ show(0); }}") == code
