"""What a request that no route answers was nearest to, and what differed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug import Request

from oauth_window_harness.contract import rules

#: A part of a route and the part of a path that stands in its place; None where there is none.
Pair = tuple[str | None, str | None]

#: How many expectations are told.
_TOLD = 2
#: What is longer than this is cut: it is no spelling of a route, and to compare it takes time.
_LONGEST = 16
_LONGEST_PART = 100
_FORGOTTEN = 0.5
#: The variable that takes no value but those of a table.
_PLATFORM = "<platform>"


@dataclass(frozen=True)
class Expectation:
    """What a route wants of a request.

    Attributes:
        path: with the names of its variables in angle brackets.
        headers: those that it must carry.
        query: the parameters that it must carry.
    """

    method: str
    path: str
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


def nearest(request: Request, expectations: Iterable[Expectation]) -> list[dict[str, Any]]:
    """Return the expectations that a request is nearest to, the nearest first, each with all that differs."""
    ordered = sorted(expectations, key=lambda expected: _distance(expected, request))
    return [
        {
            "method": expected.method,
            "path": expected.path,
            "differs": [
                {"in": part, "expected": wanted, "seen": seen} for part, wanted, seen in _differences(expected, request)
            ],
        }
        for expected in ordered[:_TOLD]
    ]


def _distance(expected: Expectation, request: Request) -> tuple[float, bool]:
    return _aligned(expected.path, request.path)[0], expected.method != request.method


def _differences(expected: Expectation, request: Request) -> Iterator[tuple[str, str | None, str | None]]:
    if expected.method != request.method:
        yield "method", expected.method, request.method
    for mine, yours in _aligned(expected.path, request.path)[1]:
        if _apart(mine, yours):
            yield "path", mine, yours
        elif mine == _PLATFORM and yours not in rules.PLATFORMS:
            yield "path", ", ".join(rules.PLATFORMS), yours
    for name in expected.headers:
        if not request.headers.get(name):
            yield "header", name, None
    for name in expected.query:
        if not request.args.get(name):
            yield "query", name, None


def _aligned(template: str, path: str) -> tuple[float, list[Pair]]:
    """Return how far a path is from a route, and the pairs of their parts that are least apart (an edit distance)."""
    ours, theirs = template.strip("/").split("/"), path.strip("/").split("/")[:_LONGEST]
    best: dict[tuple[int, int], tuple[float, list[Pair]]] = {(0, 0): (0, [])}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            steps = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
            ways = []
            for before in [step for step in steps if step in best and step != (i, j)]:
                mine = ours[i - 1] if before[0] < i else None
                yours = theirs[j - 1] if before[1] < j else None
                cost, pairs = best[before]
                ways.append((cost + _apart(mine, yours), [*pairs, (mine, yours)]))
            if ways:
                best[i, j] = min(ways, key=lambda way: way[0])
    return best[len(ours), len(theirs)]


def _apart(mine: str | None, yours: str | None) -> float:
    if mine is None or yours is None:
        # The id that a script did not have is forgotten sooner than a word of the path.
        return _FORGOTTEN if mine is not None and mine.startswith("<") else 1
    return (
        0
        if mine.startswith("<")
        else 1 - difflib.SequenceMatcher(None, mine, yours[:_LONGEST_PART], autojunk=False).ratio()
    )
