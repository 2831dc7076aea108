"""What a source map says of a place in a script."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oauth_window_harness.run.code.source_map import Original, SourceMap

#: Lines 1 and 2 of the script are lines 1 and 2 of the source, line 3 is of nobody, and line 4 is line 4 again.
LINES = "AAAA;AACA;;AAEA"


def a_map(**fields: Any) -> dict[str, Any]:
    return {"version": 3, "sources": ["a.ts"], "names": [], "mappings": LINES, **fields}


def read(content: Any) -> SourceMap:
    return SourceMap(content if isinstance(content, bytes) else json.dumps(content).encode())


def test_a_line_of_the_script_leads_to_the_line_of_its_source() -> None:
    found = read(a_map(sourcesContent=["one\ntwo\nthree"])).original(2, 9)
    assert found == Original("a.ts", 2, 1, "one\ntwo\nthree", is_foreign=False)


@pytest.mark.parametrize(("line", "column"), [(3, 1), (9, 1), (10_000, 4)])
def test_what_a_bundler_added_leads_nowhere_and_not_to_the_line_before_it(line: int, column: int) -> None:
    assert read(a_map()).original(line, column) is None


def test_a_source_may_have_a_root_and_no_content() -> None:
    assert read(a_map(sourceRoot="/src")).original(1, 1) == Original("/src/a.ts", 1, 1, None, is_foreign=False)


def test_an_index_map_is_read_section_by_section() -> None:
    sections = [
        {"offset": {"line": 0, "column": 0}, "map": a_map()},
        {"offset": {"line": 10, "column": 0}, "map": a_map(sources=["b.ts"], sourcesContent=["b"], ignoreList=[0])},
    ]
    index = read({"version": 3, "sections": sections})
    assert index.original(2, 1) == Original("a.ts", 2, 1, None, is_foreign=False)
    assert index.original(11, 1) == Original("b.ts", 1, 1, "b", is_foreign=True)


@pytest.mark.parametrize("name", ["ignoreList", "x_google_ignoreList"])
def test_a_source_that_the_map_ignores_is_foreign(name: str) -> None:
    found = read(a_map(**{name: [0], "sourceRoot": "lib"})).original(1, 1)
    assert found is not None
    assert found.is_foreign


def test_the_guard_before_a_map_is_passed_over() -> None:
    assert read(b")]}'\n" + json.dumps(a_map()).encode()).original(1, 1) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html>",
        b"[]",
        b"\xff\xfe",
        a_map(mappings="!!"),
        a_map(sources=[]),
        {"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "url": "elsewhere.map"}]},
        b"[" * 100_000,
    ],
)
def test_what_is_no_map_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(content)


@pytest.mark.parametrize("content", [{"version": 3}, a_map(sources=[None]), a_map(ignoreList=[7])])
def test_a_map_with_odd_fields_accuses_no_file(content: Any) -> None:
    found = read(content).original(1, 1)
    assert found is None or not found.is_foreign
