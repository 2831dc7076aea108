"""Playwright's trace of a play as it may be kept: without secrets, and without what says nothing of the page.

A trace is a zip: ``*.trace`` and ``*.network`` have a JSON object in each line, ``resources/`` has the bodies of
requests and answers, ``screencast/`` pictures of the windows, which show what the page itself shows, and ``*.stacks``
the places in the harness's own code.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.trace_masking import TraceMasking

#: What begins a picture or a font; no text begins so.
_BINARY = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....WEBP|wOF[F2]|OTTO\x00|\x00\x01\x00\x00|\x00\x00\x01\x00", re.DOTALL
)

#: What stands in the place of a body of which nobody can say what is in it.
_LEFT_OUT = b"<left out>"

#: The size of the largest body that is searched for secrets, in bytes.
_LARGEST = 2_000_000

#: What is left out: where in the harness's own code each call was made, by the folders of this machine.
_STACKS = ".stacks"

#: The files whose lines are JSON.
_LINES = (".trace", ".network")


def mask_trace(source: Path, goal: Path, redactor: Redactor) -> None:
    """Write a trace without its secrets, as a whole or not at all; both may be one file.

    Raises:
        OSError: it cannot be read or written.
    """
    part = goal.with_name(f".{goal.name}.part")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        _write_masked(source, part, redactor)
        part.replace(goal)
    except zipfile.BadZipFile as error:
        raise OSError(str(error)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write_masked(source: Path, goal: Path, redactor: Redactor) -> None:
    masking = TraceMasking(redactor)
    with zipfile.ZipFile(source) as raw, zipfile.ZipFile(goal, "w", zipfile.ZIP_DEFLATED) as masked:
        names = [name for name in raw.namelist() if not name.endswith(_STACKS)]
        for name in names:
            if name.endswith(_LINES):  # they hold what is then known as a secret in every other file
                masking.learn(raw.read(name).decode(errors="replace"))
        for name in names:
            content = raw.read(name)
            if name.endswith(_LINES):
                content = masking.lines(content.decode(errors="replace")).encode()
            elif not _BINARY.match(content):
                content = _body(content, masking)
            masked.writestr(str(PurePosixPath(name)), content)


def _body(content: bytes, masking: TraceMasking) -> bytes:
    """Return a body without its secrets, or what stands in its place where it is no text."""
    if b"\x00" in content or len(content) > _LARGEST:
        return _LEFT_OUT
    try:
        return masking.body(content.decode()).encode()
    except UnicodeDecodeError:
        return masking.body(content.decode("latin-1")).encode("latin-1", errors="replace")
