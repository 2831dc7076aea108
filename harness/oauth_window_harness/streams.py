"""Standard output and standard error as the command writes to them: neither an encoding nor a closed pipe stops a run.

The standard library alone is imported: `--help` waits for this module.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TextIO, cast

#: What stands for a character that an encoding such as ASCII or cp1252 lacks; any other is written by its number.
_PLAIN = {"✓": "+", "✗": "x", "…": "...", "·": "-", "\u2013": "-", "—": "-", "▶": ">", "█": "#", "│": "|", "─": "-"}
_PLAIN |= dict.fromkeys("╭╮╰╯├┤┬┴┼━╸╺", "-")

_PLAINLY = "oauth-window-plainly"


def prepare() -> None:
    """Make both streams take every character, and what is written after their reader has gone."""
    codecs.register_error(_PLAINLY, _plainly)
    sys.stdout, sys.stderr = _prepared(sys.stdout), _prepared(sys.stderr)


def plain(character: str) -> str:
    """Return what stands for a character where an encoding lacks it."""
    return _PLAIN.get(character) or ascii(character)[1:-1]


class _Outlet(io.FileIO):
    """A file descriptor that takes what nobody reads any more, as from a run whose output goes to ``head``."""

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type] # whatever a buffer writes
        except (BrokenPipeError, ConnectionResetError):
            return len(cast("bytes", data))


def _prepared(stream: TextIO | None) -> TextIO:
    if stream is None:  # its descriptor was closed when the program began
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for the rest of the process
    try:
        descriptor = stream.fileno()
    except OSError:  # something else has taken its place
        return stream
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Outlet(descriptor, "w", closefd=False)),
        encoding=stream.encoding,
        errors=_PLAINLY,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    characters = error.object[error.start : error.end]
    return "".join(map(plain, characters)), error.end
