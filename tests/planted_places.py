"""Where in an app's own code its planted bug lies, as app.yaml says it, beside what a run has told."""

from __future__ import annotations

from pathlib import Path

from oauth_window_harness.results.place import PlaceResult
from tests import apps

#: What share of the apps that have a place may be told without it, or with another one.
MISSING_AT_MOST = 0.05


def lines_of(places: apps.Places, folder: Path) -> set[tuple[str, int]]:
    """Return file and line of each place; each text must stand in exactly one line of its file."""
    lines = set()
    for file, texts in places.items():
        code = (folder / file).read_text(encoding="utf-8").splitlines()
        for text in texts:
            (line,) = [number for number, content in enumerate(code, start=1) if text in content]
            lines.add((file, line))
    return lines


def is_right(name: str, must: apps.MustFind, place: PlaceResult | None) -> bool:
    """Return whether the place of an app's finding is one of those that are true; None, where it has none."""
    if place is None or not must.places:
        return place is None and not must.places
    with apps.folder_of(name) as folder:
        return (place.file, place.line) in lines_of(must.places, folder)
