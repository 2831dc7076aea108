"""The values that are a part of the contract, so that another one is drift; all others are examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from oauth_window_harness.contract.fixture import PLACEHOLDERS

FixtureKind = Literal["event", "exchange"]


@dataclass(frozen=True)
class ContractValue:
    """A field whose value is a part of the contract, because clients compare it.

    Attributes:
        kind: the kind of fixture.
        path: the JSON path of the field, or ``origin`` or ``target_origin``.
        rejected: whether it is compared only in the answer to a rejected request.
        why: who depends on the value.
    """

    kind: FixtureKind
    path: str
    rejected: bool = False
    why: str = ""


CONTRACT_VALUES = (
    ContractValue("event", "$.actionType", why="listeners act on close alone"),
    ContractValue("event", "$.page", why="listeners tell the event from other messages by it"),
    ContractValue("event", "$.platform", why="listeners tell one platform's event from another's by it"),
    ContractValue("event", "origin", why="listeners compare it (RFC 9700 §4.17)"),
    ContractValue("event", "target_origin", why="it decides which pages receive the event at all"),
    ContractValue("exchange", "$.success", why="clients branch on it"),
    ContractValue("exchange", "$.statusCode", why="clients branch on it"),
    ContractValue("exchange", "$.error", why="it names the kind of error"),
    ContractValue("exchange", "$.message", rejected=True, why="the only difference between one 401 and another"),
    ContractValue("exchange", "$.message[*]", rejected=True, why="the same, where there are several sentences"),
)


_PLACEHOLDER = re.compile("{(?:" + "|".join(PLACEHOLDERS) + ")}")

#: The origin of an address, or the placeholder for it.
_ORIGIN = re.compile(rf"\A(?:https?://[^/?#]*|{_PLACEHOLDER.pattern})")


def contract_paths(kind: FixtureKind, *, rejected: bool) -> frozenset[str]:
    """Return the paths of the values that are compared.

    Args:
        kind: the kind of fixture.
        rejected: whether the request was answered with an error status.
    """
    return frozenset(value.path for value in CONTRACT_VALUES if value.kind == kind and (rejected or not value.rejected))


def same_value(expected: Any, seen: Any) -> bool:
    """Return whether a value is the expected one; a placeholder in the expected one matches any text."""
    if isinstance(expected, str) and isinstance(seen, str):
        pattern = ".*".join(re.escape(part) for part in _PLACEHOLDER.split(expected))
        return re.fullmatch(pattern, seen, re.DOTALL) is not None
    return isinstance(expected, bool) == isinstance(seen, bool) and bool(expected == seen)


def comparable_headers(name: str, expected: str, seen: str) -> tuple[str, str]:
    """Return what is compared of two values of a header; if only its presence counts, both are the same."""
    read = _HEADERS.get(name.lower())
    if read is None:
        return expected, expected
    if name.lower() == "location" and _PLACEHOLDER.match(expected):
        # The placeholder stands for any origin.
        return read(_without_origin(expected)), read(_without_origin(seen))
    return read(expected), read(seen)


def media_type(value: str) -> str:
    """Return a content type without its parameters (RFC 9110 §8.3.1)."""
    return value.partition(";")[0].strip().lower()


def _redirect(value: str) -> str:
    """Return a redirect's address with the names of its parameters, whose values belong to one connection."""
    place, _, query = value.partition("?")
    names = sorted({name for name, _ in parse_qsl(query.partition("#")[0], keep_blank_values=True)})
    return f"{place}?{'&'.join(names)}"


def _without_origin(value: str) -> str:
    return _ORIGIN.sub("", value, count=1)


_HEADERS: Mapping[str, Callable[[str], str]] = {"content-type": media_type, "location": _redirect}
