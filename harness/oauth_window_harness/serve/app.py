"""The app that ``serve`` starts, in the environment that leads it to the stub; and that environment for other apps."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from oauth_window_harness.errors import AppUnreachableError
from oauth_window_harness.redact import Redacted, Redactor
from oauth_window_harness.run.app_ending import END_PATIENCE, MARK, end_group, end_strays
from oauth_window_harness.run.app_output import AppOutput

#: Leads a Node that does not take its proxy from the environment by itself.
_NODE_PROXY = Path(__file__).with_name("node_proxy.cjs")
#: A path that needs no quotes in NODE_OPTIONS.
_PLAIN = re.compile(r"[\w./:@%+,=-]*")


@dataclass(frozen=True)
class ServedApp:
    """The app that runs.

    Attributes:
        errors: returns the lines that tell of an error, each with the moment at which it was written.
        exit_code: returns the exit code with which it has ended by itself, or None if it has not.
    """

    errors: Callable[[], Sequence[tuple[float, Redacted]]]
    exit_code: Callable[[], int | None]


def backend_environment(of_world: Mapping[str, str], options: str = "") -> dict[str, str]:
    """Return the variables that lead a backend to the stub, in any language.

    Args:
        of_world: those that most languages heed; see `stub.world.World.environment`.
        options: the options of Node that are kept.
    """
    path = str(_NODE_PROXY)
    quoted = path if _PLAIN.fullmatch(path) else '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return {**of_world, "NODE_OPTIONS": f"{options} --require={quoted}".strip()}


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], redactor: Redactor, on_end: Callable[[], None]
) -> Iterator[ServedApp]:
    """Run the app for the time of the context, and end it with all that it has started.

    Args:
        command: its words; no shell runs it.
        environment: variables to add to the caller's.
        redactor: redacts what it writes, which goes to the standard output.
        on_end: called when it has ended by itself.

    Raises:
        AppUnreachableError: it cannot be started.
    """
    mark = secrets.token_hex(8)
    log = _standard_output()
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            command,
            env={**os.environ, **environment, MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        log.close()
        raise AppUnreachableError.at_start(f"-- {command[0]}", error) from None
    output = AppOutput(process, redactor, log)

    def wait() -> None:
        process.wait()
        on_end()

    threading.Thread(target=wait, name="app end", daemon=True).start()
    try:
        yield ServedApp(output.error_lines, process.poll)
    finally:
        try:
            end_group(process)
        finally:
            end_strays(mark)
        output.join(END_PATIENCE)


def _standard_output() -> TextIO:
    sys.stdout.flush()
    return os.fdopen(os.dup(1), "w", encoding="utf-8")
