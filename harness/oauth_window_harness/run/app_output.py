"""What the app under test writes: its log, its last lines, and those that tell of an error."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from oauth_window_harness.errors import OutputError
from oauth_window_harness.redact import Redacted, Redactor

#: How many lines of its output an error quotes.
_LAST_LINES = 12
#: How many lines that tell of an error are kept.
_ERRORS = 200
#: What a line that tells of an error has, in the ways of Node, Python and others: ``ECONNREFUSED``, ``KeyError: …``.
_OF_ERROR = re.compile(
    r"\bE(?:CONN[A-Z]+|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|PROTO|PIPE)\b"
    r"|\w*(?:Error|Exception)\b\s*[:(\[]|\bTraceback\b|\b(?:ERROR|FATAL|CRITICAL)\b|\bpanic:"
)


class AppOutput(threading.Thread):
    """Writes the app's output to the log, and keeps its last lines."""

    def __init__(self, process: subprocess.Popen[bytes], redactor: Redactor, log: TextIO) -> None:
        super().__init__(name="app output", daemon=True)
        self._process = process
        self._redactor = redactor
        self._log = log
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self.errors: deque[tuple[float, Redacted]] = deque(maxlen=_ERRORS)
        self.start()

    def run(self) -> None:
        """Write until the app closes its output."""
        assert self._process.stdout is not None
        with suppress(OSError), self._process.stdout as lines, self._log as log:  # what is left of a line may not fit
            for line in lines:
                text = self._redactor.text(line.decode("utf-8", "replace").rstrip())
                self._last.append(text)
                if _OF_ERROR.search(text):
                    self.errors.append((time.time(), text))
                with suppress(OSError):  # the disk is full: an app whose output nobody read any more would stop
                    log.write(f"{text}\n")
                    log.flush()

    def last(self) -> str:
        """Return the last lines as one, or that there are none."""
        return self._redactor.text(" | ".join(filter(None, self._last))) or "it wrote nothing"

    def error_lines(self) -> Sequence[tuple[float, Redacted]]:
        """Return the lines that tell of an error, each with its moment, without what is known as a secret by now."""
        return tuple((at, self._redactor.text(line)) for at, line in tuple(self.errors))


def open_log(log: Path) -> TextIO:
    """Return the log, open and empty; make its folder if it does not exist."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("w", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            "the app's output cannot be written",
            where=str(log),
            seen=error.strerror or str(error),
            todo="name another folder with --output",
        ) from None
