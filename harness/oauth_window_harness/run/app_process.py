"""The app under test as a process: started, awaited, and ended with its children."""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import httpx

from oauth_window_harness.errors import AppUnreachableError, OutputError, UsageError
from oauth_window_harness.redact import Redactor

#: How long an app may take until it answers, in seconds: bundlers build before they do.
STARTING = 60.0
#: How long it may take to end when it is asked to, in seconds.
ENDING = 5.0

_POLL = 0.05
#: By this variable the system tells which processes come of the app, also those that left its group.
_MARK = "OAUTH_WINDOW_APP"
_TOLD = 12


@contextmanager
def app_process(
    command: str, url: str, environment: Mapping[str, str], redactor: Redactor, log: Path
) -> Iterator[Callable[[], AppUnreachableError | None]]:
    """Run the app while the context lasts; it begins when the app answers.

    What it gives tells why the app has ended of itself, or None while it runs.

    Args:
        command: split like a command line; no shell.
        url: where it answers.
        environment: comes on top of the caller's.
        redactor: what the app writes passes it.
        log: where that is kept.

    Raises:
        UsageError: the command cannot be split, or is empty.
        AppUnreachableError: it cannot be started, ends, or does not answer; or something answers there already.
        OutputError: the log cannot be written.
    """
    words, mark = _split(command), secrets.token_hex(8)
    if _answers(url):
        raise AppUnreachableError(
            "something answers already where the app is to be started",
            where=url,
            todo="end that program, or leave --app-command out to test it as it is",
        )
    kept = _opened(log)
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
        kept.close()
        raise AppUnreachableError(
            "the app cannot be started", where=f"--app-command {words[0]}", seen=error.strerror or str(error)
        ) from None
    output = _Output(process, redactor, kept)
    try:
        _await(process, url, output)
        yield lambda: _fate(process, url, output)
    finally:
        _end(process)
        _end_strays(mark)
        output.join(ENDING)


class _Output(threading.Thread):
    """Keeps what the app writes: all of it in the log, the last lines at hand."""

    def __init__(self, process: subprocess.Popen[bytes], redactor: Redactor, log: TextIO) -> None:
        super().__init__(name="app output", daemon=True)
        self._process = process
        self._redactor = redactor
        self._log = log
        self._last: deque[str] = deque(maxlen=_TOLD)
        self.start()

    def run(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines, self._log as log:
            for line in lines:
                text = self._redactor.text(line.decode("utf-8", "replace").rstrip())
                self._last.append(text)
                log.write(f"{text}\n")
                log.flush()

    def last(self) -> str:
        """Give the last lines."""
        return " | ".join(filter(None, self._last)) or "it wrote nothing"


def _opened(log: Path) -> TextIO:
    """Return the log, open and empty; its folder is made where nobody else has made it."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("w", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            "what the app writes cannot be kept",
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
        # A development server's own certificate is nobody's to judge here, and no proxy stands before it. The head of
        # the answer is enough: a page may be streamed without end.
        with httpx.stream("GET", url, verify=False, trust_env=False, timeout=2.0):  # noqa: S501
            return True
    except httpx.HTTPError:
        return False


def _await(process: subprocess.Popen[bytes], url: str, output: _Output) -> None:
    until = time.monotonic() + STARTING
    while not _answers(url):
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(_POLL)
            output.join(ENDING)
            raise AppUnreachableError(
                "the app ended before it answered",
                where=url,
                seen=f"exit code {code}; {output.last()}",
                todo="see that the command keeps running, and listens where --app says",
            )
        if time.monotonic() > until:
            raise AppUnreachableError(
                f"the app was started, and did not answer within {STARTING:g} s",
                where=url,
                seen=output.last(),
                todo="see that it listens where --app says",
            )


def _fate(process: subprocess.Popen[bytes], url: str, output: _Output) -> AppUnreachableError | None:
    code = process.poll()
    if code is None:
        return None
    output.join(ENDING)
    return AppUnreachableError(
        "the app ended while its scenarios were played",
        where=url,
        seen=f"exit code {code}; {output.last()}",
        todo="see the whole of what it wrote in the report folder's app.log",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started, in its group: first asked, then made to."""
    _signal(process, signal.SIGTERM)
    until = time.monotonic() + ENDING
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDING)
    while _signal(process, 0) and time.monotonic() < until:
        # Children that outlive the first process end a moment later; nobody tells when.
        threading.Event().wait(_POLL)
    _signal(process, signal.SIGKILL)
    process.wait()


def _end_strays(mark: str) -> None:
    """End what the app has started in sessions of their own, as wrappers of servers do; told from ``/proc``, if any."""
    wanted = f"{_MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has gone, or is another user's
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: int) -> bool:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
