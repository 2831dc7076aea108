"""The differences between a recording and the contract that comes with the package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oauth_window_harness.contract.difference import Severity, compare_event, compare_exchange, sentences
from oauth_window_harness.contract.fixture import EventFixture, Exchange, contracts

#: The event as it was captured live.
CAPTURED = "event-seen"


@dataclass(frozen=True)
class Deviation:
    """One difference.

    Attributes:
        name: the name of the recorded fixture.
        path: the path of the field; see `contract.difference.Difference`.
        severity: how serious it is.
        sentence: what was seen, and what was documented.
    """

    name: str
    path: str
    severity: Severity
    sentence: str


def deviations(recorded: Mapping[str, Exchange | EventFixture]) -> list[Deviation]:
    """Return the differences, in the order of the fixtures."""
    return [deviation for name, fixture in recorded.items() for deviation in _of(name, fixture)]


def _of(name: str, fixture: Exchange | EventFixture) -> Iterator[Deviation]:
    known = contracts()
    expected: Exchange | EventFixture
    if isinstance(fixture, EventFixture):
        if name != "event":
            return  # other messages are not documented
        expected = known.event(name)
        comparison = compare_event(expected, fixture)
        captured = {(one.kind, one.path) for one in compare_event(known.event(CAPTURED), fixture).differences}
    else:
        expected = known.exchange(name.partition("-was-")[0])
        comparison = compare_exchange(expected, fixture.response)
        captured = {(one.kind, one.path) for one in comparison.differences}
    for difference in comparison.differences:
        guessed = difference.path in expected.provenance.assumed or difference.path == "$"
        grade = "assumed" if guessed and isinstance(fixture, EventFixture) else expected.provenance.grade
        # What is documented otherwise may be as it was captured before.
        before = "" if (difference.kind, difference.path) in captured else f"; as in {CAPTURED}"
        for sentence in sentences([difference], grade):
            yield Deviation(name, difference.path, difference.severity, sentence + before)
