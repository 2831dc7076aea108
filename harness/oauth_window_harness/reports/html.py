"""index.html: the report for people: what is to be mended, then each play with its sequence diagram.

One file without scripts. What it shows came from the page under test and may be hostile: the templates escape it, and a
Content-Security-Policy forbids all scripts, and all loading but that of the pictures beside it (CSP Level 3).
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from oauth_window_harness.reports import phrases
from oauth_window_harness.results.diagram import LANES, DiagramStep, steps
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import CauseResult, PlayKey, ScenarioResult, Severity, Verdict
from oauth_window_harness.templates import render

HTML = "index.html"

#: The headings of the causes by their severity, in order; what the baseline knows has one of its own.
_HEADINGS: Mapping[str, Severity | None] = {
    "To be mended": "error",
    "Warnings": "warning",
    "Worth knowing": "info",
    "Known": None,
}

#: The order of the plays.
_ORDER: tuple[Verdict, ...] = ("failed", "broken", "warned", "passed", "skipped")

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


@dataclass(frozen=True)
class ShownPlay:
    """A play as the page shows it.

    Attributes:
        anchor: the name that links lead to.
        drawing: its sequence; None if nothing of it was seen.
        again: the command that plays it again.
    """

    anchor: str
    result: ScenarioResult
    drawing: Drawing | None
    again: str


@dataclass(frozen=True)
class ShownCause:
    """A cause as the page shows it, with a link to a play for each scenario that showed it: its name, its anchor."""

    cause: CauseResult
    links: tuple[tuple[str, str], ...]


def html_report(folder: ArtifactFolder, drawings: Mapping[PlayKey, Drawing] | None = None) -> Listener:
    """Return a listener that writes index.html at the end of a run, also of an interrupted one.

    Args:
        folder: the report folder.
        drawings: the sequences of plays that are already known, by the plays' keys.
    """
    drawings = dict(drawings or {})

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            if event.result.rests_on is None:
                drawings[event.result.key] = drawing(steps(event.journal))
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


def _page(event: RunEnded, drawings: Mapping[PlayKey, Drawing]) -> str:
    results = event.results
    plays = [
        ShownPlay(
            anchor=f"play-{number}",
            result=result,
            drawing=drawings.get(result.key),
            again=shlex.join([*event.replay_command, result.word]),
        )
        for number, result in enumerate(results.scenarios)
    ]
    played = [play for play in plays if play.result.rests_on is None]
    return render(
        "oauth_window_harness.reports",
        "index.html",
        results=results,
        groups=[(title, [_shown(cause, plays) for cause in causes]) for title, causes in _groups(results.causes)],
        plays=sorted(played, key=lambda play: _ORDER.index(play.result.verdict)),
        resting=[play.result for play in plays if play.result.rests_on is not None],
        counts=[(verdict, count) for verdict, count in results.summary.model_dump().items()],
        phrases=phrases,
        style=Markup(_style()),  # noqa: S704 - the package's own file
        style_hash=base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode(),
    )


def _groups(causes: Sequence[CauseResult]) -> Iterator[tuple[str, list[CauseResult]]]:
    """Yield the causes under their headings, without headings that have none."""
    for title, severity in _HEADINGS.items():
        group = [cause for cause in causes if (None if cause.known else cause.severity) == severity]
        if group:
            yield title, group


def _shown(cause: CauseResult, plays: Sequence[ShownPlay]) -> ShownCause:
    """Return a cause with a link for each of its scenarios to the first of its plays that showed it."""
    links: dict[str, str] = {}
    for play in plays:
        if any(finding.code == cause.code for finding in play.result.findings):
            links.setdefault(play.result.name, play.anchor)
    return ShownCause(cause, tuple((name, links[name]) for name in cause.scenarios if name in links))


@cache
def _style() -> str:
    return files("oauth_window_harness.reports").joinpath("pages/report.css").read_text(encoding="utf-8")
