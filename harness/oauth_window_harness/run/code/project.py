"""The files of the project from whose folder the harness is started: which of them a script or a source is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath

from oauth_window_harness.run.code.names import path_in

#: The folders that hold no code of the user's own, or only what was made from it; so does each whose name has a dot
#: at its beginning.
_LEFT_OUT = frozenset(
    {"node_modules", "bower_components", "dist", "build", "out", "target", "coverage", "vendor", "venv", "env",
     "site-packages", "__pycache__", "oauth-window-report"}
)  # fmt: skip

#: The most files that are looked at.
_MOST = 50_000

#: The longest file that is compared, in bytes.
_LONGEST = 4 * 1024 * 1024

#: The templates that a page is made from, beside HTML itself.
_PAGES = frozenset({".html", ".htm", ".jinja", ".jinja2", ".j2", ".ejs", ".erb", ".php", ".hbs", ".njk", ".twig",
                    ".liquid", ".mustache", ".tmpl", ".gohtml", ".cshtml", ".jsp"})  # fmt: skip

#: How much a line must say so that it tells one page from another, in characters.
_TELLING = 8


class Project:
    """The files below a folder.

    Args:
        folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, name: str, line: int, text: str | None, *, is_document: bool = False) -> str | None:
        """Return the path, relative to the folder, of the file with a name; None if no file certainly is the one.

        Args:
            name: the name in a source map, or the address of the script.
            line: a line in it, from 1.
            text: its content, by which the file is known: the line must be the same there. None if it is not known.
            is_document: whether it is a page, which may be made from a template with any name.
        """
        path = PurePosixPath(path_in(name))
        if path.name and (found := self._named(path, line, text)) is not None:
            return found
        return self._page(line, text) if is_document and text is not None else None

    def _named(self, path: PurePosixPath, line: int, text: str | None) -> str | None:
        inside = self._inside(path)
        if inside is not None:
            return inside if self._is_it(inside, line, text) else None
        parts = path.parts
        alike = {file: _common(parts, PurePosixPath(file).parts) for file in self._by_name.get(path.name, ())}
        if text is None:  # then only a whole path is proof enough, and no mere name
            least = max(2, len(parts) - (parts[0] == "/"))
            alike = {
                file: common for file, common in alike.items() if common >= least and self._is_it(file, line, text)
            }
        else:
            alike = {file: common for file, common in alike.items() if self._has_line(file, line, text)}
        best = [file for file, common in alike.items() if common == max(alike.values())]
        return self._only(best, text)

    def _inside(self, path: PurePosixPath) -> str | None:
        """Return a path that leads to a file below the folder by itself: from the folder, or from the root."""
        for file in (Path(path), self._folder / str(path).lstrip("/")):
            if file.is_absolute() and file.is_relative_to(self._folder):
                inside = file.relative_to(self._folder)
                with suppress(OSError, ValueError):  # the name is too long, or has a character that no name has
                    if not _LEFT_OUT.intersection(inside.parts) and file.is_file():
                        return inside.as_posix()
        return None

    def _page(self, line: int, text: str) -> str | None:
        if len(_line(text, line) or "") < _TELLING:
            return None
        pages = [file for files in self._by_name.values() for file in files if PurePosixPath(file).suffix in _PAGES]
        return self._only([file for file in pages if self._has_line(file, line, text)], text)

    def _only(self, files: Sequence[str], text: str | None) -> str | None:
        """Return the only one of some files; of several, the one whose content is the same."""
        if len(files) > 1 and text is not None:
            files = [file for file in files if self._read(file) == _plain(text)]
        return files[0] if len(files) == 1 else None

    def _is_it(self, file: str, line: int, text: str | None) -> bool:
        """Return whether a file has a line of a text; where the text is not known, whether it has that line at all."""
        if text is not None:
            return self._has_line(file, line, text)
        return line <= len(self._read(file).splitlines())

    def _has_line(self, file: str, line: int, text: str) -> bool:
        wanted = _line(text, line)
        return wanted is not None and _line(self._read(file), line) == wanted

    def _read(self, file: str) -> str:
        path = self._folder / file
        try:
            too_long = path.stat().st_size > _LONGEST
            return "" if too_long else _plain(path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return ""

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for file in self._files():
            found.setdefault(PurePosixPath(file).name, []).append(file)
        return found

    def _files(self) -> Iterator[str]:
        count = 0
        for where, folders, names in os.walk(self._folder):
            folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith(".")]
            for name in names:
                count += 1
                if count > _MOST:
                    return
                yield Path(where, name).relative_to(self._folder).as_posix()


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _line(text: str, line: int) -> str | None:
    """Return a line of a text, without its indentation; None if there is none, or it is empty."""
    lines = _plain(text).split("\n")
    return lines[line - 1].strip() or None if 0 < line <= len(lines) else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many parts two paths have in common, from their ends."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
