"""The app under test as a process: starts it, waits until it answers, and ends it with its children."""

from __future__ import annotations

import asyncio
import os
import secrets
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.redact import Redacted, Redactor
from oauth_window_harness.run.app_ending import END_PATIENCE, MARK, end_group, end_strays, signal_group
from oauth_window_harness.run.app_output import AppOutput, open_log

#: How long an app may take until it answers, in seconds: a bundler builds first.
START_PATIENCE = 60.0

_POLL = 0.05


@dataclass(frozen=True)
class AppProcess:
    """The app that runs.

    Attributes:
        failure: returns why the app has ended by itself, or None while it runs.
        errors: returns the lines that tell of an error, each with the moment at which it was written.
    """

    failure: Callable[[], AppUnreachableError | None]
    errors: Callable[[], Sequence[tuple[float, Redacted]]]


@dataclass(eq=False)
class _App:
    """The app as a process, started at most once.

    Attributes:
        command: the command line, split into words; no shell runs it.
        url: the address at which the app answers.
        environment: variables to add to the caller's environment.
        redactor: redacts what the app writes.
        log: the file to which that is written.
    """

    command: str
    url: str
    environment: Mapping[str, str]
    redactor: Redactor
    log: Path
    _mark: str = field(default_factory=lambda: secrets.token_hex(8))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _started: tuple[subprocess.Popen[bytes], AppOutput] | None = None
    _is_ended: bool = False

    async def start(self) -> AppProcess:
        """Start it, and return when it answers.

        Raises:
            UsageError: the command cannot be split, or is empty.
            AppUnreachableError: it cannot be started, ends, or does not answer; or the address answers before.
            OutputError: the log cannot be written.
        """
        words = _split(self.command)
        if await _answers(self.url):
            raise AppUnreachableError(
                "something answers already at the address of the app that is to be started",
                where=self.url,
                todo="end that program, or leave out --app-command to test what it serves",
            )
        with self._lock:
            if self._is_ended:  # while it was found out whether anything answers
                raise AppUnreachableError("the app was ended before it was started", where=self.url)
            process, output = self._started = self._start(words)
            _RUNNING.add(self)
        await _await(process, self.url, output)
        return AppProcess(lambda: _failure(process, self.url, output), output.error_lines)

    def end(self) -> None:
        """End it with its children, if it was started."""
        with self._lock:
            self._is_ended = True
        if self._started is None:
            return
        process, output = self._started
        try:
            end_group(process)
        finally:  # a second Ctrl-C waits no longer
            end_strays(self._mark)
            _RUNNING.discard(self)
        output.join(END_PATIENCE)

    def kill(self) -> None:
        """Kill it with its children, if it was started."""
        if self._started is not None:
            signal_group(self._started[0], signal.SIGKILL)
            end_strays(self._mark)

    def _start(self, words: Sequence[str]) -> tuple[subprocess.Popen[bytes], AppOutput]:
        log_file = open_log(self.log)
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
                words,
                env={**os.environ, **self.environment, MARK: self._mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            log_file.close()
            raise AppUnreachableError.at_start(f"--app-command {words[0]}", error) from None
        return process, AppOutput(process, self.redactor, log_file)


#: The apps that have been started and not ended.
_RUNNING: set[_App] = set()


def kill_all() -> None:
    """Kill every app that has been started and not ended, and wait for nothing."""
    for app in list(_RUNNING):
        app.kill()


@asynccontextmanager
async def running_app(
    command: str, url: str, environment: Mapping[str, str], redactor: Redactor, log: Path
) -> AsyncIterator[AppProcess]:
    """Run the app for the time of the context, which begins when the app answers; see `_App` for errors and arguments.

    A cancelled task waits no longer, and ends the app.
    """
    app = _App(command, url, environment, redactor, log)
    try:
        yield await app.start()
    finally:
        app.end()


@contextmanager
def app_process(
    command: str, url: str, environment: Mapping[str, str], redactor: Redactor, log: Path
) -> Iterator[AppProcess]:
    """Run the app as `running_app` does, where no event loop can be waited on."""
    app = _App(command, url, environment, redactor, log)
    started: Future[AppProcess] = Future()

    def start() -> None:
        try:
            started.set_result(asyncio.run(app.start()))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            started.set_exception(error)

    try:
        # The caller's thread may have an event loop that runs already.
        threading.Thread(target=start, name="app start", daemon=True).start()
        yield started.result()
    finally:
        app.end()


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


async def _answers(url: str) -> bool:
    try:
        # A development server's certificate need not be valid, and no proxy is used. The head of the answer is enough:
        # a page may be streamed without end.
        async with (
            httpx.AsyncClient(verify=False, trust_env=False, timeout=2.0) as http,  # noqa: S501
            http.stream("GET", url),
        ):
            return True
    except httpx.HTTPError:
        return False


async def _await(process: subprocess.Popen[bytes], url: str, output: AppOutput) -> None:
    until = time.monotonic() + START_PATIENCE
    while not await _answers(url):
        await asyncio.sleep(_POLL)  # nobody says when a port begins to be listened on
        if (code := process.poll()) is not None:
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


def _failure(process: subprocess.Popen[bytes], url: str, output: AppOutput) -> AppUnreachableError | None:
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
