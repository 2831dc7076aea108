"""The routes that a request without a route nearly matches, and what differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug import Request

from oauth_window_harness.contract import rules

#: A part of a route and the part of a path that stands in its place; None where one of them has no such part.
Pair = tuple[str | None, str | None]

#: The most expectations that are reported.
_MAX_MISSES = 2
#: Longer paths and parts are cut: they are no misspelling of a route, and comparing them takes time.
_MAX_PARTS = 16
_MAX_PART_LENGTH = 100
_OMITTED_ID_COST = 0.5
#: The one variable whose values are listed in a table.
_PLATFORM = "<platform>"


@dataclass(frozen=True)
class Expectation:
    """What a route requires of a request.

    Attributes:
        path: the path, with the names of its variables in angle brackets.
        headers: the names of the headers that it must carry.
        query: the names of the query parameters that it must carry.
    """

    method: str
    path: str
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


def near_misses(request: Request, expectations: Iterable[Expectation]) -> list[dict[str, Any]]:
    """Return the expectations that a request comes nearest to, the nearest first, each with all that differs."""
    ordered = sorted(expectations, key=lambda expectation: distance(expectation, request))
    return [
        {
            "method": expectation.method,
            "path": expectation.path,
            "differs": [
                {"in": part, "expected": needed, "seen": seen}
                for part, needed, seen in _differences(expectation, request)
            ],
        }
        for expectation in ordered[:_MAX_MISSES]
    ]


def distance(expectation: Expectation, request: Request) -> tuple[float, bool]:
    """Return how far a request is from a route: in parts of the path, and then by its method."""
    return _alignment(expectation.path, request.path)[0], expectation.method != request.method


def _differences(expectation: Expectation, request: Request) -> Iterator[tuple[str, str | None, str | None]]:
    if expectation.method != request.method:
        yield "method", expectation.method, request.method
    for expected, actual in _alignment(expectation.path, request.path)[1]:
        if _part_distance(expected, actual):
            yield "path", expected, actual
        elif expected == _PLATFORM and actual not in rules.PLATFORMS:
            yield "path", ", ".join(rules.PLATFORMS), actual
    for name in expectation.headers:
        if not request.headers.get(name):
            yield "header", name, None
    for name in expectation.query:
        if not request.args.get(name):
            yield "query", name, None


def _alignment(template: str, path: str) -> tuple[float, list[Pair]]:
    """Return the edit distance between a route and a path, and the pairs of their parts that give it."""
    expected_parts, actual_parts = template.strip("/").split("/"), path.strip("/").split("/")[:_MAX_PARTS]
    best: dict[tuple[int, int], tuple[float, list[Pair]]] = {(0, 0): (0, [])}
    for i in range(len(expected_parts) + 1):
        for j in range(len(actual_parts) + 1):
            steps = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
            ways = []
            for before in [step for step in steps if step in best and step != (i, j)]:
                expected = expected_parts[i - 1] if before[0] < i else None
                actual = actual_parts[j - 1] if before[1] < j else None
                cost, pairs = best[before]
                ways.append((cost + _part_distance(expected, actual), [*pairs, (expected, actual)]))
            if ways:
                best[i, j] = min(ways, key=lambda way: way[0])
    return best[len(expected_parts), len(actual_parts)]


def _part_distance(expected: str | None, actual: str | None) -> float:
    if expected is None or actual is None:
        # A script leaves out an id that it does not have sooner than a word of the path.
        return _OMITTED_ID_COST if expected is not None and expected.startswith("<") else 1
    return (
        0
        if expected.startswith("<")
        else 1 - difflib.SequenceMatcher(None, expected, actual[:_MAX_PART_LENGTH], autojunk=False).ratio()
    )
