"""index.html: the report for people: what is to be mended, then each play with its sequence diagram.

One file. What it shows came from the page under test and may be hostile: the templates escape it, what a reader cannot
see is written out, and a Content-Security-Policy forbids all loading but that of the pictures beside it (CSP Level 3),
and all scripts but the report's own, which filters and copies; everything can be read without it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from oauth_window_harness.contract import rules
from oauth_window_harness.reports import changes as changed
from oauth_window_harness.reports import phrases
from oauth_window_harness.reports.drawing import Drawing, drawing
from oauth_window_harness.results.broken_flow import with_break
from oauth_window_harness.results.causes import failing_warnings
from oauth_window_harness.results.changes import changes_between
from oauth_window_harness.results.diagram import DiagramStep, steps
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import (
    CauseResult,
    FindingResult,
    PlayKey,
    Results,
    ScenarioResult,
    Severity,
    Verdict,
)
from oauth_window_harness.templates import render

HTML = "index.html"

Diagrams = Mapping[PlayKey, Sequence[DiagramStep]]

#: The headings of the causes by their severity, in order; what the baseline knows has one of its own.
_HEADINGS: Mapping[str, Severity | None] = {
    "To be mended": "error",
    "Warnings": "warning",
    "Worth knowing": "info",
    "Known": None,
}

#: The order of the plays.
_ORDER: tuple[Verdict, ...] = ("failed", "broken", "warned", "passed", "skipped")

#: What cannot be seen, or lets other text be seen elsewhere: control characters but tab and line feed, marks of
#: direction and of nothing, and halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e007f]"
)


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

    @property
    def codes(self) -> Sequence[str]:
        """The codes of its findings, and of what it rests on."""
        found = [finding.code for finding in self.result.findings]
        rests_on = self.result.rests_on
        return list(dict.fromkeys([*found, rests_on.code] if rests_on is not None and rests_on.code else found))


@dataclass(frozen=True)
class ShownCause:
    """A cause as the page shows it.

    Attributes:
        anchor: the name that links lead to.
        links: for each scenario that showed it, its name and the anchor of a play.
        drawing: the sequence of a play in which the flow broke by it, where there is one; and that play.
    """

    anchor: str
    cause: CauseResult
    links: tuple[tuple[str, str], ...]
    drawing: Drawing | None
    play: ShownPlay | None


def html_report(
    folder: ArtifactFolder, diagrams: Diagrams | None = None, *, earlier: Results | None = None
) -> Listener:
    """Return a listener that writes index.html at the end of a run, also of an interrupted one.

    Args:
        folder: the report folder.
        diagrams: the sequences of plays that are already known, by the plays' keys.
        earlier: the results of the run before, if there was one.
    """
    known = dict(diagrams or {})
    mask: Callable[[str], str] = str  # those of all plays of a run know the same secrets

    def listen(event: RunEvent) -> None:
        nonlocal mask
        if isinstance(event, ScenarioEnded):
            if event.result.rests_on is None:
                known[event.result.key] = steps(event.journal)
                mask = event.journal.masked
        elif isinstance(event, RunEnded):
            drawn = {play: [replace(one, label=mask(one.label)) for one in of_play] for play, of_play in known.items()}
            folder.write(HTML, _page(event, drawn, earlier, folder.root.as_posix()))

    return listen


def _page(event: RunEnded, diagrams: Diagrams, earlier: Results | None, root: str) -> str:
    results = event.results
    plays = list(_plays(event, diagrams))
    causes = [_shown(cause, plays, diagrams) for cause in results.causes]
    groups = list(_groups(causes))
    played = [play for play in plays if play.result.rests_on is None]
    page = render(
        "oauth_window_harness.reports",
        "index.html",
        results=results,
        groups=groups,
        listed=[shown for _, group in groups for shown in group],
        causes={shown.cause.code: shown.anchor for shown in causes},
        plays=sorted(played, key=lambda play: _ORDER.index(play.result.verdict)),
        resting=[play for play in plays if play.result.rests_on is not None],
        counts=list(results.summary.model_dump().items()),
        filters=_filters(plays, results),
        changes=changes_between(earlier, results) if earlier is not None else None,
        changed=changed,
        fails_by_warning=bool(failing_warnings(results)),
        as_json=rules.as_json,
        phrases=phrases,
        root=root,
        style=Markup(_own("report.css")),  # noqa: S704 - the package's own file
        style_hash=_hash(_own("report.css")),
        script=Markup(_own("report.js")),  # noqa: S704 - the package's own file
        script_hash=_hash(_own("report.js")),
    )
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", page)


def _plays(event: RunEnded, diagrams: Diagrams) -> Iterator[ShownPlay]:
    anchors: set[str] = set()
    for number, result in enumerate(event.results.scenarios):
        anchor = _anchor("play", result.label)
        if anchor in anchors:  # two names differ in what an anchor does not have
            anchor = f"{anchor}-at-{number}"
        anchors.add(anchor)
        again = shlex.join([*event.replay_command, result.word])
        diagram = diagrams.get(result.key, ())
        shown = _drawing(diagram, next(iter(result.findings), None)) if diagram else None
        yield ShownPlay(anchor, result, shown, again)


def _anchor(kind: str, name: str) -> str:
    """Return the name of a place in the page, which stays the same from run to run."""
    return "-".join([kind, *re.findall(r"[a-z0-9]+", name.lower())])


def _drawing(diagram: Sequence[DiagramStep], found: FindingResult | None) -> Drawing:
    """Return the drawing of a play's sequence, with the link marked that a finding breaks."""
    broken = found.broken_link if found is not None else None
    return drawing(diagram if found is None or broken is None else with_break(diagram, broken, found.code))


def _groups(causes: Sequence[ShownCause]) -> Iterator[tuple[str, list[ShownCause]]]:
    """Yield the causes under their headings, without headings that have none."""
    for title, severity in _HEADINGS.items():
        group = [shown for shown in causes if (None if shown.cause.known else shown.cause.severity) == severity]
        if group:
            yield title, group


def _shown(cause: CauseResult, plays: Sequence[ShownPlay], diagrams: Diagrams) -> ShownCause:
    """Return a cause with a link for each of its scenarios to the first of its plays that showed it."""
    links: dict[str, str] = {}
    breaks: list[tuple[bool, ShownPlay, FindingResult]] = []
    for play in plays:
        for found in play.result.findings:
            if found.code == cause.code:
                links.setdefault(play.result.name, play.anchor)
                if found.broken_link is not None and diagrams.get(play.result.key):
                    breaks.append((not found.broken_link.missing, play, found))
    # One that stopped there says more than one that went on.
    best = min(breaks, key=lambda one: one[0], default=None)
    return ShownCause(
        _anchor("cause", cause.code),
        cause,
        tuple((name, links[name]) for name in cause.scenarios if name in links),
        _drawing(diagrams[best[1].result.key], best[2]) if best is not None else None,
        best[1] if best is not None else None,
    )


def _filters(plays: Sequence[ShownPlay], results: Results) -> Mapping[str, Mapping[str, int]]:
    """Return by what the plays can be filtered: for each filter its values, with the number of plays of each."""
    return {
        "verdict": {verdict: count for verdict, count in results.summary.model_dump().items() if count},
        "group": dict(sorted(Counter(tag for play in plays for tag in play.result.tags).items())),
        "code": dict(sorted(Counter(code for play in plays for code in play.codes).items())),
    }


@cache
def _own(name: str) -> str:
    """Return one of the package's own files."""
    return files("oauth_window_harness.reports").joinpath(f"pages/{name}").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which the policy allows a text."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
