"""index.html: the report for people, with the first broken link and the sequence diagram of each play.

One file without scripts. What it shows came from the page under test and may be hostile: the templates escape it, and a
Content-Security-Policy forbids all scripts, and all loading but that of the pictures beside it (CSP Level 3).
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from oauth_window_harness.results.diagram import LANES, DiagramStep, steps
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.templates import render

HTML = "index.html"

#: Distances in pixels: between two lanes, between two steps, and above the first step.
_LANE, _STEP, _TOP = 190, 34, 46


@dataclass(frozen=True)
class Arrow:
    """A step with its coordinates in pixels: from ``x1`` to ``x2`` at the height ``y``; a note where x1 equals x2."""

    x1: int
    x2: int
    y: int
    step: DiagramStep


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


def html_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes index.html at the end of a run, also of an interrupted one."""
    drawings: list[Drawing] = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            drawings.append(drawing(steps(event.journal)))
        elif isinstance(event, RunEnded):
            folder.write(HTML, _page(event, drawings))

    return listen


def drawing(diagram: list[DiagramStep]) -> Drawing:
    """Return the drawing of a diagram: a lane for each participant that occurs in it, and an arrow for each step."""
    present = [lane for lane in LANES if any(lane in (step.source, step.target) for step in diagram)]
    places = {lane: _LANE // 2 + number * _LANE for number, lane in enumerate(present)}
    arrows = tuple(
        Arrow(places[step.source], places[step.target], _TOP + (number + 1) * _STEP, step)
        for number, step in enumerate(diagram)
    )
    return Drawing(
        lanes=tuple((places[lane], LANES[lane]) for lane in present),
        arrows=arrows,
        width=len(present) * _LANE,
        height=_TOP + (len(diagram) + 1) * _STEP,
    )


def _page(event: RunEnded, drawings: list[Drawing]) -> str:
    results = event.results
    plays = [
        (number, result, picture, result.errors, shlex.join([*event.replay_command, result.name]))
        for number, (result, picture) in enumerate(zip(results.scenarios, drawings, strict=True))
    ]
    return render(
        "oauth_window_harness.reports",
        "index.html",
        results=results,
        plays=plays,
        counts=[(verdict, count) for verdict, count in results.summary.model_dump().items()],
        style=Markup(_style()),  # noqa: S704 - the package's own file
        style_hash=base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode(),
    )


@cache
def _style() -> str:
    return files("oauth_window_harness.reports").joinpath("pages/report.css").read_text(encoding="utf-8")
