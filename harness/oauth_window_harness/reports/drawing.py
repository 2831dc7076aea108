"""The sequence diagrams of index.html: where each lane, arrow and label stands, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oauth_window_harness.results.diagram import LANES, DiagramStep

#: Distances: between two lanes, between two steps, and above the first step.
_LANE, _STEP, _TOP = 190, 30, 40

#: How wide a character of a label is, on average, also in bold, and how much of a lane a note may take.
_CHARACTER, _BOLD, _NOTE = 6.0, 7.0, 180

#: The length and the half breadth of an arrowhead.
_HEAD, _HALF = 8, 4


@dataclass(frozen=True)
class Arrow:
    """A step with its coordinates: from ``x1`` to ``x2`` at the height ``y``; a note where x1 equals x2.

    Attributes:
        label: as much of the step's label as there is room for.
        head: the path of its arrowhead; empty for a note.
    """

    x1: int
    x2: int
    y: int
    step: DiagramStep
    label: str = ""
    head: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it stays in its lane."""
        return self.x1 == self.x2

    @property
    def middle(self) -> int:
        """Where the middle of its label is."""
        return (self.x1 + self.x2) // 2


@dataclass(frozen=True)
class Drawing:
    """A sequence diagram with its coordinates in SVG, in pixels.

    Attributes:
        lanes: the x coordinate and the title of each lane.
    """

    lanes: tuple[tuple[int, str], ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int

    @property
    def broken(self) -> DiagramStep | None:
        """The step at which the play broke, if one is marked."""
        return next((arrow.step for arrow in self.arrows if arrow.step.state == "broken"), None)

    @property
    def is_cut(self) -> bool:
        """Whether anything is missing that should have come."""
        return any(arrow.step.state == "missing" for arrow in self.arrows)


def drawing(diagram: Sequence[DiagramStep]) -> Drawing:
    """Return the drawing of a diagram: a lane for each participant that occurs in it, and an arrow for each step."""
    present = [lane for lane in LANES if any(lane in (step.source, step.target) for step in diagram)]
    places = {lane: _LANE // 2 + number * _LANE for number, lane in enumerate(present)}
    width = len(present) * _LANE
    return Drawing(
        lanes=tuple((places[lane], LANES[lane]) for lane in present),
        arrows=tuple(
            _arrow(step, places[step.source], places[step.target], _TOP + (number + 1) * _STEP, width)
            for number, step in enumerate(diagram)
        ),
        width=width,
        height=_TOP + (len(diagram) + 1) * _STEP,
    )


def _arrow(step: DiagramStep, x1: int, x2: int, y: int, width: int) -> Arrow:
    middle = (x1 + x2) // 2
    room = _NOTE if x1 == x2 else 2 * min(middle, width - middle)
    longest = int(room / (_BOLD if step.state == "broken" else _CHARACTER))
    label = step.label if len(step.label) <= longest else step.label[: longest - 1] + "…"
    back = -_HEAD if x1 < x2 else _HEAD
    # A shape of its own: what a closed element holds can be referred to by none that is open.
    head = "" if x1 == x2 else f"M{x2} {y}l{back}-{_HALF}v{2 * _HALF}z"
    return Arrow(x1, x2, y, step, label, head)
