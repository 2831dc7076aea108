"""The app under test as a process: starts it, waits until it answers, and ends it with its children."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import httpx

from oauth_window_harness.errors import AppUnreachableError, OutputError, UsageError
from oauth_window_harness.redact import Redacted, Redactor

#: How long an app may take until it answers, in seconds: a bundler builds first.
START_PATIENCE = 60.0
#: How long it may take to end after SIGTERM, in seconds.
END_PATIENCE = 5.0

_POLL = 0.05
#: The environment variable that marks all processes of the app, also those that have left its process group.
_MARK = "OAUTH_WINDOW_APP"
#: How many lines of its output an error quotes.
_LAST_LINES = 12
#: How many lines that tell of an error are kept.
_ERRORS = 200
#: What a line that tells of an error has, in the ways of Node, Python and others: ``ECONNREFUSED``, ``KeyError: …``.
_OF_ERROR = re.compile(
    r"\bE(?:CONN[A-Z]+|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|PROTO|PIPE)\b"
    r"|\w*(?:Error|Exception)\b\s*[:(\[]|\bTraceback\b|\b(?:ERROR|FATAL|CRITICAL)\b|\bpanic:"
)


@dataclass(frozen=True)
class AppProcess:
    """The app that runs.

    Attributes:
        failure: returns why the app has ended by itself, or None while it runs.
        errors: returns the lines that tell of an error, each with the moment at which it was written.
    """

    failure: Callable[[], AppUnreachableError | None]
    errors: Callable[[], Sequence[tuple[float, Redacted]]]


@contextmanager
def app_process(
    command: str, url: str, environment: Mapping[str, str], redactor: Redactor, log: Path
) -> Iterator[AppProcess]:
    """Run the app for the time of the context, which begins when the app answers.

    Args:
        command: the command line, split into words; no shell runs it.
        url: the address at which the app answers.
        environment: variables to add to the caller's environment.
        redactor: redacts what the app writes.
        log: the file to which that is written.

    Raises:
        UsageError: the command cannot be split, or is empty.
        AppUnreachableError: it cannot be started, ends, or does not answer; or the address answers before.
        OutputError: the log cannot be written.
    """
    words, mark = _split(command), secrets.token_hex(8)
    if _answers(url):
        raise AppUnreachableError(
            "something answers already at the address of the app that is to be started",
            where=url,
            todo="end that program, or leave out --app-command to test what it serves",
        )
    log_file = _open_log(log)
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            words,
            env={**os.environ, **environment, _MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        log_file.close()
        raise AppUnreachableError(
            "the app cannot be started", where=f"--app-command {words[0]}", seen=error.strerror or str(error)
        ) from None
    output = _Output(process, redactor, log_file)
    try:
        _await(process, url, output)
        yield AppProcess(lambda: _failure(process, url, output), output.error_lines)
    finally:
        _end(process)
        _end_strays(mark)
        output.join(END_PATIENCE)


class _Output(threading.Thread):
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
        assert self._process.stdout is not None
        with self._process.stdout as lines, self._log as log:
            for line in lines:
                text = self._redactor.text(line.decode("utf-8", "replace").rstrip())
                self._last.append(text)
                if _OF_ERROR.search(text):
                    self.errors.append((time.time(), text))
                log.write(f"{text}\n")
                log.flush()

    def last(self) -> str:
        """Return the last lines as one, or that there are none."""
        return self._redactor.text(" | ".join(filter(None, self._last))) or "it wrote nothing"

    def error_lines(self) -> Sequence[tuple[float, Redacted]]:
        """Return the lines that tell of an error, each with its moment, without what is known as a secret by now."""
        return tuple((at, self._redactor.text(line)) for at, line in tuple(self.errors))


def _open_log(log: Path) -> TextIO:
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


def _split(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(
            "the command cannot be split into words", where="--app-command", seen=f"{command}: {error}"
        ) from None
    if not words:
        raise UsageError("the command is empty", where="--app-command", todo="name the program that starts the app")
    return words


def _answers(url: str) -> bool:
    try:
        # A development server's certificate need not be valid, and no proxy is used. The head of the answer is enough:
        # a page may be streamed without end.
        with httpx.stream("GET", url, verify=False, trust_env=False, timeout=2.0):  # noqa: S501
            return True
    except httpx.HTTPError:
        return False


def _await(process: subprocess.Popen[bytes], url: str, output: _Output) -> None:
    until = time.monotonic() + START_PATIENCE
    while not _answers(url):
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(_POLL)
            output.join(END_PATIENCE)
            raise AppUnreachableError(
                "the app ended before it answered",
                where=url,
                seen=f"exit code {code}; {output.last()}",
                todo="check that the command keeps running, and listens at the address of --app",
            )
        if time.monotonic() > until:
            raise AppUnreachableError(
                f"the app was started, and did not answer within {START_PATIENCE:g} s",
                where=url,
                seen=output.last(),
                todo="check that it listens at the address of --app",
            )


def _failure(process: subprocess.Popen[bytes], url: str, output: _Output) -> AppUnreachableError | None:
    code = process.poll()
    if code is None:
        return None
    output.join(END_PATIENCE)
    return AppUnreachableError(
        "the app ended while its scenarios were played",
        where=url,
        seen=f"exit code {code}; {output.last()}",
        todo="read its whole output in the report folder's app.log",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group: by SIGTERM, and after `END_PATIENCE` by SIGKILL."""
    _signal(process, signal.SIGTERM)
    until = time.monotonic() + END_PATIENCE
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_PATIENCE)
    while _signal(process, 0) and time.monotonic() < until:
        # Children may end a moment after the first process, without any notice.
        threading.Event().wait(_POLL)
    _signal(process, signal.SIGKILL)
    process.wait()


def _end_strays(mark: str) -> None:
    """Kill what the app started in other sessions, as wrappers of servers do; found in ``/proc``, if there is one."""
    wanted = f"{_MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # the process has ended, or is another user's
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: int) -> bool:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
