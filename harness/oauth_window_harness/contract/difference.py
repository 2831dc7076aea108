"""What differs between a contract fixture and what was seen, field by field.

Only the contract is compared: which fields there are, of what type, and those values that are a part of it
(`contract.values`). An id, a name or an address is an example, and another one is no difference. The items of
an array are compared together, under one path: a field is there if all of them have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from oauth_window_harness.contract.fixture import EventFixture, Exchange, ExchangeResponse, Provenance
from oauth_window_harness.contract.rules import fields_of
from oauth_window_harness.contract.shape import Shape, child, folded, shape_of
from oauth_window_harness.contract.values import FixtureKind, contract_of_headers, contract_paths, same_value

Kind = Literal["removed", "added", "retyped", "changed", "status", "header"]
Severity = Literal["error", "warning", "info"]
Blame = Literal["service", "fixture"]

#: How bad each kind is. A page that reads what is gone or of another type breaks; one that compares a value may.
SEVERITIES: Mapping[Kind, Severity] = {
    "removed": "error",
    "retyped": "error",
    "status": "error",
    "changed": "warning",
    "header": "warning",
    "added": "info",
}

#: Who has moved, by how much was known of the fixture: what was documented or seen held once, so that the service no
#: longer keeps to it; what was assumed never held for sure. A fixture beyond its age says nothing of today either.
BLAMES: Mapping[str, Blame] = {"documented": "service", "seen": "service", "assumed": "fixture"}


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        path: a JSON path into the body or the event's data, an array's items folded into ``[*]``; ``status``,
            ``headers.NAME``, ``origin`` or ``target_origin`` for what stands beside it.
        expected: what the fixture has: a type's name, or for ``changed``, ``status`` and ``header`` a value; None for
            what it has not.
        seen: the same of what was seen.
    """

    path: str
    kind: Kind
    severity: Severity
    expected: Any
    seen: Any
    blame: Blame


@dataclass(frozen=True)
class Comparison:
    """What came of comparing one fixture.

    Attributes:
        untold: the paths of arrays that were empty, so that nothing was seen of their items.
    """

    differences: tuple[Difference, ...] = ()
    untold: tuple[str, ...] = ()


class NotComparedError(Exception):
    """There is nothing to compare a fixture with; the text says why."""


def compare_exchange(expected: Exchange, seen: ExchangeResponse, *, stale: bool = False) -> Comparison:
    """Compare a response with the one that a fixture holds.

    Where the status is another, nothing else is compared: a rejected request has no success to be judged.

    Args:
        expected: the fixture.
        seen: what was answered to the same request.
        stale: whether the fixture is older than the user lets it be.
    """
    walk = _Walk(
        "exchange", expected.provenance, expected.volatile, stale, rejected=seen.status >= HTTPStatus.BAD_REQUEST
    )
    was = expected.response
    if was.status != seen.status:
        walk.tell("status", "status", was.status, seen.status)
        return walk.comparison()
    walk.headers(was.headers, seen.headers)
    if was.body is not None or was.text is not None:
        walk.shapes(_body(was), _body(seen), "$")
    return walk.comparison()


def compare_event(expected: EventFixture, seen: EventFixture, *, stale: bool = False) -> Comparison:
    """Compare a message with the one that a fixture holds; an event that is a JSON string is read as well."""
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
    """Return who has moved where a fixture and what was seen differ; see `BLAMES`."""
    return "fixture" if stale else BLAMES[provenance.grade]


class _Walk:
    """One walk along two shapes, which collects what differs."""

    def __init__(
        self, kind: FixtureKind, provenance: Provenance, volatile: Sequence[str], stale: bool, *, rejected: bool = False
    ) -> None:
        self._values = contract_paths(kind, rejected=rejected)
        self._volatile = {folded(path) for path in volatile}
        self._blame = blame(provenance, stale=stale)
        self._found: list[Difference] = []
        self._untold: list[str] = []

    def comparison(self) -> Comparison:
        return Comparison(tuple(self._found), tuple(self._untold))

    def tell(self, path: str, kind: Kind, expected: Any, seen: Any) -> None:
        # What comes and goes by declaration is worth a word, and fails nothing.
        severity = "info" if path in self._volatile else SEVERITIES[kind]
        self._found.append(Difference(path, kind, severity, expected, seen, self._blame))

    def shapes(self, expected: Shape, seen: Shape, path: str) -> None:
        if path in self._volatile:
            return
        if expected.types and seen.types - expected.types:
            self.tell(path, "retyped", expected.name(), seen.name())
        elif path in self._values:
            self.values(path, expected.values, seen.values)
        if expected.objects and seen.objects:
            self._fields(expected, seen, path)
        if expected.items is not None and seen.items is not None and expected.items.count:
            if seen.items.count:
                self.shapes(expected.items, seen.items, f"{path}[*]")
            else:
                self._untold.append(path)

    def _fields(self, expected: Shape, seen: Shape, path: str) -> None:
        for name, was in expected.fields.items():
            now = seen.fields.get(name)
            inner = child(path, name)
            if now is None:
                self.tell(inner, "removed", was.name(), None)
                continue
            if was.count == expected.objects and now.count < seen.objects:
                self.tell(inner, "removed", was.name(), f"absent from {seen.objects - now.count} of {seen.objects}")
            self.shapes(was, now, inner)
        for name, now in seen.fields.items():
            if name not in expected.fields:
                self.tell(child(path, name), "added", None, now.name())

    def values(self, path: str, expected: Sequence[Any], seen: Sequence[Any]) -> None:
        if path in self._volatile or path not in self._values:
            return
        unknown = [now for now in seen if not any(same_value(was, now) for was in expected)]
        missing = [was for was in expected if not any(same_value(was, now) for now in seen)]
        if unknown or missing:
            self.tell(path, "changed", _plain(expected), _plain(seen))

    def headers(self, expected: Mapping[str, str], seen: Mapping[str, str]) -> None:
        now = {name.lower(): value for name, value in seen.items()}
        for name, value in expected.items():
            path = f"headers.{name.lower()}"
            if path in self._volatile:
                continue
            if name.lower() not in now:
                self.tell(path, "header", value, None)
                continue
            was, is_ = contract_of_headers(name, value, now[name.lower()])
            if was != is_:
                self.tell(path, "header", was, is_)


def _body(response: ExchangeResponse) -> Shape:
    return shape_of(response.body) if response.text is None else Shape.text()


def _data(event: EventFixture) -> Any:
    return (fields_of(event.data) or event.data) if isinstance(event.data, str) else event.data


def _plain(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def sentences(differences: Sequence[Difference], grade: str) -> Iterator[str]:
    """Tell differences in words, such as ``page is `social_media_posting`, documented `social-media-posting```.

    Args:
        differences: what is told.
        grade: the fixture's, ``documented``, ``seen`` or ``assumed``.
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
