"""The documents that the observer reports of: what it posts of each, and what is kept of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

#: No moment is as late as this, in milliseconds since the epoch.
_LATEST = 1e14
#: How long the quickest report of a browser may be under way, in seconds. What seems to have taken longer was sent by a
#: clock that is behind; and what seems to have come before it was sent, by one that is ahead.
_SLOWEST = 10.0


class Batch(BaseModel):
    """Some reports of the observer in one document, in the order in which it made them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    document: str = Field(pattern="^[0-9a-f]{24}$", description="the document, by a number that it drew")
    number: int = Field(ge=0, description="which batch of its document it is, from 0")
    sent: float = Field(description="when it was sent, by the clock of its reports", allow_inf_nan=False)
    ticket: str = Field(max_length=64, description="from the script; it belongs to the key")
    born: float = Field(description="when the document began, in milliseconds since the epoch", allow_inf_nan=False)
    url: str = Field(max_length=16_384, description="its address when it began")
    frame: bool = Field(description="whether it is in a frame")
    opener: bool = Field(description="whether it has an opener")
    length: int = Field(ge=0, description="how many entries the history of its window had")
    reports: list[str] = Field(max_length=200, description="each the JSON text of one report")


@dataclass
class Document:
    """One document of a window or a frame, and what the observer has reported of it.

    Attributes:
        born: when it began, in seconds since the epoch.
        length: how many entries the history of its window had.
        under_way: for how long its quickest batch seems to have been under way, in seconds: by how much this machine's
            clock is ahead of its own, and a little more.
        batches: the reports by the numbers of their batches.
        size: how much of it was sent, in characters.
    """

    id: str
    born: float
    url: str
    frame: bool
    opener: bool
    length: int
    under_way: float = float("inf")
    batches: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    size: int = 0

    @property
    def last(self) -> float:
        """The moment of its last report."""
        moments = [report["at"] / 1000 for batch in self.batches.values() for report in batch]
        return max(moments, default=self.born)

    def reports(self) -> list[dict[str, Any]]:
        """Return its reports in the order in which they were made."""
        return [report for number in sorted(self.batches) for report in self.batches[number]]

    def later(self, seconds: float) -> Document:
        """Return the same with every moment later by so many seconds."""
        batches = {number: [_later(one, seconds * 1000) for one in batch] for number, batch in self.batches.items()}
        return replace(self, born=self.born + seconds, batches=batches)


def clock_lag(documents: Sequence[Document]) -> float:
    """Return by how much the clock of a browser is behind this machine's, in seconds; 0 where it may be the same.

    Where the browser is of another machine, its clock may be hours off. Its quickest batch of all tells by how much.
    """
    least = min((document.under_way for document in documents), default=0.0)
    return 0.0 if 0 <= least <= _SLOWEST else least


def _later(report: dict[str, Any], milliseconds: float) -> dict[str, Any]:
    """Return a report with its moments later, that of a timer which it is about included."""
    moved = {**report, **_moments_later(report, milliseconds)}
    if isinstance(timer := report.get("timer"), dict):
        moved["timer"] = {**timer, **_moments_later(timer, milliseconds)}
    return moved


def _moments_later(fields: Mapping[str, Any], milliseconds: float) -> dict[str, float]:
    return {name: fields[name] + milliseconds for name in ("at", "since") if is_moment(fields.get(name))}


def is_valid(report: dict[str, Any]) -> bool:
    """Return whether a report has a moment, and an address where it has one at all."""
    if not is_moment(report.get("at")):
        return False
    return all(is_address(report[name]) for name in ("url", "origin") if name in report)


def is_moment(value: object) -> bool:
    """Return whether a value is a moment, in milliseconds since the epoch."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LATEST


def is_address(text: object) -> bool:
    """Return whether a text can be read as an address; a page can report anything."""
    if not isinstance(text, str):
        return False
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True
