"""The sequence diagrams of index.html: where each lane, arrow and label stands, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oauth_window_harness.results.diagram import LANES, DiagramStep, wrapped

#: Distances: between two lanes, between two steps, above the first step, and between two lines of a label.
_LANE, _STEP, _TOP, _LINE = 190, 30, 40, 14

#: How wide a character of a label is, on average, also in bold; and how wide a line may be, so that it can be seen
#: whole on a narrow screen, also that of a note.
_CHARACTER, _BOLD, _WIDEST, _NOTE = 6.0, 7.0, 330, 180

#: How many lines of a label there is room for.
_LINES = 6

#: The length and the half breadth of an arrowhead.
_HEAD, _HALF = 8, 4


@dataclass(frozen=True)
class Arrow:
    """A step with its coordinates: from ``x1`` to ``x2`` at the height ``y``; a note where x1 equals x2.

    Attributes:
        lines: as much of the step's label as there is room for, each with its own height.
        head: the path of its arrowhead; empty for a note.
    """

    x1: int
    x2: int
    y: int
    step: DiagramStep
    lines: tuple[tuple[int, str], ...] = ()
    head: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it stays in its lane."""
        return self.x1 == self.x2

    @property
    def top(self) -> int:
        """Where the frame of a note begins."""
        return self.y - 19 - self.rise

    @property
    def rise(self) -> int:
        """How much higher it is than one whose label has one line."""
        return _LINE * (len(self.lines) - 1)

    @property
    def is_cut(self) -> bool:
        """Whether there is no room for the whole label."""
        return "".join(text for _, text in self.lines) != self.step.label

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
    def is_short(self) -> bool:
        """Whether anything is missing that should have come after it."""
        return any(arrow.step.state == "missing" for arrow in self.arrows)


def drawing(diagram: Sequence[DiagramStep]) -> Drawing:
    """Return the drawing of a diagram: a lane for each participant that occurs in it, and an arrow for each step."""
    present = [lane for lane in LANES if any(lane in (step.source, step.target) for step in diagram)]
    places = {lane: _LANE // 2 + number * _LANE for number, lane in enumerate(present)}
    width = len(present) * _LANE
    arrows: list[Arrow] = []
    y = _TOP
    for step in diagram:
        arrows.append(_arrow(step, places[step.source], places[step.target], y + _STEP, width))
        y = arrows[-1].y
    return Drawing(
        lanes=tuple((places[lane], LANES[lane]) for lane in present),
        arrows=tuple(arrows),
        width=width,
        height=y + _STEP,
    )


def _arrow(step: DiagramStep, x1: int, x2: int, y: int, width: int) -> Arrow:
    """Return the arrow of a step that stands at a height, or lower by the further lines of its label."""
    middle = (x1 + x2) // 2
    room = _NOTE if x1 == x2 else min(2 * min(middle, width - middle), _WIDEST)
    longest = int(room / (_BOLD if step.state == "broken" else _CHARACTER))
    texts = wrapped(step.label, longest)
    if len(texts) > _LINES:
        texts = [*texts[: _LINES - 1], texts[_LINES - 1][: longest - 1] + "…"]
    y += _LINE * (len(texts) - 1)
    lines = tuple(
        (y - 5 - _LINE * number, text) for number, text in zip(reversed(range(len(texts))), texts, strict=True)
    )
    back = -_HEAD if x1 < x2 else _HEAD
    # A shape of its own: what a closed element holds can be referred to by none that is open.
    head = "" if x1 == x2 else f"M{x2} {y}l{back}-{_HALF}v{2 * _HALF}z"
    return Arrow(x1, x2, y, step, lines, head)
