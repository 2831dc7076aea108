"""The report folder: the files that a run writes, and which files of an earlier run may be deleted."""

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
    """The folder of the files of one play.

    Attributes:
        root: the report folder.
        path: the folder of the play in it.
    """

    root: Path
    path: Path

    @property
    def picture(self) -> Path:
        """The file for a picture of the page under test; it need not exist."""
        return self.path / _PICTURE

    def artifacts(self) -> Artifacts:
        """Return the names of the play's files: the picture, if it exists, and the diagram, which a listener writes."""
        pictures = (self._relative(self.picture),) if self.picture.exists() else ()
        return Artifacts(screenshots=pictures, diagram=self._relative(self.path / _DIAGRAM))

    def clear(self) -> None:
        """Delete the files of an earlier play, so that they are not taken for those of this one."""
        for name in (_PICTURE, _DIAGRAM):
            (self.path / name).unlink(missing_ok=True)

    def _relative(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()


class ArtifactFolder:
    """The report folder of a run.

    The files of an earlier run of this tool are deleted; all other files stay.

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
        """Return the folder of one play, empty; ``repeat`` is which play of several it is, from 1."""
        path = self.root / _SCENARIOS / (scenario if repeat is None else f"{scenario}-{repeat}")
        path.mkdir(exist_ok=True)
        folder = PlayFolder(self.root, path)
        folder.clear()
        return folder

    def _clear_plays(self) -> None:
        """Delete the plays of a run without results.json, such as one of pytest; each is known by its diagram."""
        for file in (self.root / _SCENARIOS).glob(f"*/{_DIAGRAM}"):
            if file.read_bytes().startswith(HEADING.encode()):
                PlayFolder(self.root, file.parent).clear()
                with suppress(OSError):  # it is not empty: the other files are not ours
                    file.parent.rmdir()

    def write(self, name: str, text: str) -> None:
        """Write a report; an interruption leaves the whole file or none."""
        file = self.root / name
        part = file.with_name(f".{file.name}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(file)


def _is_ours(results: Path) -> bool:
    try:
        content = json.loads(results.read_text(encoding="utf-8"))
        return bool(content["tool"]["name"] == "oauth-window")
    except (OSError, ValueError, KeyError, TypeError):
        return False
