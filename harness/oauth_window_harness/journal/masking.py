"""Masks in events, after the fact, what has become known as a secret since they were written down."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from oauth_window_harness.journal.steps import Event
from oauth_window_harness.redact import Redactor

E = TypeVar("E", bound=Event)


class LateMasking:
    """Knows which of the events that are kept were written down before all that is known as a secret by now.

    Args:
        redactor: learns the secrets; None learns none.
    """

    def __init__(self, redactor: Redactor | None) -> None:
        self._redactor = redactor
        self._at = 0
        self._since = 0

    @property
    def version(self) -> int:
        """How many secrets are known."""
        return 0 if self._redactor is None else self._redactor.version

    def note(self) -> None:
        """Take note that one more event was written down."""
        self._since += 1

    def text(self, text: str) -> str:
        """Return a text, redacted anew."""
        return text if self._redactor is None else self._redactor.text(text)

    def of(self, events: Sequence[E]) -> list[E]:
        """Return the last of the events, masked: those of all events that are not masked yet, or not with all."""
        version = self.version
        if self._redactor is None or not version:
            return []
        count = len(events) if version != self._at else min(self._since, len(events))
        self._at, self._since = version, 0
        return [masked(events[place], self._redactor) for place in range(len(events) - count, len(events))]


def masked(event: E, redactor: Redactor) -> E:
    """Return an event with every text in it redacted anew; the event itself if nothing is masked."""
    result: E = _fields_masked(event, redactor)
    return result


def _fields_masked(value: Any, redactor: Redactor) -> Any:
    before = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    after = {name: _masked(inner, redactor) for name, inner in before.items()}
    changed = {name: inner for name, inner in after.items() if inner is not before[name]}
    return dataclasses.replace(value, **changed) if changed else value


def _masked(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, str):
        text = redactor.text(value)
        return value if text == value else text
    if isinstance(value, Mapping):
        mapping = {redactor.text(str(name)): _masked(inner, redactor) for name, inner in value.items()}
        same = list(mapping) == list(value) and all(mapping[name] is value[name] for name in value)
        return value if same else mapping
    if isinstance(value, list | tuple):
        items = [_masked(inner, redactor) for inner in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields_masked(value, redactor)
    return value
