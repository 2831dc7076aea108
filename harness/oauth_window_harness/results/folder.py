"""The report folder: the files that a run writes. It takes the place of an earlier report, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from oauth_window_harness.errors import OutputError, UsageError
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.ownership import (
    DIAGRAM,
    LOG,
    MARKER,
    OF_PLAYS,
    PICTURE,
    POPUP,
    RESULTS,
    SCENARIOS,
    TRACE,
    own_files,
)
from oauth_window_harness.results.trace import mask_trace

__all__ = ["RESULTS", "ArtifactFolder", "PlayFolder"]

#: How many files are named that are in the way.
_NAMED = 3


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
        return self.path / PICTURE

    @property
    def popup(self) -> Path:
        """The file for a picture of the popup; it need not exist."""
        return self.path / POPUP

    @property
    def trace(self) -> Path:
        """The file for the trace, without secrets; it need not exist."""
        return self.path / TRACE

    def artifacts(self) -> Artifacts:
        """Return the names of the play's files: those that exist, and the diagram, which a listener writes."""
        pictures = tuple(self._relative(file) for file in (self.picture, self.popup) if file.exists())
        trace = self._relative(self.trace) if self.trace.exists() else None
        return Artifacts(trace=trace, screenshots=pictures, diagram=self._relative(self.path / DIAGRAM))

    def clear(self) -> None:
        """Delete the files of an earlier play, so that they are not taken for those of this one."""
        for name in OF_PLAYS:
            (self.path / name).unlink(missing_ok=True)

    def _relative(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()


class ArtifactFolder:
    """The report folder of a run.

    The files of an earlier run of this tool are deleted. Where there are others, nothing is.

    Args:
        root: the folder; it is made, if it does not exist.
        waits: whether the earlier files stay until there is something to write in their place.

    Raises:
        UsageError: the folder holds files of somebody else.
        OutputError: the folder cannot be written.
    """

    def __init__(self, root: Path, *, waits: bool = False) -> None:
        self.root = root
        self._keeps_earlier = False
        with self._told():
            root.mkdir(parents=True, exist_ok=True)
            self._earlier, foreign = own_files(root)
            if foreign:
                raise _foreign_files_error(root, foreign)
            (root / MARKER).write_text("A report of oauth-window, which its next run replaces.\n", encoding="utf-8")
        if not (waits and self._earlier):
            self._clear()

    def keep_earlier(self) -> bool:
        """Keep the earlier report, if there is one and nothing was written yet; return whether it stays.

        Nothing is written from then on.
        """
        self._keeps_earlier = bool(self._earlier)
        return self._keeps_earlier

    def _clear(self) -> None:
        with self._told():
            for file in self._earlier:
                file.unlink(missing_ok=True)
            self._earlier = []
            (self.root / SCENARIOS).mkdir(parents=True, exist_ok=True)
            for play in (self.root / SCENARIOS).iterdir():
                with suppress(OSError):  # it is a hidden file, or holds one
                    play.rmdir()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                "the report folder cannot be written",
                where=str(self.root),
                seen=error.strerror or str(error),
                todo="name another folder with --output",
            ) from None

    def folder(self, scenario: str, repeat: int | None, browser: str | None = None) -> PlayFolder:
        """Return the folder of one play, empty.

        Args:
            scenario: the name of the scenario.
            repeat: which play of several it is, from 1.
            browser: the engine that plays it, where several do.
        """
        if self._earlier:
            self._clear()
        folder = self.folder_of_play(scenario, repeat, browser)
        with suppress(OSError):  # its files cannot be written, which the first of them says
            folder.path.mkdir(parents=True, exist_ok=True)
            folder.clear()
        return folder

    def folder_of_play(self, scenario: str, repeat: int | None, browser: str | None = None) -> PlayFolder:
        """Return the folder of one play as it is; see `folder`."""
        parts = [scenario, browser, None if repeat is None else str(repeat)]
        return PlayFolder(self.root, self.root / SCENARIOS / "-".join(part for part in parts if part is not None))

    def write(self, name: str, text: str) -> None:
        """Write a report, unless an earlier one stays; an interruption leaves the whole file or none.

        Raises:
            OutputError: it cannot be written; a folder that was taken away is made again.
        """
        if self._keeps_earlier:
            return
        if self._earlier:
            self._clear()
        file = self.root / name
        part = file.with_name(f".{file.name}.part")
        with self._told():
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                part.write_text(text, encoding="utf-8")
                part.replace(file)
            except OSError:
                with suppress(OSError):
                    part.unlink()
                raise

    def mask(self, redactor: Redactor) -> None:
        """Mask, in what is written while a run lasts, what was learned as a secret after it was.

        What cannot be written anew is deleted.
        """
        for trace in self.root.glob(f"{SCENARIOS}/*/{TRACE}"):
            try:
                mask_trace(trace, trace, redactor)
            except OSError:
                trace.unlink(missing_ok=True)
        for file in (self.root / LOG, *self.root.glob(f"{SCENARIOS}/*/{DIAGRAM}")):
            with suppress(OSError, UnicodeDecodeError):  # it is not there, or not written by a run
                before = file.read_text(encoding="utf-8")
                if (after := "\n".join(map(redactor.text, before.split("\n")))) != before:
                    try:
                        self.write(file.relative_to(self.root).as_posix(), after)
                    except OutputError:
                        file.unlink()


def _foreign_files_error(root: Path, files: list[Path]) -> UsageError:
    names = [f"{file.relative_to(root).as_posix()}{'/' if file.is_dir() else ''}" for file in files]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return UsageError(
        "the report folder holds files that are not of a report",
        where=f"--output {root}",
        seen=f"{', '.join(names[:_NAMED])}{more}",
        todo="name another folder with --output, one that is empty or does not exist yet",
    )
