"""The differences between a contract fixture and an answer or event, field by field.

Only the contract is compared: which fields there are, of what type, and those values that are a part of it
(`contract.values`). An id, a name or an address is an example, and another one is not a difference. The items of
an array are compared together, under one path: a field exists if all of them have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from oauth_window_harness.contract.fixture import EventFixture, Exchange, ExchangeResponse, Provenance
from oauth_window_harness.contract.rules import fields_of
from oauth_window_harness.contract.shape import Shape, child_path, fold_indexes, shape_of
from oauth_window_harness.contract.values import FixtureKind, comparable_headers, contract_paths, same_value

Kind = Literal["removed", "added", "retyped", "changed", "status", "header"]
Severity = Literal["error", "warning", "info"]
Blame = Literal["service", "fixture"]

#: The severity of each kind. A page that reads a missing or retyped field breaks; one that compares a value may break.
SEVERITIES: Mapping[Kind, Severity] = {
    "removed": "error",
    "retyped": "error",
    "status": "error",
    "changed": "warning",
    "header": "warning",
    "added": "info",
}

#: Who has changed, by the grade of the fixture: what was documented or seen was true once, so the service no longer
#: keeps to it; what was assumed may never have been true. A fixture that is too old says nothing of today either.
BLAMES: Mapping[str, Blame] = {"documented": "service", "seen": "service", "assumed": "fixture"}


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        path: a JSON path into the body or the event's data, an array's items folded into ``[*]``; ``status``,
            ``headers.NAME``, ``origin`` or ``target_origin`` for what is beside it.
        expected: what the fixture has: a type's name, or for ``changed``, ``status`` and ``header`` a value; None if it
            has nothing there.
        seen: the same of the answer or event.
        blame: who has changed; see `BLAMES`.
    """

    path: str
    kind: Kind
    severity: Severity
    expected: Any
    seen: Any
    blame: Blame


@dataclass(frozen=True)
class Comparison:
    """The result of comparing one fixture.

    Attributes:
        unseen_items: the paths of arrays that were empty, so that their items could not be compared.
    """

    differences: tuple[Difference, ...] = ()
    unseen_items: tuple[str, ...] = ()


class NotComparedError(Exception):
    """There is nothing to compare a fixture with; the message says why."""


def compare_exchange(expected: Exchange, seen: ExchangeResponse, *, stale: bool = False) -> Comparison:
    """Compare a response with the one that a fixture holds.

    If the status differs, nothing else is compared: a rejected request has no success to compare.

    Args:
        expected: the fixture.
        seen: the response to the same request.
        stale: whether the fixture is older than the user allows.
    """
    walk = _Walk(
        "exchange", expected.provenance, expected.volatile, stale, rejected=seen.status >= HTTPStatus.BAD_REQUEST
    )
    was = expected.response
    if was.status != seen.status:
        walk.add("status", "status", was.status, seen.status)
        return walk.comparison()
    walk.headers(was.headers, seen.headers)
    if was.body is not None or was.text is not None:
        walk.shapes(_body(was), _body(seen), "$")
    return walk.comparison()


def compare_event(expected: EventFixture, seen: EventFixture, *, stale: bool = False) -> Comparison:
    """Compare an event with the one that a fixture holds; one that is a JSON string is parsed first."""
    walk = _Walk("event", expected.provenance, expected.volatile, stale)
    for path, was, now in (
        ("origin", expected.origin, seen.origin),
        ("target_origin", expected.target_origin, seen.target_origin),
    ):
        walk.values(path, [was], [now])
    if isinstance(expected.data, str) == isinstance(seen.data, str):
        walk.shapes(shape_of(_data(expected)), shape_of(_data(seen)), "$")
        return walk.comparison()
    walk.shapes(shape_of(expected.data), shape_of(seen.data), "$")
    walk.shapes(shape_of(fields_of(expected.data)), shape_of(fields_of(seen.data)), "$")
    return walk.comparison()


def blame(provenance: Provenance, *, stale: bool = False) -> Blame:
    """Return who has changed if a fixture and an answer differ; see `BLAMES`."""
    return "fixture" if stale else BLAMES[provenance.grade]


