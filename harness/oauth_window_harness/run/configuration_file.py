"""The file in which a project sets its options, read as TOML, with the line of each of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oauth_window_harness.errors import BadFileError

FILE = "oauth-window.toml"
PROJECT = "pyproject.toml"

#: The table of `PROJECT` that holds the options.
_TABLE = ("tool", "oauth-window")


@dataclass(frozen=True)
class ConfigurationFile:
    """A file with options.

    Attributes:
        path: the file.
        text: all of it.
        table: the names of the tables that lead to the options.
        options: the options as TOML has them, by their names.
    """

    path: Path
    text: str
    table: tuple[str, ...]
    options: Mapping[str, Any]

    def place(self, key: str) -> str:
        """Return the file and the line of an option."""
        return f"{self.path}:{_line_of(self.text, (*self.table, key))}"


def configuration_file(folder: Path) -> ConfigurationFile | None:
    """Return the file of a folder that has options, or None.

    Raises:
        BadFileError: a file cannot be read, or both have options.
    """
    own, project = (_read(folder / FILE, ()), _read(folder / PROJECT, _TABLE))
    if own is not None and project is not None:
        raise BadFileError(
            "two files have options, and only one is read",
            where=f"{project.path}:{_line_of(project.text, _TABLE)}",
            seen=f"[tool.oauth-window], and {own.path} beside it",
            todo=f"move all options into {FILE}, or all into {PROJECT}",
        )
    return own or project


def _read(path: Path, table: tuple[str, ...]) -> ConfigurationFile | None:
    """Return the file, or None where it does not exist or has no options."""
    text = _text_of(path)
    if text is None or (table and table[-1] not in text):
        return None  # somebody else's pyproject.toml is none of our business, not even where it is invalid
    try:
        here: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from None
    except RecursionError:
        raise _syntax_error(path, text, "its values are nested too deep") from None
    for depth, name in enumerate(table, 1):
        here = here.get(name)
        if here is None:
            return None
        if not isinstance(here, dict):
            where = f"{path}:{_line_of(text, table[:depth])}"
            raise BadFileError("options stand in a table", where=where, todo=f"begin it with [{'.'.join(table)}]")
    return ConfigurationFile(path, text, table, here) if here else None


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFileError("the file is not UTF-8", where=f"{path}:{line}", todo="save it as UTF-8") from None
    except OSError as error:
        raise BadFileError("the file cannot be read", where=str(path), seen=error.strerror or str(error)) from None


def _syntax_error(path: Path, text: str, message: str) -> BadFileError:
    found = re.search(r" \(at line (\d+), column \d+\)$", message)
    line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
    seen = message[: found.start()] if found else message
    return BadFileError("the file is no TOML", where=f"{path}:{line}", seen=seen, todo="see https://toml.io")


def _line_of(text: str, keys: tuple[str, ...]) -> int:
    """Return the line on which a key first stands, from 1.

    tomllib does not say where a key stands. The lines before its line are a document without it, and those up to the
    end of its value are one with it.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if keys[-1] not in line:
            continue
        if (before := _document(lines[:number])) is None or _has(before, keys):
            continue
        longer = (_document(lines[:end]) for end in range(number + 1, len(lines) + 1))
        if _has(next((document for document in longer if document is not None), {}), keys):
            return number + 1
    return 1


def _document(lines: Sequence[str]) -> dict[str, Any] | None:
    """Return what the lines hold, or None where they end within a value."""
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _has(document: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True
