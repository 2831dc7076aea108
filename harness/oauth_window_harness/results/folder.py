"""The report folder: what a run leaves behind, and what of an earlier run may be taken away."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oauth_window_harness.errors import OutputError
from oauth_window_harness.results.diagram import HEADING
from oauth_window_harness.results.model import Artifacts

_SCENARIOS = "scenarios"
RESULTS = "results.json"

#: The files of a play.
_PICTURE = "page.png"
_DIAGRAM = "diagram.mmd"


@dataclass(frozen=True)
class PlayFolder:
    """Where one play leaves its files."""

    root: Path
    path: Path

    @property
    def picture(self) -> Path:
        """Where a picture of the page under test is left, if one is taken."""
        return self.path / _PICTURE

    def artifacts(self) -> Artifacts:
        """Return the names of the play's files: the picture, if there is one, and the diagram that a listener draws."""
        pictures = (self._relative(self.picture),) if self.picture.exists() else ()
        return Artifacts(screenshots=pictures, diagram=self._relative(self.path / _DIAGRAM))

    def clear(self) -> None:
        """Take away what an earlier play left, so that nothing of it is taken for what this one leaves."""
        for name in (_PICTURE, _DIAGRAM):
            (self.path / name).unlink(missing_ok=True)

    def _relative(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()


class ArtifactFolder:
    """The report folder of a run.

    What an earlier run of this tool left in it is taken away; whatever else is there stays.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
            if _is_ours(root / RESULTS):
                shutil.rmtree(root / _SCENARIOS, ignore_errors=True)
                (root / RESULTS).unlink()
            self._clear_plays()
            (root / _SCENARIOS).mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(
                "the report folder cannot be written",
                where=str(root),
                seen=error.strerror or str(error),
                todo="name another folder with --output",
            ) from None

    def folder(self, scenario: str, repeat: int | None) -> PlayFolder:
        """Give the folder of one play."""
        path = self.root / _SCENARIOS / (scenario if repeat is None else f"{scenario}-{repeat}")
        path.mkdir(exist_ok=True)
        folder = PlayFolder(self.root, path)
        folder.clear()
        return folder

    def _clear_plays(self) -> None:
        """Take away the plays of a run that wrote no results.json, such as pytest's: they have a diagram each."""
        for file in (self.root / _SCENARIOS).glob(f"*/{_DIAGRAM}"):
            if file.read_bytes().startswith(HEADING.encode()):
                PlayFolder(self.root, file.parent).clear()
                with suppress(OSError):  # somebody else's files are in it, too
                    file.parent.rmdir()

    def write(self, name: str, text: str) -> None:
        """Write a report: whole, or not at all."""
        goal = self.root / name
        half = goal.with_name(f".{goal.name}.part")
        half.write_text(text, encoding="utf-8")
        half.replace(goal)


def _is_ours(results: Path) -> bool:
    try:
        told = json.loads(results.read_text(encoding="utf-8"))
        return bool(told["tool"]["name"] == "oauth-window")
    except (OSError, ValueError, KeyError, TypeError):
        return False