class _Walk:
    """One walk along two shapes, which collects their differences."""

    def __init__(
        self, kind: FixtureKind, provenance: Provenance, volatile: Sequence[str], stale: bool, *, rejected: bool = False
    ) -> None:
        self._values = contract_paths(kind, rejected=rejected)
        self._volatile = {fold_indexes(path) for path in volatile}
        self._blame = blame(provenance, stale=stale)
        self._differences: list[Difference] = []
        self._unseen_items: list[str] = []

    def comparison(self) -> Comparison:
        return Comparison(tuple(self._differences), tuple(self._unseen_items))

    def add(self, path: str, kind: Kind, expected: Any, seen: Any) -> None:
        # A field that is declared volatile is reported, and fails nothing.
        severity = "info" if path in self._volatile else SEVERITIES[kind]
        self._differences.append(Difference(path, kind, severity, expected, seen, self._blame))

    def shapes(self, expected: Shape, seen: Shape, path: str) -> None:
        if path in self._volatile:
            return
        if expected.types and seen.types - expected.types:
            self.add(path, "retyped", expected.name(), seen.name())
        elif path in self._values:
            self.values(path, expected.values, seen.values)
        if expected.objects and seen.objects:
            self._fields(expected, seen, path)
        if expected.items is not None and seen.items is not None and expected.items.count:
            if seen.items.count:
                self.shapes(expected.items, seen.items, f"{path}[*]")
            else:
                self._unseen_items.append(path)

    def _fields(self, expected: Shape, seen: Shape, path: str) -> None:
        for name, was in expected.fields.items():
            now = seen.fields.get(name)
            inner = child_path(path, name)
            if now is None:
                self.add(inner, "removed", was.name(), None)
                continue
            if was.count == expected.objects and now.count < seen.objects:
                self.add(inner, "removed", was.name(), f"absent from {seen.objects - now.count} of {seen.objects}")
            self.shapes(was, now, inner)
        for name, now in seen.fields.items():
            if name not in expected.fields:
                self.add(child_path(path, name), "added", None, now.name())

    def values(self, path: str, expected: Sequence[Any], seen: Sequence[Any]) -> None:
        if path in self._volatile or path not in self._values:
            return
        unknown = [now for now in seen if not any(same_value(was, now) for was in expected)]
        missing = [was for was in expected if not any(same_value(was, now) for now in seen)]
        if unknown or missing:
            self.add(path, "changed", _plain(expected), _plain(seen))

    def headers(self, expected: Mapping[str, str], seen: Mapping[str, str]) -> None:
        now = {name.lower(): value for name, value in seen.items()}
        for name, value in expected.items():
            path = f"headers.{name.lower()}"
            if path in self._volatile:
                continue
            if name.lower() not in now:
                self.add(path, "header", value, None)
                continue
            was, is_ = comparable_headers(name, value, now[name.lower()])
            if was != is_:
                self.add(path, "header", was, is_)


def _body(response: ExchangeResponse) -> Shape:
    return shape_of(response.body) if response.text is None else Shape.text()


def _data(event: EventFixture) -> Any:
    return (fields_of(event.data) or event.data) if isinstance(event.data, str) else event.data


def _plain(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def sentences(differences: Sequence[Difference], grade: str) -> Iterator[str]:
    """Yield a sentence for each difference, such as ``page is `a_b`, documented `a-b```.

    Args:
        differences: the differences of one fixture.
        grade: the fixture's grade, ``documented``, ``seen`` or ``assumed``.
    """
    for found in differences:
        name = found.path.removeprefix("$.") if found.path != "$" else "the whole"
        match found.kind:
            case "removed":
                gone = "is missing" if found.seen is None else f"is {found.seen}"
                yield f"{name} {gone}, {grade} as {found.expected}"
            case "added":
                yield f"{name} is there as {found.seen}, not {grade}"
            case "header" if found.seen is None:
                yield f"{name} is missing, {grade} `{found.expected}`"
            case _:
                yield f"{name} is `{found.seen}`, {grade} `{found.expected}`"
