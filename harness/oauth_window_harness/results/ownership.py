"""Which files of a report folder are those of an earlier run of this tool, and which are somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from oauth_window_harness.results.diagram import HEADING

#: The file that marks a report folder from the first moment of a run: one that is killed leaves no results.json.
MARKER = ".oauth-window-report"

SCENARIOS = "scenarios"
RESULTS = "results.json"
DIAGRAM = "diagram.mmd"

#: The output of the app under test, which may hold anything.
LOG = "app.log"

#: What the reports hold, near their beginning, by which they are known.
_SIGNS = {
    RESULTS: re.compile(rb'"tool"\s*:\s*\{\s*"name"\s*:\s*"oauth-window"'),
    "index.html": re.compile(rb'<meta name="generator" content="oauth-window'),
    "junit.xml": re.compile(rb'<testsuite name="oauth-window"'),
    # A list without entries is nobody's.
    "gl-code-quality-report.json": re.compile(rb'\A\s*\[\s*\]|"check_name"\s*:\s*"oauth-window/'),
    "ctrf-report.json": re.compile(rb'"name"\s*:\s*"oauth-window"'),
}

#: How much of a report is read, in bytes.
_HEAD = 4096

#: The pictures of the page under test, and of the popup; the trace of all windows.
PICTURE = "page.png"
POPUP = "popup.png"
TRACE = "trace.zip"

#: The files of a play, by name: a user may keep other pictures beside them.
OF_PLAYS = {PICTURE, POPUP, TRACE, DIAGRAM}


def own_files(root: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder that an earlier run of this tool left, and what else it holds.

    A hidden file is nobody's: it is neither replaced nor in the way. A folder that is a report folder itself is left
    alone as well.
    """
    entries = [entry for entry in sorted(root.iterdir()) if not entry.name.startswith(".")]
    is_marked = (root / MARKER).is_file()
    has_results = _is_report(root / RESULTS)
    reports = [entry for entry in entries if entry.name in _SIGNS and (has_results or _is_report(entry))]
    # What a run left may be damaged, or of a version of another shape: in a marked folder the results are ours as well.
    if is_marked and not has_results and (root / RESULTS).is_file():
        reports.append(root / RESULTS)
    is_known = bool(reports) or is_marked
    own, foreign = list(reports), list[Path]()
    for entry in entries:
        if entry.name == SCENARIOS and entry.is_dir():
            for file, is_own in _files_of_plays(entry, is_known=is_known):
                (own if is_own else foreign).append(file)
        elif entry.name == LOG and is_known:
            own.append(entry)
        elif entry not in reports and not (entry / MARKER).is_file():
            foreign.append(entry)
    return own, foreign


def is_replaced(root: Path) -> bool:
    """Return whether a run writes its report in the place of what a folder holds; else it refuses the folder."""
    try:
        return not own_files(root)[1]
    except OSError:  # it is no folder, or cannot be read
        return False


def _is_report(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return _SIGNS[file.name].search(opened.read(_HEAD)) is not None


def _files_of_plays(folder: Path, *, is_known: bool) -> Iterator[tuple[Path, bool]]:
    """Yield the files below the folder of the plays, each with whether it is one of a play's."""
    for play in sorted(folder.iterdir()):
        if not play.is_dir():
            if not play.name.startswith("."):
                yield play, False
            continue
        # pytest's plays have no results.json beside them; each is known by its diagram.
        is_play = is_known or _is_diagram(play / DIAGRAM)
        for file in sorted(play.iterdir()):
            if not file.name.startswith("."):
                is_own = is_play and file.is_file() and file.name in OF_PLAYS
                yield file, is_own and (file.name != DIAGRAM or _is_diagram(file))


def _is_diagram(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(HEADING)) == HEADING.encode()
